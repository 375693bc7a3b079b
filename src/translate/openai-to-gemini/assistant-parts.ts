import { ContentContext, textParts } from './content-parts';
import { GeminiCalls } from './gemini-calls';
import { GeminiPart } from '../gemini/gemini-wire';
import { SKIPPED_SIGNATURE, thoughtSignature } from '../gemini/thought-signature';
import { calledFunction, calledTool } from '../openai/called-tool';
import { saysTextAlone } from '../openai/text-alone';
import { RequestValue } from '../request/request-value';

/** An assistant message: what the model said and called, with the signatures of its thoughts where it put them. */
export function assistantParts(message: RequestValue, calls: GeminiCalls, context: ContentContext): GeminiPart[] {
  if (saysTextAlone(message)) {
    return textParts(message.member('content'), context);
  }
  if (message.has('audio')) {
    context.losses.semantic(message.member('audio').path, 'Gemini takes no audio of the assistant');
  }
  loseReasoning(message, context);
  const refusal = message.member('refusal');
  const said = [...textParts(message.member('content'), context), ...refusal.present && refusal.string() !== '' ? [{ text: refusal.string() }] : []];
  return [...signed(said, thoughtSignature(message)), ...functionCalls(message, calls, context)];
}

/** A signature of the text stands at its end; it may come without any text. */
function signed(said: readonly GeminiPart[], signature: string | undefined): GeminiPart[] {
  return signature === undefined ? [...said] : [...said.slice(0, -1), { ...said.at(-1) ?? { text: '' }, thoughtSignature: signature }];
}

/** Thoughts are shown to clients as a summary, which Gemini does not take back. */
function loseReasoning(message: RequestValue, { losses }: ContentContext): void {
  for (const name of ['reasoning_content', 'reasoning_details']) {
    if (!message.has(name)) {
      continue;
    }
    const thought = message.member(name);
    if (thought.value !== '' && !(Array.isArray(thought.value) && thought.value.length === 0)) {
      losses.advisory(thought.path, 'Gemini takes back signatures (extra_content.google.thought_signature), not thoughts');
    }
  }
}

function functionCalls(message: RequestValue, calls: GeminiCalls, context: ContentContext): GeminiPart[] {
  const made = message.itemsOf('tool_calls').map((call): GeminiPart => {
    const { name, input } = calledTool(call, context.losses);
    const signature = thoughtSignature(call);
    return { functionCall: calls.called(name, call.member('id').nonEmptyString(), input), ...signature !== undefined && { thoughtSignature: signature } };
  });
  if (message.has('function_call')) {
    const legacy = message.member('function_call');
    const { name, input } = calledFunction(legacy, context.losses);
    made.push({ functionCall: calls.called(name, undefined, input) });
  }
  // Of calls that were made together, the first one has the signature.
  if (context.traits.signedCalls && made.length > 0 && made[0].thoughtSignature === undefined) {
    context.losses.changed(`${message.member(message.has('tool_calls') ? 'tool_calls' : 'function_call').path}[].extra_content`, 'a call without its signature is sent as one of another model');
    made[0].thoughtSignature = SKIPPED_SIGNATURE;
  }
  return made;
}
