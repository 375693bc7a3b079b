import type { ResponseStreamEvent } from 'openai/resources/responses/responses';
import { utf8Bytes } from '../utf8-bytes';

const NOTHING = new Uint8Array(0);

/** Writes events of a Responses stream, numbered from 0, and keeps them until they are taken. */
export class EventWriter {
  private sequence = 0;
  private written = '';

  /** The number of the next event. */
  get sequenceNumber(): number {
    return this.sequence;
  }

  /** `members`: JSON of an object's members, without its braces. */
  event(type: ResponseStreamEvent['type'], members: string): void {
    this.written += `event: ${type}\ndata: {"type":"${type}","sequence_number":${this.sequence},${members}}\n\n`;
    this.sequence += 1;
  }

  /** Another writer's event has the next number. */
  skip(): void {
    this.sequence += 1;
  }

  take(): Uint8Array {
    if (this.written === '') {
      return NOTHING;
    }
    const bytes = utf8Bytes(this.written);
    this.written = '';
    return bytes;
  }
}
