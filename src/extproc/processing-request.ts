import { HeaderMap } from './header-map';
import { WireError, WireReader } from './wire-reader';

/** What Envoy tells about one request, one message at a time: the part of envoy.service.ext_proc.v3.ProcessingRequest that is used. */
export type ProcessingRequest =
  | HeadersMessage<'requestHeaders'> | HeadersMessage<'responseHeaders'>
  | BodyMessage<'requestBody'> | BodyMessage<'responseBody'>
  | TrailersMessage<'requestTrailers'> | TrailersMessage<'responseTrailers'>;

interface HeadersMessage<Kind> {
  readonly kind: Kind;
  readonly headers: HeaderMap;
  readonly endOfStream: boolean;
  readonly attributes: Attributes;
  /** Only in the first message of a stream. */
  readonly bodyModes?: BodyModes;
}

interface BodyMessage<Kind> {
  readonly kind: Kind;
  /** Part of the message's own bytes. */
  readonly body: Buffer;
  readonly endOfStream: boolean;
}

interface TrailersMessage<Kind> {
  readonly kind: Kind;
}

export interface Attributes {
  /** `httproute/<namespace>/<name>/rule/...` */
  readonly routeName?: string;
  /** Who answered; see Envoy's `%RESPONSE_CODE_DETAILS%`. */
  readonly codeDetails?: string;
}

/** How Envoy was told to send bodies: values of ProcessingMode.BodySendMode. */
export interface BodyModes {
  readonly request: number;
  readonly response: number;
}

/** Values of ProcessingMode.BodySendMode. */
export const BUFFERED = 2;
export const FULL_DUPLEX_STREAMED = 4;

/** Field numbers of ProcessingRequest. */
const REQUEST_HEADERS = 2;
const RESPONSE_HEADERS = 3;
const REQUEST_BODY = 4;
const RESPONSE_BODY = 5;
const REQUEST_TRAILERS = 6;
const RESPONSE_TRAILERS = 7;
const ATTRIBUTES = 9;
const PROTOCOL_CONFIG = 11;

const KINDS = {
  [REQUEST_HEADERS]: 'requestHeaders',
  [RESPONSE_HEADERS]: 'responseHeaders',
  [REQUEST_BODY]: 'requestBody',
  [RESPONSE_BODY]: 'responseBody',
  [REQUEST_TRAILERS]: 'requestTrailers',
  [RESPONSE_TRAILERS]: 'responseTrailers',
} as const;

/** Decodes one message in place. Throws `WireError` for what is no ProcessingRequest. */
export function decodeProcessingRequest(bytes: Buffer): ProcessingRequest {
  const reader = new WireReader(bytes);
  let field = 0;
  let start = 0;
  let end = 0;
  let attributes: { routeName?: string; codeDetails?: string } | undefined;
  let bodyModes: BodyModes | undefined;
  while (reader.next()) {
    switch (reader.field) {
      case REQUEST_HEADERS: case RESPONSE_HEADERS: case REQUEST_BODY: case RESPONSE_BODY: case REQUEST_TRAILERS: case RESPONSE_TRAILERS:
        // A length-delimited field never ends at the first byte.
        if (reader.end === 0) throw new WireError(`field ${reader.field} is no message`);
        field = reader.field;
        start = reader.start;
        end = reader.end;
        break;
      case ATTRIBUTES:
        attributes ??= {};
        readAttributes(bytes, reader.start, reader.end, attributes);
        break;
      case PROTOCOL_CONFIG:
        bodyModes = readBodyModes(bytes, reader.start, reader.end);
        break;
    }
  }
  switch (field) {
    case REQUEST_HEADERS: case RESPONSE_HEADERS:
      return { kind: KINDS[field], ...readHeaders(bytes, start, end), attributes: attributes ?? {}, ...bodyModes === undefined ? {} : { bodyModes } };
    case REQUEST_BODY: case RESPONSE_BODY:
      return { kind: KINDS[field], ...readBody(bytes, start, end) };
    case REQUEST_TRAILERS: case RESPONSE_TRAILERS:
      return { kind: KINDS[field] };
    default:
      throw new WireError('the message holds none of headers, body and trailers');
  }
}

function readHeaders(bytes: Buffer, start: number, end: number): { headers: HeaderMap; endOfStream: boolean } {
  const reader = new WireReader(bytes, start, end);
  let headers: HeaderMap | undefined;
  let endOfStream = false;
  while (reader.next()) {
    if (reader.field === 1) headers = new HeaderMap(bytes, reader.start, reader.end);
    else if (reader.field === 3) endOfStream = reader.value !== 0;
  }
  return { headers: headers ?? new HeaderMap(bytes, 0, 0), endOfStream };
}

function readBody(bytes: Buffer, start: number, end: number): { body: Buffer; endOfStream: boolean } {
  const reader = new WireReader(bytes, start, end);
  let body = bytes.subarray(0, 0);
  let endOfStream = false;
  while (reader.next()) {
    if (reader.field === 1) body = bytes.subarray(reader.start, reader.end);
    else if (reader.field === 2) endOfStream = reader.value !== 0;
  }
  return { body, endOfStream };
}

function readBodyModes(bytes: Buffer, start: number, end: number): BodyModes {
  const reader = new WireReader(bytes, start, end);
  let request = 0;
  let response = 0;
  while (reader.next()) {
    if (reader.field === 1) request = reader.value;
    else if (reader.field === 2) response = reader.value;
  }
  return { request, response };
}

/** One entry of `map<string, google.protobuf.Struct>`. Its key is the filter's name, which Envoy Gateway generates: it is not looked at. */
function readAttributes(bytes: Buffer, start: number, end: number, found: { routeName?: string; codeDetails?: string }): void {
  const entry = new WireReader(bytes, start, end);
  const struct = new WireReader(bytes, 0, 0);
  const field = new WireReader(bytes, 0, 0);
  const value = new WireReader(bytes, 0, 0);
  while (entry.next()) {
    if (entry.field !== 2) continue;
    struct.reset(entry.start, entry.end);
    while (struct.next()) {
      if (struct.field !== 1) continue;
      field.reset(struct.start, struct.end);
      let name = '';
      let text: string | undefined;
      while (field.next()) {
        if (field.field === 1) {
          name = field.text();
        } else if (field.field === 2) {
          value.reset(field.start, field.end);
          while (value.next()) if (value.field === 3) text = value.text();
        }
      }
      if (name === 'xds.route_name') found.routeName = text;
      else if (name === 'response.code_details') found.codeDetails = text;
    }
  }
}
