import { Framed, WireWriter } from './wire-writer';
import { piecesOf, SentBody } from '../translate/body-pieces';

type Headers = ReadonlyArray<readonly [name: string, value: string]>;
export type DynamicMetadata = Readonly<Record<string, string | number>>;

/** Changes of headers; `set` replaces what is there. Names are in lower case. */
export interface HeaderChanges {
  readonly set: Headers;
  readonly remove: readonly string[];
}

export interface Immediate {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
  /** For Envoy's access log. */
  readonly details: string;
}

/** Field numbers of envoy.service.ext_proc.v3.ProcessingResponse. */
const REQUEST_HEADERS = 1;
const RESPONSE_HEADERS = 2;
const REQUEST_BODY = 3;
const RESPONSE_BODY = 4;
const REQUEST_TRAILERS = 5;
const RESPONSE_TRAILERS = 6;
const IMMEDIATE = 7;
const DYNAMIC_METADATA = 8;
/** HeadersResponse and BodyResponse hold one CommonResponse. */
const COMMON = 1;
/** Fields of CommonResponse. */
const STATUS = 1;
const HEADER_MUTATION = 2;
const BODY_MUTATION = 3;
const CLEAR_ROUTE_CACHE = 5;
const CONTINUE_AND_REPLACE = 1;
/** HeaderValueOption.append_action. */
const OVERWRITE_IF_EXISTS_OR_ADD = 2;

/**
 * Encodes replies to Envoy, each with gRPC's prefix. The dynamic metadata goes into one namespace. Not reentrant and without state between
 * calls: one encoder serves all streams.
 */
export class ProcessingResponseEncoder {
  private readonly writer = new WireWriter();
  private readonly empty: Readonly<Record<number, Framed>>;

  constructor(private readonly metadataNamespace: string) {
    this.empty = Object.fromEntries([REQUEST_HEADERS, RESPONSE_HEADERS, REQUEST_BODY, RESPONSE_BODY, REQUEST_TRAILERS, RESPONSE_TRAILERS].map((field) => {
      this.writer.message(field, this.writer.mark);
      return [field, this.writer.finish()];
    }));
  }

  /** Go on, nothing changes. */
  continueRequestHeaders(): Framed {
    return this.empty[REQUEST_HEADERS];
  }

  continueTrailers(direction: 'request' | 'response'): Framed {
    return this.empty[direction === 'request' ? REQUEST_TRAILERS : RESPONSE_TRAILERS];
  }

  /** Reply to the whole request body; Envoy looks for its route anew. */
  requestBody(headers: HeaderChanges, body: SentBody | undefined, metadata: DynamicMetadata): Framed {
    return this.encode(() => {
      const { writer } = this;
      this.metadata(metadata);
      const outer = writer.mark;
      writer.number(CLEAR_ROUTE_CACHE, 1);
      if (body !== undefined) this.replacement(body);
      this.headerMutation(HEADER_MUTATION, headers);
      writer.message(COMMON, outer);
      writer.message(REQUEST_BODY, outer);
    });
  }

  /** Reply to the response's headers. `body`: the whole body that replaces the upstream's. */
  responseHeaders(headers: HeaderChanges, body: Uint8Array | undefined, metadata: DynamicMetadata | undefined): Framed {
    return this.encode(() => {
      const { writer } = this;
      this.metadata(metadata);
      const outer = writer.mark;
      if (body !== undefined) this.replacement(body);
      this.headerMutation(HEADER_MUTATION, headers);
      if (body !== undefined) writer.number(STATUS, CONTINUE_AND_REPLACE);
      writer.message(COMMON, outer);
      writer.message(RESPONSE_HEADERS, outer);
    });
  }

  /** A piece of the response's body in full duplex. */
  responseBody(body: Uint8Array, endOfStream: boolean, metadata: DynamicMetadata | undefined): Framed {
    return this.encode(() => {
      const { writer } = this;
      this.metadata(metadata);
      const outer = writer.mark;
      if (endOfStream) writer.number(2, 1);
      if (body.length > 0) writer.bytes(1, body);
      writer.message(3, outer);
      writer.message(BODY_MUTATION, outer);
      writer.message(COMMON, outer);
      writer.message(RESPONSE_BODY, outer);
    });
  }

  /** An answer at once, in whatever phase. */
  immediate({ status, headers, body, details }: Immediate, metadata?: DynamicMetadata): Framed {
    return this.encode(() => {
      const { writer } = this;
      this.metadata(metadata);
      const outer = writer.mark;
      writer.text(5, details);
      writer.bytes(3, body);
      this.headerMutation(2, { set: headers, remove: [] });
      const code = writer.mark;
      writer.number(1, status);
      writer.message(1, code);
      writer.message(IMMEDIATE, outer);
    });
  }

  private encode(write: () => void): Framed {
    try {
      write();
      return this.writer.finish();
    } finally {
      this.writer.clear();
    }
  }

  private replacement(body: SentBody): void {
    const mark = this.writer.mark;
    this.writer.bytes(1, ...piecesOf(body));
    this.writer.message(BODY_MUTATION, mark);
  }

  /** In the order in which they are given, though written from the end. */
  private headerMutation(field: number, { set, remove }: HeaderChanges): void {
    const { writer } = this;
    const outer = writer.mark;
    for (let index = remove.length - 1; index >= 0; index--) writer.text(2, remove[index]);
    for (let index = set.length - 1; index >= 0; index--) {
      const [name, value] = set[index];
      const option = writer.mark;
      writer.number(3, OVERWRITE_IF_EXISTS_OR_ADD);
      const header = writer.mark;
      writer.text(3, value);
      writer.text(1, name);
      writer.message(1, header);
      writer.message(1, option);
    }
    if (writer.mark > outer) writer.message(field, outer);
  }

  /** google.protobuf.Struct: one field, the namespace, which is a Struct of strings and numbers. */
  private metadata(values: DynamicMetadata | undefined): void {
    if (values === undefined) return;
    const { writer } = this;
    const outer = writer.mark;
    for (const name of Object.keys(values)) {
      const value = values[name];
      const entry = writer.mark;
      if (typeof value === 'number') writer.double(2, value);
      else writer.text(3, value);
      writer.message(2, entry);
      writer.text(1, name);
      writer.message(1, entry);
    }
    writer.message(5, outer);
    writer.message(2, outer);
    writer.text(1, this.metadataNamespace);
    writer.message(1, outer);
    writer.message(DYNAMIC_METADATA, outer);
  }
}
