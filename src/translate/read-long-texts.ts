import { isUtf8 } from 'node:buffer';
import { readJson } from './exact-json';
import { LongText, markOf } from './long-text';
import { endOfPlainString, skipSpace, skipString, skipValue } from './skip-json';
import { isValidLiteral } from './valid-literal';

/** Bytes from which on a text is kept as it came. Below, reading and writing it costs less than finding it. */
export const LONG_TEXT = 4_096;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** Where prompts have their texts, in all the dialects: in members of these names at the top, and further in of those. */
const TOP: ReadonlySet<string> = new Set(['messages', 'system', 'input', 'instructions']);
const INSIDE: ReadonlySet<string> = new Set(['content', 'text']);
const LONGEST_NAME = 'instructions'.length;
/** Deeper than the result of a tool inside of a message nothing of a prompt lies. */
const DEEPEST = 8;

type Key = string | number;

/** Where a value stands, from the inside out. */
interface Place {
  readonly key: Key;
  readonly parent?: Place;
}

interface Cut {
  readonly start: number;
  readonly end: number;
  readonly place: Place;
}

/**
 * What JSON.parse reads in these bytes, with a `LongText` for each text of a prompt that is longer than `length`. `undefined`: there is none, or something is
 * not as it should be, which JSON.parse words better.
 */
export function readLongTexts(bytes: Uint8Array, length = LONG_TEXT): unknown {
  if (!mayHoldLongText(bytes, length)) {
    return undefined;
  }
  const cuts = new CutFinder(bytes, length).cuts();
  return cuts.length > 0 && isUtf8(bytes) ? filled(bytes, cuts) : undefined;
}

/** Walks through the members that may hold texts of a prompt. It stops where something is no plain JSON: what it found so far is right all the same. */
class CutFinder {
  private readonly found: Cut[] = [];

  constructor(private readonly bytes: Uint8Array, private readonly length: number) {}

  cuts(): readonly Cut[] {
    const start = skipSpace(this.bytes, 0);
    if (this.bytes[start] === OPEN_BRACE) {
      this.members(start, TOP, undefined, DEEPEST);
    }
    return this.found;
  }

  /** Position behind the value at `start`; -1 where the walk ends. */
  private value(start: number, place: Place, levels: number): number {
    switch (levels === 0 ? undefined : this.bytes[start]) {
      case QUOTE:
        return this.text(start, place);
      case OPEN_BRACKET:
        return this.items(start, place, levels - 1);
      case OPEN_BRACE:
        return this.members(start, INSIDE, place, levels - 1);
      default:
        return skipValue(this.bytes, start);
    }
  }

  private text(start: number, place: Place): number {
    const end = skipString(this.bytes, start);
    if (end - start > this.length && isValidLiteral(this.bytes, start, end)) {
      this.found.push({ start, end, place });
    }
    return end;
  }

  private items(start: number, parent: Place, levels: number): number {
    const { bytes } = this;
    let position = skipSpace(bytes, start + 1);
    if (bytes[position] === CLOSE_BRACKET) {
      return position + 1;
    }
    for (let key = 0; ; key++) {
      const end = this.value(position, { key, parent }, levels);
      position = end < 0 ? bytes.length : skipSpace(bytes, end);
      if (bytes[position] !== COMMA) {
        return bytes[position] === CLOSE_BRACKET ? position + 1 : -1;
      }
      position = skipSpace(bytes, position + 1);
    }
  }

  private members(start: number, names: ReadonlySet<string>, parent: Place | undefined, levels: number): number {
    const { bytes } = this;
    let position = skipSpace(bytes, start + 1);
    if (bytes[position] === CLOSE_BRACE) {
      return position + 1;
    }
    for (;;) {
      const nameEnd = bytes[position] === QUOTE ? endOfPlainString(bytes, position + 1) : -1;
      const colon = nameEnd < 0 ? bytes.length : skipSpace(bytes, nameEnd + 1);
      if (bytes[colon] !== COLON) {
        return -1;
      }
      const key = nameEnd - position > LONGEST_NAME + 1 ? '' : String.fromCharCode(...bytes.subarray(position + 1, nameEnd));
      const valueStart = skipSpace(bytes, colon + 1);
      const end = names.has(key) ? this.value(valueStart, { key, parent }, levels) : skipValue(bytes, valueStart);
      position = end < 0 ? bytes.length : skipSpace(bytes, end);
      if (bytes[position] !== COMMA) {
        return bytes[position] === CLOSE_BRACE ? position + 1 : -1;
      }
      position = skipSpace(bytes, position + 1);
    }
  }
}

/** Looks at one place in every `length` bytes: of a text that is twice as long, one is followed by no quote that ends it. */
function mayHoldLongText(bytes: Uint8Array, length: number): boolean {
  for (let position = 0; position + length < bytes.length; position += length) {
    let quote = bytes.indexOf(QUOTE, position);
    while (quote > position && bytes[quote - 1] === BACKSLASH && quote - position < length) {
      quote = bytes.indexOf(QUOTE, quote + 1);
    }
    if (quote - position >= length) {
      return true;
    }
  }
  return false;
}

/** `undefined`: what is between the texts is no JSON, or has a member twice. */
function filled(bytes: Uint8Array, cuts: readonly Cut[]): unknown {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let position = 0;
  let json = '';
  cuts.forEach(({ start, end }, index) => {
    json += `${buffer.toString('utf8', position, start)}"${markOf(index)}"`;
    position = end;
  });
  const whole = parsed(json + buffer.toString('utf8', position));
  const isPlaced = cuts.every(({ place, start, end }, index) => {
    const holder = holderOf(place, whole);
    if (holder?.[place.key] !== markOf(index)) {
      return false;
    }
    holder[place.key] = new LongText(bytes.subarray(start, end));
    return true;
  });
  return isPlaced ? whole : undefined;
}

function parsed(json: string): unknown {
  try {
    return readJson(json);
  } catch {
    return undefined;
  }
}

/** What the value at this place is a member or an item of. */
function holderOf({ parent }: Place, whole: unknown): Record<Key, unknown> | undefined {
  const holder = parent === undefined ? whole : holderOf(parent, whole)?.[parent.key];
  return typeof holder === 'object' && holder !== null ? holder as Record<Key, unknown> : undefined;
}
