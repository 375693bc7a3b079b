import { randomUUID } from 'node:crypto';
import { BodyPieces, SentBody } from './body-pieces';
import { KeptJson } from './kept-json';
import { utf8Bytes } from './utf8-bytes';

/** Stands in JSON for a long text, as `MARK` and its number, until all else is written. No client can know it. */
const MARK = `long-text-${randomUUID()}:`;
/** Bytes at the beginning of a text that say whether it is blank; nearly always the first one does. */
const BEGINNING = 64;
/** First bytes of white space beyond ASCII, and of other characters. */
const MAYBE_SPACE: ReadonlySet<number> = new Set([0xc2, 0xe1, 0xe2, 0xe3, 0xef]);
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

const decoder = new TextDecoder();

/** Within `bodyWithLongTexts`: those that were written so far. `undefined`: elsewhere. */
let marked: LongText[] | undefined;

/** A text of a prompt. */
export type Text = string | LongText;

/**
 * A string of a request that goes on as the very bytes that the client sent: to read a megabyte and to write it again costs more than all that is done
 * with it. Wherever that does not do, it turns into the string that it stands for.
 */
export class LongText extends KeptJson {
  private text: string | undefined;

  /** `literal`: a string of JSON with its quotes, known to be valid. */
  constructor(readonly literal: Uint8Array) {
    super();
  }

  toString(): string {
    this.text ??= JSON.parse(decoder.decode(this.literal)) as string;
    return this.text;
  }

  /** What JSON.stringify writes instead. */
  toJSON(): string {
    return marked === undefined ? this.toString() : MARK + (marked.push(this) - 1);
  }
}

/** Whether there is nothing but white space in it. */
export function isBlank(text: Text): boolean {
  return (text instanceof LongText ? beginning(text) : text).trim() === '';
}

/** What `write` writes as JSON, with each long text as it came. */
export function bodyWithLongTexts(write: () => string): SentBody {
  const before = marked;
  const texts: LongText[] = [];
  marked = texts;
  try {
    const json = write();
    return texts.length === 0 ? utf8Bytes(json) : withTexts(json, texts);
  } finally {
    marked = before;
  }
}

/** What stands for the text with this number, in JSON that is to be read. */
export function markOf(index: number): string {
  return MARK + index;
}

function withTexts(json: string, texts: readonly LongText[]): BodyPieces {
  const parts: Uint8Array[] = [];
  let position = 0;
  texts.forEach(({ literal }, index) => {
    const mark = `"${MARK}${index}"`;
    const start = json.indexOf(mark, position);
    parts.push(utf8Bytes(json.slice(position, start)), literal);
    position = start + mark.length;
  });
  parts.push(utf8Bytes(json.slice(position)));
  return new BodyPieces(parts);
}

/** A piece that is as blank as the whole. */
function beginning(text: LongText): string {
  const { literal } = text;
  for (let position = 1; position < BEGINNING; position++) {
    const byte = literal[position];
    if (byte === BACKSLASH || byte === QUOTE || MAYBE_SPACE.has(byte)) {
      return text.toString();
    }
    if (byte > 0x20) {
      return 'x';
    }
  }
  return text.toString();
}
