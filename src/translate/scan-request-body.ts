import { ExactNumber, readJson } from './exact-json';
import { isModelName, MODEL_NAME_RULE } from './model-name';
import { isMultipartForm } from './multipart/boundary';
import { MultipartRequestBody } from './multipart/multipart-request-body';
import { readLongTexts } from './read-long-texts';
import { RequestBody } from './request-body';
import { RequestError } from './request-error';
import { endOfPlainString } from './skip-json';
import { ByteRange, TopLevelScanner } from './top-level-scanner';

/** Where the members that a pass-through may change stand in the bytes of a request body. */
export interface RequestFields {
  readonly model: ByteRange;
  readonly streamOptions?: ByteRange;
}

/**
 * The request body in these bytes. Nothing is read before somebody asks, `model` and `stream` come from a scan of the bytes, and only
 * where that says "do not know" (or for `json()`) is the body parsed. The bytes are never copied.
 *
 * `contentType`: multipart/form-data is read as a form, anything else (or none) as JSON.
 */
export function readRequestBody(bytes: Uint8Array, contentType?: string): RequestBody {
  return isMultipartForm(contentType) ? new MultipartRequestBody(bytes, contentType) : new ScannedRequestBody(bytes);
}

/**
 * `undefined`: the scan does not know; what JSON.parse says is then the only reading, and has to be sent on as such. Throws `RequestError`
 * where the body is no JSON by its content type.
 */
export function requestFields(body: RequestBody): RequestFields | undefined {
  if (body instanceof MultipartRequestBody) {
    body.json();
  }
  return (body instanceof ScannedRequestBody ? body : new ScannedRequestBody(body.bytes)).scanned?.fields;
}

interface Scanned {
  readonly model: string;
  readonly stream: boolean;
  readonly fields: RequestFields;
}

const scanner = new TopLevelScanner(['model', 'stream', 'stream_options']);

class ScannedRequestBody implements RequestBody {
  private scan: Scanned | undefined | null = null;
  private parsed: Readonly<Record<string, unknown>> | undefined;

  constructor(readonly bytes: Uint8Array) {}

  /** `undefined`: do not know. */
  get scanned(): Scanned | undefined {
    if (this.scan === null) {
      this.scan = scanBody(this.bytes);
    }
    return this.scan;
  }

  get model(): string {
    return this.scanned?.model ?? modelOf(this.json());
  }

  get stream(): boolean {
    return this.scanned?.stream ?? streamOf(this.json());
  }

  json(): Readonly<Record<string, unknown>> {
    this.parsed ??= parseObject(this.bytes);
    return this.parsed;
  }
}

function scanBody(bytes: Uint8Array): Scanned | undefined {
  const ranges = scanner.scan(bytes);
  if (!ranges) {
    return undefined;
  }
  const [modelRange, streamRange, streamOptions] = ranges;
  const model = modelRange && plainStringAt(bytes, modelRange);
  const stream = streamRange ? streamAt(bytes, streamRange) : false;
  // An empty or missing model is an error, which is worded where the parsed body is at hand.
  if (!modelRange || !model || stream === undefined) {
    return undefined;
  }
  return { model, stream, fields: { model: modelRange, streamOptions } };
}

function plainStringAt(bytes: Uint8Array, range: ByteRange): string | undefined {
  if (bytes[range.start] !== 0x22 || endOfPlainString(bytes, range.start + 1) !== range.end - 1) {
    return undefined;
  }
  const text = decode(bytes.subarray(range.start + 1, range.end - 1));
  return text !== undefined && isModelName(text) ? text : undefined;
}

function streamAt(bytes: Uint8Array, range: ByteRange): boolean | undefined {
  if (range.end - range.start > 5) {
    return undefined;
  }
  switch (decode(bytes.subarray(range.start, range.end))) {
    case 'true':
      return true;
    case 'false':
    case 'null':
      return false;
    default:
      return undefined;
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** `undefined`: not UTF-8. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

function parseObject(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const value = readLongTexts(bytes) ?? readWhole(bytes);
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof ExactNumber) {
    throw new RequestError(400, `the request body must be a JSON object, but is ${typeName(value)}`, 'invalid_type');
  }
  return value as Readonly<Record<string, unknown>>;
}

function readWhole(bytes: Uint8Array): unknown {
  const text = decode(bytes);
  if (text === undefined) {
    throw new RequestError(400, 'the request body is not valid UTF-8; send JSON encoded as UTF-8', 'invalid_json');
  }
  try {
    return readJson(text);
  } catch (error) {
    // Only the position: the parser's own words quote the body.
    const position = /position \d+/.exec(String(error))?.[0];
    throw new RequestError(400, `the request body is not valid JSON${position ? ` (at ${position})` : ''}; send one JSON object`, 'invalid_json');
  }
}

function modelOf(json: Readonly<Record<string, unknown>>): string {
  const { model } = json;
  if (model === undefined || model === '') {
    throw new RequestError(400, 'missing required parameter: \'model\'', 'missing_required_parameter', 'model');
  }
  if (typeof model !== 'string') {
    throw new RequestError(400, `invalid type for 'model': expected a string, but got ${typeName(model)}`, 'invalid_type', 'model');
  }
  if (!isModelName(model)) {
    throw new RequestError(400, `invalid value for 'model': ${MODEL_NAME_RULE}`, 'invalid_value', 'model');
  }
  return model;
}

function streamOf(json: Readonly<Record<string, unknown>>): boolean {
  const stream = json.stream ?? false;
  if (typeof stream !== 'boolean') {
    throw new RequestError(400, `invalid type for 'stream': expected a boolean, but got ${typeName(stream)}`, 'invalid_type', 'stream');
  }
  return stream;
}

function typeName(value: unknown): string {
  if (value === null) {
    return 'null';
  }
  if (Array.isArray(value)) {
    return 'an array';
  }
  if (value instanceof ExactNumber) {
    return 'a number';
  }
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
