import { ResponseFailure, ResponseHead, ResponseTranslator, UpstreamResponseHead } from '../translator';

const NOTHING = new Uint8Array(0);

/** Audio, or a transcript as plain text or subtitles: every byte passes as it comes, and nothing in it is counted. */
export class OpaqueResponse implements ResponseTranslator {
  readonly usage = undefined;
  failure: ResponseFailure | undefined;

  head({ status }: UpstreamResponseHead): ResponseHead {
    return { status, setHeaders: [], removeHeaders: [], bodyUnchanged: true };
  }

  push(chunk: Uint8Array): Uint8Array {
    return chunk;
  }

  end(): Uint8Array {
    return NOTHING;
  }

  fail(message: string): Uint8Array {
    this.failure = { status: 502, code: 'upstream_broke_off', message };
    // Words among the bytes of a sound would be taken for one: only a broken connection tells the client.
    return NOTHING;
  }
}
