import type { Message, RawContentBlockDeltaEvent, RawContentBlockStartEvent, RawMessageDeltaEvent, RawMessageStartEvent } from '@anthropic-ai/sdk/resources/messages';

/** What the server may leave out or write in another way, whatever its declaration says. */
type Received<T> = { readonly [Key in keyof T]?: unknown };

/** The parts of an answer that are read. */
export type ReceivedMessage = Received<Pick<Message, 'type' | 'content' | 'stop_reason' | 'stop_details' | 'usage'>>;

export interface ReceivedBlock {
  readonly type?: unknown;
  readonly text?: unknown;
  readonly citations?: unknown;
  readonly thinking?: unknown;
  readonly signature?: unknown;
  readonly data?: unknown;
  readonly id?: unknown;
  readonly name?: unknown;
  readonly input?: unknown;
}

export interface ReceivedDelta {
  readonly type?: unknown;
  readonly text?: unknown;
  readonly thinking?: unknown;
  readonly signature?: unknown;
  readonly partial_json?: unknown;
  readonly citation?: unknown;
}

export type ReceivedStart = Received<RawMessageStartEvent>;
export type ReceivedBlockStart = Received<RawContentBlockStartEvent>;
export type ReceivedBlockDelta = Received<RawContentBlockDeltaEvent>;
export type ReceivedMessageDelta = Received<RawMessageDeltaEvent>;

/** An object, or one without members in place of anything else. */
export function members(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Readonly<Record<string, unknown>> : {};
}

export function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
