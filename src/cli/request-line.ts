import { RequestRecord } from '../runtime/request-record';

/** One request as a line for people: time, model, rule, backend, status, tokens, milliseconds, and what went wrong. */
export function requestLine(record: RequestRecord, at: Date): string {
  const { usage } = record;
  const cached = usage !== undefined && usage.cachedInputTokens > 0 ? ` (${usage.cachedInputTokens} cached)` : '';
  return [
    at.toISOString().slice(11, 19),
    record.model === undefined ? record.endpoint ?? '-' : printable(record.model),
    ...record.rule === undefined ? [] : [`rule=${record.rule}`],
    ...record.backend === undefined ? [] : [`backend=${record.backend}`],
    ...record.upstreamModel === undefined || record.upstreamModel === record.model ? [] : [`as=${printable(record.upstreamModel)}`],
    ...record.attempts === undefined || record.attempts.length < 2 ? [] : [`attempts=${record.attempts.map(({ backend, status, reason }) => `${backend}:${status ?? reason}`).join(',')}`],
    String(record.status),
    ...record.stream ? ['stream'] : [],
    ...usage === undefined || usage.searchUnits !== undefined ? [] : [`tokens=${usage.inputTokens}${cached}+${usage.outputTokens}`],
    ...usage?.searchUnits === undefined ? [] : [`search-units=${usage.searchUnits}`],
    `${Math.round(record.duration)} ms`,
    ...record.droppedParameters.length === 0 ? [] : [`dropped=${record.droppedParameters.join(',')}`],
    ...record.errorCode === undefined ? [] : [record.errorCode],
    ...record.outcome === 'aborted' ? ['aborted'] : [],
  ].join('  ');
}

/** The name is the client's own: it must not write lines or colours of its own into a terminal. */
function printable(text: string): string {
  return JSON.stringify(text.slice(0, 128)).slice(1, -1).replace(/[^\x20-\x7e]/g, '?');
}
