import { readFileSync } from 'fs';
import { join } from 'path';
import type { Response, ResponseOutputItem, ResponseStreamEvent } from 'openai/resources/responses/responses';
import { openAiToOpenAiChat } from '../../../src/translate/openai-to-openai/translator';
import { RequestError } from '../../../src/translate/request-error';
import { RESPONSES_THROUGH_CHAT } from '../../../src/translate/responses-to-chat/responses-translators';
import { responsesThroughChat } from '../../../src/translate/responses-to-chat/translator';
import { TranslatedRequest, TranslationContext, Translator } from '../../../src/translate/translator';
import { framesOf } from '../openai-to-bedrock/converse';
import { bytesOf, refusalOf, replay, Replayed, textOf, translated } from '../replay';

/** By way of chat completions to a server that has only these: shows what the chat translators see, and takes any chat as an answer. */
export const TO_CHAT: Translator = responsesThroughChat(openAiToOpenAiChat, 'a chat server');

export type Output = 'Anthropic' | 'AWSBedrock' | 'AWSAnthropic' | 'GCPVertexAI' | 'GCPAnthropic';

export const OUTPUTS: readonly Output[] = ['Anthropic', 'AWSBedrock', 'AWSAnthropic', 'GCPVertexAI', 'GCPAnthropic'];

export const MODELS: Readonly<Record<Output, string>> = {
  Anthropic: 'claude-sonnet-4-5',
  AWSBedrock: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
  AWSAnthropic: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
  GCPVertexAI: 'gemini-3-flash',
  GCPAnthropic: 'claude-sonnet-4-5@20250929',
};

export function responsesTo(output: Output, endpoint: 'Responses' | 'ResponseInputTokens' = 'Responses'): Translator {
  const found = RESPONSES_THROUGH_CHAT.find((translator) => translator.output === output && translator.endpoint === endpoint);
  if (!found) {
    throw new Error(`no translator to ${output}`);
  }
  return found;
}

/** Ids that differ, as the gateway's do: numbered from 1 for each prefix, since the order between prefixes depends on how a stream is cut. */
export function counting(): TranslationContext['environment'] {
  const counts = new Map<string, number>();
  return {
    now: () => 1741569952000,
    id: (prefix) => {
      const count = (counts.get(prefix) ?? 0) + 1;
      counts.set(prefix, count);
      return `${prefix}${count}`;
    },
  };
}

/** A Responses request through a translator, with everything but its bytes at its default. */
export function respond(to: Translator, request: object, context: Partial<TranslationContext> = {}): TranslatedRequest {
  return translated(to, { model: MODELS[to.output as Output] ?? 'a-model', input: 'Hi', ...request }, {
    environment: counting(), gcp: { project: 'p', region: 'us-central1' }, ...context,
  });
}

export function bodyOf({ body }: TranslatedRequest): Readonly<Record<string, unknown>> {
  return JSON.parse(textOf(body ?? new Uint8Array(0))) as Readonly<Record<string, unknown>>;
}

/** The chat completion request that stands for the Responses request. */
export function chatOf(request: object, context: Partial<TranslationContext> = {}): Readonly<Record<string, unknown>> {
  return bodyOf(respond(TO_CHAT, request, context));
}

export function messagesOf(...input: readonly object[]): unknown {
  return chatOf({ input }).messages;
}

/** What the client is told to change. */
export function refusal(to: Translator, request: object, context: Partial<TranslationContext> = {}): RequestError {
  return refusalOf(() => respond(to, request, context));
}

/** The names of the parameters that were lost on the way. */
export function droppedBy(to: Translator, request: object, context: Partial<TranslationContext> = {}): readonly string[] {
  return respond(to, request, context).dropped.map(({ parameter }) => parameter);
}

export const JSON_TYPE = { 'content-type': 'application/json' };
export const SSE_TYPE = { 'content-type': 'text/event-stream' };

/** A whole answer through the response translator. */
export function answered(to: Translator, answer: unknown, request: object = {}, status = 200): Replayed {
  return replay(respond(to, request).response, status, JSON_TYPE, [bytesOf(typeof answer === 'string' ? answer : JSON.stringify(answer))]);
}

/** A stream's bytes through the response translator; `broken`: the upstream breaks off after them. */
export function streamed(to: Translator, chunks: readonly Uint8Array[], request: object = {}, broken?: string): Replayed {
  return replay(respond(to, { stream: true, ...request }).response, 200, SSE_TYPE, chunks, broken);
}

/** Chat chunks as the bytes of a stream. */
export function chatStream(...choices: readonly object[]): Uint8Array {
  const chunks = choices.map((choice) => `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, ...choice }] })}\n\n`);
  return bytesOf(`${chunks.join('')}data: [DONE]\n\n`);
}

export type Event = ResponseStreamEvent & { readonly [name: string]: unknown };

/** What a client reads out of a stream; events are numbered from 0, and named in `event` as in their JSON. */
export function eventsOf(stream: string): Event[] {
  return stream.split('\n\n').slice(0, -1).map((event, index) => {
    const [, name, data] = /^event: (\S+)\ndata: ([^\n]*)$/.exec(event) ?? [];
    const parsed = JSON.parse(data) as Event;
    expect([parsed.type, parsed.sequence_number]).toEqual([name, index]);
    return parsed;
  });
}

/** The response in the last event. */
export function finalOf(stream: string): Response {
  return (eventsOf(stream).at(-1) as unknown as { readonly response: Response }).response;
}

export function itemTypes(output: readonly ResponseOutputItem[]): string[] {
  return output.map(({ type }) => type);
}

/** The bytes of a stream with thoughts, text and two calls, as each provider sends them. */
export function toolStream(output: Output): Uint8Array {
  const fixture = (...path: string[]): string => readFileSync(join(__dirname, '..', '..', 'fixtures', ...path), 'utf8');
  switch (output) {
    case 'AWSBedrock':
      return framesOf(JSON.parse(fixture('bedrock', 'converse-stream-tools.json')) as ReadonlyArray<Readonly<Record<string, unknown>>>);
    case 'GCPVertexAI':
      return bytesOf(fixture('gemini', 'stream-tools.sse'));
    case 'AWSAnthropic':
      return framesOf(fixture('anthropic', 'messages-stream-tools.sse').split('\n').filter((line) => line.startsWith('data: '))
        .map((line) => ({ chunk: { bytes: Buffer.from(line.slice('data: '.length)).toString('base64'), p: 'abc' } })));
    default:
      return bytesOf(fixture('anthropic', 'messages-stream-tools.sse'));
  }
}
