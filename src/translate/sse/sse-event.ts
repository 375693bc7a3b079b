import { utf8Bytes } from '../utf8-bytes';
/** One server-sent event, https://html.spec.whatwg.org/multipage/server-sent-events.html. */
export interface SseEvent {
  /** The `event` field; absent: `message`. */
  readonly event?: string;
  /** The `data` lines, joined by a line feed. */
  readonly data: string;
}

/** The bytes of an event. */
export function encodeSseEvent({ event, data }: SseEvent): Uint8Array {
  const name = event === undefined ? '' : `event: ${event}\n`;
  // JSON, which nearly all events hold, has no line breaks.
  const lines = /[\r\n]/.test(data) ? data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`).join('') : `data: ${data}\n`;
  return utf8Bytes(`${name}${lines}\n`);
}
