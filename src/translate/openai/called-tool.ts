import { ExactNumber, readJson } from '../exact-json';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

export interface CalledTool {
  readonly name: string;
  /** An object. */
  readonly input: unknown;
}

/** One of an assistant's `tool_calls`, for providers that know functions only. */
export function calledTool(call: RequestValue, losses: Losses): CalledTool {
  const custom = call.member('custom');
  if (custom.present) {
    losses.changed(custom.member('input').path, 'calls of custom tools are sent as calls of a function with one argument, input');
    return { name: custom.member('name').nonEmptyString(), input: { input: custom.member('input').string() } };
  }
  return calledFunction(call.member('function'), losses);
}

/** The function of a call, or the deprecated `function_call`. */
export function calledFunction(definition: RequestValue, losses: Losses): CalledTool {
  return { name: definition.member('name').nonEmptyString(), input: inputOf(definition.member('arguments'), losses) };
}

/** Providers take an object. What a model wrote and broke off must not wedge the conversation for good, so other text is wrapped. */
function inputOf(value: RequestValue, losses: Losses): unknown {
  const text = value.present ? value.string() : '';
  if (text.trim() === '') {
    return {};
  }
  try {
    const parsed: unknown = readJson(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) && !(parsed instanceof ExactNumber)) {
      return parsed;
    }
  } catch {
    // Wrapped below.
  }
  losses.changed(value.path, 'arguments that are no JSON object are sent as {"arguments": "..."}');
  return { arguments: text };
}
