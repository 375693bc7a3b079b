import { parseParameterizedHeader } from './header-parameters';
import { malformedMultipart } from './malformed-multipart';
import { ByteRange } from '../top-level-scanner';

/** One field of a form. */
export interface MultipartPart {
  readonly name: string;
  /** Has a file name, so servers read a file and no text. */
  readonly file: boolean;
  /** Its content stands in another encoding than as it is. */
  readonly encoded: boolean;
  readonly content: ByteRange;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const DASH = 0x2d;
const SPACE = 0x20;
const TAB = 0x09;

const MAX_PARTS = 1000;
/** Bytes of one part's headers. */
const MAX_HEADERS = 16 * 1024;

/**
 * The parts of a multipart/form-data body, found without copying or reading their contents,
 * https://www.rfc-editor.org/rfc/rfc2046#section-5.1.1 and https://www.rfc-editor.org/rfc/rfc7578.
 *
 * Throws `RequestError` wherever a more tolerant reader could find other parts than these: the provider behind must not read another model
 * than the one that was routed.
 */
export function scanMultipart(body: Uint8Array, boundary: string): readonly MultipartPart[] {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const parts: MultipartPart[] = [];
  let delimiter = firstDelimiter(bytes, boundary);
  for (;;) {
    const start = partStart(bytes, delimiter + 2 + boundary.length);
    if (start === undefined) {
      endsWith(bytes, delimiter, boundary);
      return parts;
    }
    if (parts.length === MAX_PARTS) {
      throw malformedMultipart(`has more than ${MAX_PARTS} parts`);
    }
    delimiter = nextDelimiter(bytes, boundary, start);
    parts.push(readPart(bytes, start, delimiter - 2));
  }
}

function firstDelimiter(bytes: Buffer, boundary: string): number {
  const atStart = bytes.length >= boundary.length + 2 && bytes.toString('latin1', 0, boundary.length + 2) === `--${boundary}`;
  return atStart ? 0 : nextDelimiter(bytes, boundary, 0);
}

/** Position of the two dashes. A line feed alone in front of them is a line end to some readers, and none to others. */
function nextDelimiter(bytes: Buffer, boundary: string, from: number): number {
  // From the line feed before: an empty part's delimiter follows its headers' at once.
  const found = bytes.indexOf(`\n--${boundary}`, from, 'latin1');
  if (found < 0) {
    throw malformedMultipart('does not end with its boundary; send it whole');
  }
  if (bytes[found - 1] !== CARRIAGE_RETURN) {
    throw malformedMultipart('has a boundary after a lone line feed; lines must end in CRLF');
  }
  return found + 1;
}

/** Where the part begins that follows a delimiter ending at `end`; `undefined`: it was the last delimiter. */
function partStart(bytes: Buffer, end: number): number | undefined {
  if (bytes[end] === DASH && bytes[end + 1] === DASH) {
    return undefined;
  }
  const position = skipPadding(bytes, end);
  if (bytes[position] !== CARRIAGE_RETURN || bytes[position + 1] !== LINE_FEED) {
    throw malformedMultipart('has a boundary that is not followed by a line end');
  }
  return position + 2;
}

function endsWith(bytes: Buffer, delimiter: number, boundary: string): void {
  const end = skipPadding(bytes, delimiter + boundary.length + 4);
  const lineEnds = end === bytes.length || (bytes[end] === CARRIAGE_RETURN && bytes[end + 1] === LINE_FEED);
  if (!lineEnds || bytes.indexOf(`\n--${boundary}`, end, 'latin1') >= 0) {
    throw malformedMultipart('goes on after its last boundary');
  }
}

function skipPadding(bytes: Buffer, start: number): number {
  let position = start;
  while (bytes[position] === SPACE || bytes[position] === TAB) {
    position++;
  }
  return position;
}

/** `end`: where the line end before the next delimiter begins. */
function readPart(bytes: Buffer, start: number, end: number): MultipartPart {
  const headersEnd = bytes.subarray(start, Math.min(end, start + MAX_HEADERS)).indexOf('\r\n\r\n', 0, 'latin1');
  if (headersEnd < 0) {
    throw malformedMultipart('has a part without an end of its headers');
  }
  const headers = bytes.toString('latin1', start, start + headersEnd).split('\r\n').map(readHeader);
  const dispositions = headers.filter(({ name }) => name === 'content-disposition');
  if (dispositions.length !== 1) {
    throw malformedMultipart('has a part that does not have exactly one content-disposition');
  }
  return {
    ...readDisposition(dispositions[0].value),
    encoded: headers.some(({ name, value }) => name === 'content-transfer-encoding' && !/^\s*(?:7bit|8bit|binary)\s*$/i.test(value)),
    content: { start: start + headersEnd + 4, end },
  };
}

function readHeader(line: string): { readonly name: string; readonly value: string } {
  const colon = line.indexOf(':');
  // No name, a name that begins with white space (a folded line), or half a line end within.
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(line.slice(0, Math.max(colon, 0))) || /[\r\n\0]/.test(line)) {
    throw malformedMultipart('has a part with a malformed header');
  }
  return { name: line.slice(0, colon).toLowerCase(), value: line.slice(colon + 1) };
}

function readDisposition(header: string): { readonly name: string; readonly file: boolean } {
  const disposition = parseParameterizedHeader(header);
  const names = disposition?.parameters.filter(({ name }) => name === 'name') ?? [];
  // Backslashes are escapes to some readers (RFC 9110) and themselves to others (browsers), which could end a quoted file name elsewhere.
  const candidates = header.match(/;[ \t]*name[ \t]*\*?[ \t]*=/gi)?.length;
  if (disposition?.value !== 'form-data' || names.length !== 1 || candidates !== 1 || names[0].raw.includes('\\')) {
    throw malformedMultipart('has a part whose content-disposition does not read form-data with exactly one plain name');
  }
  return { name: names[0].raw, file: disposition.parameters.some(({ name }) => name === 'filename' || name === 'filename*') };
}
