import { LLMRoute, ModelAccessRule } from '../resources/llm-route';
import { matchingAccess } from '../routing/model-access';
import { localReplyWords } from '../runtime/local-reply';

/** What `spec.modelAccess` says of a request; plain data. */
export interface ExplainedAccess {
  readonly allowed: boolean;
  /** The rules that are for the client of the request, all of them whether or not they allow the model. */
  readonly rules: readonly ExplainedAccessRule[];
  /** Rules that are for other clients. */
  readonly others: number;
}

export interface ExplainedAccessRule {
  /** From 0: its place in `spec.modelAccess`. */
  readonly rule: number;
  readonly allows: boolean;
  readonly clients?: readonly string[];
  readonly claims?: ModelAccessRule['claims'];
  readonly models?: ModelAccessRule['models'];
}

/** Envoy's answer to what no rule allows. */
export const ACCESS_DENIED = { status: 403, message: localReplyWords(403, 'rbac_access_denied').message };

/** `header`: of the client's request, with those in which Envoy says who it is. `undefined`: the route has no such rules, every client may call every model. */
export function explainAccess({ spec: { modelAccess } }: LLMRoute, header: (name: string) => string | undefined, model: string): ExplainedAccess | undefined {
  if (modelAccess === undefined) return undefined;
  const matching = matchingAccess(modelAccess, header, model);
  return {
    allowed: matching.model.length > 0,
    rules: matching.client.map((rule) => ({ rule, allows: matching.model.includes(rule), ...modelAccess[rule] })),
    others: modelAccess.length - matching.client.length,
  };
}

/** The same for people. */
export function accessLines({ allowed, rules, others }: ExplainedAccess): string[] {
  const rest = others === 0 ? '' : `; ${others} ${others === 1 ? 'rule is' : 'rules are'} for other clients`;
  return [
    ...rules.map((rule) => `rule ${rule.rule} of spec.modelAccess ${rule.allows ? 'allows it' : 'does not allow it'}: ${whose(rule)}; ${which(rule)}`),
    ...allowed ? [] : [`no rule of spec.modelAccess allows it${rest}`],
  ];
}

function whose({ clients, claims = [] }: ExplainedAccessRule): string {
  const conditions = [
    ...clients === undefined ? [] : [`clients ${clients.join(', ')}`],
    ...claims.map(({ name, valueType, values }) => `claim ${name} ${valueType === 'StringArray' ? 'holds' : 'is'} ${values.join(' or ')}`),
  ];
  return conditions.length === 0 ? 'every client' : conditions.join(' and ');
}

function which({ models }: ExplainedAccessRule): string {
  return models === undefined ? 'every model' : `models ${models.map(({ type, value }) => (type === 'Prefix' ? `${value}*` : value)).join(', ')}`;
}
