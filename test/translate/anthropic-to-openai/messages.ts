import { anthropicToOpenAiMessages } from '../../../src/translate/anthropic-to-openai/translator';
import { RequestError } from '../../../src/translate/request-error';
import { TranslatedRequest, TranslationContext, Translator } from '../../../src/translate/translator';
import { chatComplaint } from '../../providers/chat-complaint';
import { bytesOf, refusalOf, Replayed, replay, textOf, translated } from '../replay';

export const GPT = 'gpt-5.2';
export type Json = Readonly<Record<string, unknown>>;
export interface ChatJson extends Json {
  readonly messages: ReadonlyArray<Json>;
}

/** A Messages request through the translator, with everything but its bytes at its default. */
export function messages(request: object, context: Partial<TranslationContext> = {}, translator: Translator = anthropicToOpenAiMessages): TranslatedRequest {
  return translated(translator, { model: GPT, max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }], ...request }, context);
}

/** The body that goes upstream, which OpenAI itself would take. */
export function bodyOf({ body }: TranslatedRequest): ChatJson {
  const parsed = JSON.parse(textOf(body ?? new Uint8Array(0))) as ChatJson;
  expect(chatComplaint(parsed)).toBeUndefined();
  return parsed;
}

export function sent(request: object, context: Partial<TranslationContext> = {}): ChatJson {
  return bodyOf(messages(request, context));
}

/** The chat messages that a conversation becomes. */
export function chatMessages(...turns: readonly object[]): ReadonlyArray<Json> {
  return sent({ messages: turns }).messages;
}

/** What a user turn of these blocks becomes. */
export function userTurn(...content: readonly object[]): ReadonlyArray<Json> {
  return chatMessages({ role: 'user', content });
}

/** The names of the parameters that were lost on the way. */
export function droppedBy(request: object, context: Partial<TranslationContext> = {}, translator?: Translator): readonly string[] {
  return messages(request, context, translator).dropped.map(({ parameter }) => parameter);
}

/** What the client is told to change. */
export function refusal(request: object, context: Partial<TranslationContext> = {}, translator?: Translator): RequestError {
  return refusalOf(() => messages(request, context, translator));
}

export const EVENT_STREAM = { 'content-type': 'text/event-stream' };
export const JSON_TYPE = { 'content-type': 'application/json' };

/** A chunk of a chat stream. */
export function chunk(delta: object, finish: string | null = null, more: object = {}): object {
  return { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: finish, ...more }] };
}

/** A piece of a tool call. */
export function call(index: number | undefined, more: { readonly id?: string; readonly name?: string; readonly args?: string }): object {
  const { id, name, args } = more;
  const called = { ...name !== undefined && { name }, ...args !== undefined && { arguments: args } };
  return { ...index !== undefined && { index }, ...id !== undefined && { id, type: 'function' }, function: called };
}

export const USAGE = {
  prompt_tokens: 30,
  completion_tokens: 7,
  total_tokens: 37,
  prompt_tokens_details: { cached_tokens: 10 },
  completion_tokens_details: { reasoning_tokens: 3 },
};
export const USAGE_CHUNK = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [], usage: USAGE };

/** The bytes of a chat stream; without `[DONE]` when `done` is false. */
export function sse(chunks: readonly object[], done = true): Uint8Array {
  return bytesOf(chunks.map((one) => `data: ${JSON.stringify(one)}\n\n`).join('') + (done ? 'data: [DONE]\n\n' : ''));
}

/** A stream's bytes through the response translator; `broken`: the upstream breaks off after them. */
export function streamed(chunks: readonly Uint8Array[], request: object = {}, broken?: string): Replayed {
  return replay(messages({ stream: true, ...request }).response, 200, EVENT_STREAM, chunks, broken);
}

/** The events of a stream as a client reads them; each event's name is the type of its data. */
export function readEvents(stream: string): Json[] {
  return stream.split('\n\n').slice(0, -1).map((event) => {
    const [, name, data] = /^event: (\w+)\ndata: ([^\n]*)$/.exec(event) ?? [event];
    const json = JSON.parse(data ?? '') as Json;
    expect(json.type).toBe(name);
    return json;
  });
}

/** What stands in the message that the events of a stream that ended as it should are put together to; checks their order. */
export function messageOf(stream: string): { readonly content: Json[]; readonly delta: Json; readonly usage: Json } {
  const events = readEvents(stream);
  expect(events[0].type).toBe('message_start');
  expect(events.at(-1)).toEqual({ type: 'message_stop' });
  const content: Array<Record<string, unknown>> = [];
  let open: number | undefined;
  for (const event of events.slice(1, -2)) {
    const last = content.at(-1) ?? {};
    switch (event.type) {
      case 'content_block_start':
        expect([open, event.index]).toEqual([undefined, content.length]);
        open = event.index as number;
        content.push({ ...event.content_block as Json, ...(event.content_block as Json).type === 'tool_use' && { input: '' } });
        break;
      case 'content_block_delta': {
        expect(event.index).toBe(open);
        const { type, ...delta } = event.delta as Record<string, string>;
        const [[field, text]] = Object.entries(delta);
        const to = type === 'input_json_delta' ? 'input' : field;
        last[to] = `${last[to] as string}${text}`;
        break;
      }
      case 'content_block_stop':
        expect(event.index).toBe(open);
        open = undefined;
        break;
      default:
        throw new Error(`unexpected ${String(event.type)}`);
    }
  }
  expect(open).toBeUndefined();
  const end = events.at(-2);
  expect(end?.type).toBe('message_delta');
  return { content, delta: end?.delta as Json, usage: end?.usage as Json };
}
