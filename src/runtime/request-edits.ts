import { BodyEdits, HeaderEdits, LLMBackendSpec } from '../resources/llm-backend';
import { LLMRouteRule } from '../resources/llm-route';

/** All edits of an upstream request, after translation: those of the rule, and then those of the LLMBackend. */
export interface RequestEdits {
  /** Lower-case names. */
  readonly setHeaders: ReadonlyArray<readonly [name: string, value: string]>;
  readonly removeHeaders: readonly string[];
  /** In order; none of them is empty. */
  readonly body: readonly BodyEdits[];
}

const EDITS_OF_BACKEND = new WeakMap<object, RequestEdits>();

/** Rules without edits of their own share those of their backend. */
export function requestEdits(
  rule: Pick<LLMRouteRule, 'requestHeaders' | 'requestBody'>, backend: Pick<LLMBackendSpec, 'headers' | 'body'> | undefined,
): RequestEdits {
  if (rule.requestHeaders !== undefined || rule.requestBody !== undefined || backend === undefined) return joined(rule, backend);
  let edits = EDITS_OF_BACKEND.get(backend);
  if (edits === undefined) {
    edits = joined(rule, backend);
    EDITS_OF_BACKEND.set(backend, edits);
  }
  return edits;
}

function joined(rule: Pick<LLMRouteRule, 'requestHeaders' | 'requestBody'>, backend: Pick<LLMBackendSpec, 'headers' | 'body'> | undefined): RequestEdits {
  const own = setHeaders(backend?.headers);
  const removed = removeHeaders(backend?.headers);
  const overruled = new Set([...own.map(([name]) => name), ...removed]);
  return {
    setHeaders: [...setHeaders(rule.requestHeaders).filter(([name]) => !overruled.has(name)), ...own],
    removeHeaders: [...new Set([...removeHeaders(rule.requestHeaders), ...removed])],
    body: [rule.requestBody, backend?.body].filter((edits) => edits !== undefined).filter(({ set = [], remove = [] }) => set.length + remove.length > 0),
  };
}

function setHeaders(edits: HeaderEdits | undefined): Array<readonly [name: string, value: string]> {
  return (edits?.set ?? []).map(({ name, value }) => [name.toLowerCase(), value] as const);
}

function removeHeaders(edits: HeaderEdits | undefined): string[] {
  return (edits?.remove ?? []).map((name) => name.toLowerCase());
}
