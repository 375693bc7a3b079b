import { multipartBoundary } from './boundary';
import { malformedMultipart } from './malformed-multipart';
import { MultipartPart, scanMultipart } from './scan-multipart';
import { isModelName, MODEL_NAME_RULE } from '../model-name';
import { RequestBody } from '../request-body';
import { RequestError } from '../request-error';
import { ByteRange } from '../top-level-scanner';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A form with files, as audio endpoints take it. Its files are neither read nor copied. */
export class MultipartRequestBody implements RequestBody {
  private parts: readonly MultipartPart[] | undefined;

  constructor(readonly bytes: Uint8Array, private readonly contentType: string) {}

  get model(): string {
    const model = this.text(this.modelPart.content, 'model');
    if (model === '') {
      throw missingModel();
    }
    if (!isModelName(model)) {
      throw new RequestError(400, `invalid value for 'model': ${MODEL_NAME_RULE}`, 'invalid_value', 'model');
    }
    return model;
  }

  /** Where the name of the model stands. */
  get modelRange(): ByteRange {
    return this.modelPart.content;
  }

  /** As servers read a boolean in a form. */
  get stream(): boolean {
    const part = this.field('stream');
    const text = part === undefined ? '' : this.text(part.content, 'stream').toLowerCase();
    if (text !== '' && !['true', 'false', '1', '0'].includes(text)) {
      throw new RequestError(400, 'invalid type for \'stream\': expected true or false', 'invalid_type', 'stream');
    }
    return text === 'true' || text === '1';
  }

  json(): Readonly<Record<string, unknown>> {
    throw new RequestError(400, 'this endpoint takes a JSON body, but got multipart/form-data; send one JSON object with content-type application/json', 'invalid_json');
  }

  private get modelPart(): MultipartPart {
    const part = this.field('model');
    if (part === undefined) {
      throw missingModel();
    }
    return part;
  }

  /** The only field of this name. */
  private field(name: string): MultipartPart | undefined {
    this.parts ??= scanMultipart(this.bytes, multipartBoundary(this.contentType));
    const named = this.parts.filter((part) => part.name === name);
    if (named.length > 1) {
      throw malformedMultipart(`has more than one field '${name}'; send one`);
    }
    if (named.some(({ file, encoded }) => file || encoded)) {
      throw malformedMultipart(`has a field '${name}' that is no plain text; send it without a file name and without a transfer encoding`);
    }
    return named[0];
  }

  private text(range: ByteRange, name: string): string {
    // No name of a model is that long; whatever it is, it is not decoded.
    if (range.end - range.start > 1024) {
      throw new RequestError(400, `invalid value for '${name}': it is too long`, 'invalid_value', name);
    }
    try {
      return decoder.decode(this.bytes.subarray(range.start, range.end));
    } catch {
      throw new RequestError(400, `invalid value for '${name}': it is not valid UTF-8`, 'invalid_value', name);
    }
  }
}

function missingModel(): RequestError {
  return new RequestError(400, 'missing required parameter: \'model\'', 'missing_required_parameter', 'model');
}
