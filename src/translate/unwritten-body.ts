import { jsonBytes } from './json-bytes';
import { RequestBody } from './request-body';

/** A request that was never bytes; it is written only for a translator that sends it as it is. */
export class UnwrittenBody implements RequestBody {
  private written: Uint8Array | undefined;

  constructor(private readonly value: Readonly<Record<string, unknown>>, readonly model: string, readonly stream: boolean) {}

  get bytes(): Uint8Array {
    this.written ??= jsonBytes(this.value);
    return this.written;
  }

  json(): Readonly<Record<string, unknown>> {
    return this.value;
  }
}
