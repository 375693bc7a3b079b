import { RequestValue } from '../request/request-value';

/**
 * Whether an assistant message says text and nothing else: no calls, no reasoning. Nearly all of a long conversation do. Members are read by their names, which
 * takes a tenth of asking for each of them.
 */
export function saysTextAlone(message: RequestValue): boolean {
  const {
    audio, refusal, tool_calls: calls, function_call: call, reasoning_content: reasoning, reasoning_details: details, extra_content: extra,
  } = message.object();
  return isAbsent(audio) && isAbsent(refusal) && isAbsent(calls) && isAbsent(call) && isAbsent(reasoning) && isAbsent(details) && isAbsent(extra);
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}
