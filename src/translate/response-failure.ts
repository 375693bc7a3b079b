import { ResponseFailure } from './translator';

/** The model wrote a tool call, or an answer, that cannot be read: a failed generation, which another backend may do better. */
export function malformedOutput(stopReason: string): ResponseFailure {
  return stopReason === 'malformed_tool_use'
    ? { status: 502, code: 'malformed_function_call', message: 'the model wrote a function call that the provider could not read; try again' }
    : { status: 502, code: 'malformed_model_output', message: 'the model wrote an answer that the provider could not read; try again' };
}

/** The connection, or the bytes on it, are not what the provider's API promises. */
export function brokenAnswer(message: string): ResponseFailure {
  return { status: 502, code: 'upstream_broke_off', message };
}
