import { RequiredHeader } from '../resources/llm-route';
import { RegexCompiler } from '../routing/http-route';
import { matcher } from '../routing/rule-table';
import { ClientError } from '../translate/input-dialect';

/** Why a request for this model is refused; `undefined`: it has what it needs. */
export type MissingHeader = (model: string, header: (name: string) => string | undefined) => ClientError | undefined;

const NONE: MissingHeader = () => undefined;

/** Compiles `spec.requiredHeaders`; throws for an expression that is none. */
export function compileRequiredHeaders(required: readonly RequiredHeader[] | undefined, compile: RegexCompiler): MissingHeader {
  if (required === undefined || required.length === 0) return NONE;
  const compiled = required.map(({ name, claim, models }) => {
    const lower = name.toLowerCase();
    return { name: lower, error: missing(lower, claim), tests: models?.map((model) => matcher(model, compile)) };
  });
  return (model, header) => compiled.find(({ name, tests }) => !header(name)?.trim() && (tests === undefined || tests.some((test) => test(model))))?.error;
}

/** Rate limits count by what the header holds: without it, a request would have none. */
function missing(name: string, claim: string | undefined): ClientError {
  return claim === undefined
    ? { status: 400, message: `the request needs the header ${name}: limits are counted by it`, code: 'missing_header' }
    : { status: 403, message: `the token of the request needs the claim ${claim}: limits are counted by it`, code: 'missing_claim' };
}
