import { readFileSync } from 'fs';
import { join } from 'path';
import { ClaudeHost } from '../../../src/translate/anthropic/hosted-target';
import { ANTHROPIC_TO_ANTHROPIC } from '../../../src/translate/anthropic-to-anthropic/translator';
import { concatBytes } from '../../../src/translate/concat-bytes';
import { Endpoint, TranslatedRequest, TranslationContext, Translator } from '../../../src/translate/translator';
import { chunkFrame } from '../../providers/fake-anthropic';
import { messagesComplaint } from '../../providers/messages-complaint';
import { Replayed, replay, textOf, translated } from '../replay';

export const HOSTS: readonly ClaudeHost[] = ['Anthropic', 'AWSAnthropic', 'GCPAnthropic'];
export const GCP = { project: 'p', region: 'us-east5' };
export const JSON_TYPE = { 'content-type': 'application/json' };
export const SSE = { 'content-type': 'text/event-stream; charset=utf-8' };
export const EVENT_STREAM = { 'content-type': 'application/vnd.amazon.eventstream' };
/** The smallest request that there is. */
export const REQUEST = { model: 'claude-opus-5', max_tokens: 100, messages: [{ role: 'user' as const, content: 'Hi' }] };

export function translatorTo(host: ClaudeHost, endpoint: Endpoint = 'Messages'): Translator {
  const translator = ANTHROPIC_TO_ANTHROPIC.find((one) => one.output === host && one.endpoint === endpoint);
  if (!translator) {
    throw new Error(`no translator to ${host}`);
  }
  return translator;
}

type Context = Partial<TranslationContext>;
type Headers = Readonly<Record<string, string>>;

/** A request through the translator, with everything but its bytes and these headers at its default. */
export function messages(host: ClaudeHost, request: unknown = REQUEST, context: Context = {}, headers: Headers = {}): TranslatedRequest {
  return translated(translatorTo(host), request, { gcp: GCP, clientHeader: (name) => headers[name], ...context });
}

export function countTokens(host: ClaudeHost, request: unknown = COUNTED, context: Context = {}, headers: Headers = {}): TranslatedRequest {
  return translated(translatorTo(host, 'CountTokens'), request, { gcp: GCP, clientHeader: (name) => headers[name], ...context });
}

export const COUNTED = { model: REQUEST.model, messages: REQUEST.messages };

export function sent({ body }: TranslatedRequest): string {
  return textOf(body ?? new Uint8Array(0));
}

/** The body that goes upstream, which the host itself would take. */
export function bodyOf(host: ClaudeHost, request: TranslatedRequest): Readonly<Record<string, unknown>> {
  const body = JSON.parse(sent(request)) as Readonly<Record<string, unknown>>;
  expect(messagesComplaint(body, host)).toBeUndefined();
  return body;
}

/** The InvokeModel body inside a CountTokens body. */
export function countedBody(request: TranslatedRequest): Readonly<Record<string, unknown>> {
  const { input } = JSON.parse(sent(request)) as { readonly input: { readonly invokeModel: { readonly body: string } } };
  const body = JSON.parse(Buffer.from(input.invokeModel.body, 'base64').toString('utf8')) as Readonly<Record<string, unknown>>;
  expect(messagesComplaint(body, 'AWSAnthropic', true)).toBeUndefined();
  return body;
}

export function fixtureBytes(name: string): Uint8Array {
  return new Uint8Array(readFileSync(join(__dirname, '..', '..', 'fixtures', 'anthropic', name)));
}

/** The events of a stream, each with its blank line. */
export function eventTexts(stream: string): string[] {
  return stream.split(/(?<=\n\n)/);
}

/** A recorded stream as Bedrock frames it. */
export function framesOf(name: string): Uint8Array {
  return framesOfEvents(eventTexts(textOf(fixtureBytes(name))).map((event) => JSON.parse(event.slice(event.indexOf('data: ') + 6)) as object));
}

export function framesOfEvents(events: readonly object[]): Uint8Array {
  return concatBytes(events.map(chunkFrame));
}

/** A stream's bytes through the response translator; `broken`: the upstream breaks off after them. */
export function streamed(host: ClaudeHost, chunks: readonly Uint8Array[], broken?: string): Replayed {
  const headers = host === 'AWSAnthropic' ? EVENT_STREAM : SSE;
  return replay(messages(host, { ...REQUEST, stream: true }).response, 200, headers, chunks, broken);
}

/** The error that a stream ends in, which the official client throws. */
export function lastError(stream: string): unknown {
  const last = /event: error\ndata: ([^\n]*)\n\n$/.exec(stream)?.[1];
  return last === undefined ? undefined : JSON.parse(last) as unknown;
}
