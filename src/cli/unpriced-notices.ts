import { RequestRecord } from '../runtime/request-record';

/** Clients make up names of models without end where a rule takes any. */
const MOST_KNOWN = 1_000;

/** Says once of each backend and model that budgets of money do not count its requests; `undefined`: there is nothing to say. */
export function unpricedNotices(): (record: RequestRecord) => string | undefined {
  const known = new Set<string>();
  return ({ unpriced, backend, upstreamModel }) => {
    const pair = `model ${upstreamModel} of LLMBackend ${backend}`;
    if (!unpriced || known.has(pair) || known.size === MOST_KNOWN) return undefined;
    known.add(pair);
    return `no price list has ${pair}: budgets of money do not count its requests`;
  };
}
