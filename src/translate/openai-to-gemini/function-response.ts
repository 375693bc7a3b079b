import { ContentContext, userParts } from './content-parts';
import { OpenCall } from './gemini-calls';
import { readJson } from '../exact-json';
import { GeminiPart } from '../gemini/gemini-wire';
import { RequestValue } from '../request/request-value';

type ResponseParts = NonNullable<NonNullable<GeminiPart['functionResponse']>['parts']>;

export interface FunctionResponse {
  readonly order: number;
  readonly part: GeminiPart;
  /** Media that the model does not take inside the response, for the same turn. */
  readonly beside: readonly GeminiPart[];
}

/**
 * What a tool gave back. Text that is a JSON object is sent as that object, other text under `output`, and under `error` where it failed, as the
 * API reference words it.
 */
export function functionResponse(message: RequestValue, { name, id, order }: OpenCall, context: ContentContext): FunctionResponse {
  const content = message.member('content');
  const failed = message.has('is_error') && message.member('is_error').boolean();
  const parts = userParts(content, context);
  const texts = parts.flatMap(({ text }) => text ?? []);
  const media = parts.filter(({ text }) => text === undefined);
  const inside = media.length > 0 && context.traits.mediaInResponses;
  if (media.length > 0 && !inside) {
    context.losses.changed(content.path, 'this model takes no media inside a tool\'s result; they are sent beside it');
  }
  return {
    order,
    part: {
      functionResponse: {
        ...id !== undefined && { id },
        name,
        response: failed ? { error: parsedObject(texts.join('\n')) ?? texts.join('\n') } : responseObject(texts.join('\n')),
        ...inside && { parts: media.map(({ inlineData, fileData }) => ({ ...inlineData && { inlineData }, ...fileData && { fileData } })) as ResponseParts },
      },
    },
    beside: inside ? [] : media,
  };
}

function responseObject(text: string): Record<string, unknown> {
  const parsed = parsedObject(text);
  // These two have a meaning of their own for Gemini.
  return parsed === undefined || Object.hasOwn(parsed, 'output') || Object.hasOwn(parsed, 'error') ? { output: parsed ?? text } : parsed;
}

/** `undefined`: text like any other. */
function parsedObject(text: string): Record<string, unknown> | undefined {
  try {
    return text.trimStart().startsWith('{') ? readJson(text) as Record<string, unknown> : undefined;
  } catch {
    return undefined;
  }
}
