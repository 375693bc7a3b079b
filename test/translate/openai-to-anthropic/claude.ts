import { readFileSync } from 'fs';
import { join } from 'path';
import { ClaudeHost } from '../../../src/translate/anthropic/hosted-target';
import { concatBytes } from '../../../src/translate/concat-bytes';
import { MessagesRequest } from '../../../src/translate/openai-to-anthropic/messages-request';
import { openAiToAnthropicChat, openAiToAwsAnthropicChat, openAiToGcpAnthropicChat } from '../../../src/translate/openai-to-anthropic/translator';
import { Turn } from '../../../src/translate/openai-to-anthropic/turns';
import { RequestError } from '../../../src/translate/request-error';
import { TranslatedRequest, TranslationContext, Translator } from '../../../src/translate/translator';
import { claudeComplaint } from '../../providers/claude-complaint';
import { chunkFrame, messageEvent } from '../../providers/fake-anthropic';
import { bytesOf, refusalOf, replay, Replayed, textOf, translated } from '../replay';

export * from '../openai/chat-stream';

export const SONNET_45 = 'claude-sonnet-4-5-20250929';
export const OPUS_46 = 'claude-opus-4-6';
export const OPUS_5 = 'claude-opus-5';
export const SONNET_55 = 'claude-sonnet-5-5';
export const OPUS_55 = 'claude-opus-5-5';
export const OLD = 'claude-3-haiku-20240307';

export const HOSTS: readonly ClaudeHost[] = ['Anthropic', 'AWSAnthropic', 'GCPAnthropic'];
const TRANSLATORS: Readonly<Record<ClaudeHost, Translator>> = {
  Anthropic: openAiToAnthropicChat, AWSAnthropic: openAiToAwsAnthropicChat, GCPAnthropic: openAiToGcpAnthropicChat,
};

export interface On extends Partial<TranslationContext> {
  readonly host?: ClaudeHost;
  /** Headers of the client. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A chat completion request through the translator, with everything but its bytes at its default. */
export function chat(request: object, { host = 'Anthropic', headers = {}, ...context }: On = {}): TranslatedRequest {
  return translated(TRANSLATORS[host], { model: SONNET_45, messages: [{ role: 'user', content: 'Hi' }], ...request }, {
    gcp: { project: 'p', region: 'us-east5' }, clientHeader: (name) => headers[name], ...context,
  });
}

export type SentBody = MessagesRequest & {
  readonly model?: string;
  readonly stream?: boolean;
  readonly anthropic_version?: string;
  readonly anthropic_beta?: readonly string[];
  readonly messages: readonly Turn[];
};

/** The body that goes upstream, which the host itself would take. */
export function sent(request: { readonly model?: string; readonly [name: string]: unknown }, on: On = {}): SentBody {
  const body = JSON.parse(textOf(chat(request, on).body ?? new Uint8Array(0))) as SentBody;
  expect(claudeComplaint(body, on.host ?? 'Anthropic', on.upstreamModel ?? request.model ?? SONNET_45)).toBeUndefined();
  return body;
}

export function messagesOf(...messages: readonly object[]): readonly Turn[] {
  return sent({ messages }).messages;
}

/** The names of the parameters that were lost on the way. */
export function droppedBy(request: object, on: On = {}): readonly string[] {
  return chat(request, on).dropped.map(({ parameter }) => parameter);
}

/** What the client is told to change. */
export function refusal(request: object, on: On = {}): RequestError {
  return refusalOf(() => chat(request, on));
}

export function fixtureText(name: string): string {
  return readFileSync(join(__dirname, '..', '..', 'fixtures', 'anthropic', name), 'utf8');
}

/** One event of a Messages stream. */
export type MessageEvent = { readonly type: string } & Readonly<Record<string, unknown>>;

export function eventsOf(name: string): readonly MessageEvent[] {
  return fixtureText(name).split('\n\n').filter((event) => event !== '').map((event) => JSON.parse(event.slice(event.indexOf('data: ') + 6)) as MessageEvent);
}

/** Events as their host frames them. */
export function framed(host: ClaudeHost, events: readonly MessageEvent[]): Uint8Array {
  return host === 'AWSAnthropic' ? concatBytes(events.map(chunkFrame)) : bytesOf(events.map(messageEvent).join(''));
}

export const JSON_TYPE = { 'content-type': 'application/json' };
export const STREAM_TYPE: Readonly<Record<ClaudeHost, Readonly<Record<string, string>>>> = {
  Anthropic: { 'content-type': 'text/event-stream; charset=utf-8' },
  AWSAnthropic: { 'content-type': 'application/vnd.amazon.eventstream' },
  GCPAnthropic: { 'content-type': 'text/event-stream; charset=utf-8' },
};

/** A stream's bytes through the response translator; `broken`: the upstream breaks off after them. */
export function streamed(host: ClaudeHost, chunks: readonly Uint8Array[], request: object = {}, broken?: string): Replayed {
  return replay(chat({ stream: true, ...request }, { host }).response, 200, STREAM_TYPE[host], chunks, broken);
}

/** A plain answer's JSON through the response translator. */
export function answered(message: unknown, request: object = {}): Replayed {
  return replay(chat(request).response, 200, JSON_TYPE, [bytesOf(typeof message === 'string' ? message : JSON.stringify(message))]);
}
