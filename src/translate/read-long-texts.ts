import { isUtf8 } from 'node:buffer';
import { readJson } from './exact-json';
import { LongText, markOf } from './long-text';
import { endOfPlainString, skipSpace, skipString, skipValue } from './skip-json';
import { isValidLiteral } from './valid-literal';

/** Bytes from which on a text is kept as it came. Below, reading and writing it costs less than finding it. */
export const LONG_TEXT = 4_096;
/** How many places of a body tell whether it is mostly long texts. */
const PLACES = 32;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** Where prompts have their texts, in all the dialects: in members of these names at the top, and further in of those. */
const TOP = ['messages', 'system', 'input', 'instructions'].map(memberName);
const INSIDE = ['content', 'text'].map(memberName);
/** Deeper than the result of a tool inside of a message nothing of a prompt lies. */
const DEEPEST = 8;

type Key = string | number;

/** The name of a member, and how it stands in JSON: to make a text of each name of a long conversation takes longer than to parse it. */
interface MemberName {
  readonly key: string;
  readonly bytes: Uint8Array;
}

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
 * What JSON.parse reads in these bytes, with a `LongText` for each long text of a prompt. `undefined`: there is none, they are too few for the trouble, or
 * something is not as it should be, which JSON.parse words better.
 */
export function readLongTexts(bytes: Uint8Array): unknown {
  return isMostlyLongText(bytes) ? withLongTexts(bytes, LONG_TEXT) : undefined;
}

/** The same for texts of more than `length` bytes, quotes and all, however few there are. */
export function withLongTexts(bytes: Uint8Array, length: number): unknown {
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

  private members(start: number, names: readonly MemberName[], parent: Place | undefined, levels: number): number {
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
      const valueStart = skipSpace(bytes, colon + 1);
      const key = keyAt(bytes, position + 1, nameEnd, names);
      const end = key === undefined ? skipValue(bytes, valueStart) : this.value(valueStart, { key, parent }, levels);
      position = end < 0 ? bytes.length : skipSpace(bytes, end);
      if (bytes[position] !== COMMA) {
        return bytes[position] === CLOSE_BRACE ? position + 1 : -1;
      }
      position = skipSpace(bytes, position + 1);
    }
  }
}

/** Looks at some places: inside of long texts, most of them are followed by that many bytes without a quote that ends a text. */
function isMostlyLongText(bytes: Uint8Array): boolean {
  const step = Math.max(LONG_TEXT, Math.ceil(bytes.length / PLACES));
  let [looked, inside] = [0, 0];
  for (let position = 0; position + LONG_TEXT < bytes.length; position += step) {
    looked += 1;
    inside += holdsEnd(bytes.subarray(position, position + LONG_TEXT)) ? 0 : 1;
  }
  return looked > 0 && inside * 2 >= looked;
}

function holdsEnd(bytes: Uint8Array): boolean {
  let quote = bytes.indexOf(QUOTE);
  while (quote > 0 && bytes[quote - 1] === BACKSLASH) {
    quote = bytes.indexOf(QUOTE, quote + 1);
  }
  return quote >= 0;
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

function memberName(key: string): MemberName {
  return { key, bytes: Buffer.from(key) };
}

/** `undefined`: none of these. */
function keyAt(bytes: Uint8Array, start: number, end: number, names: readonly MemberName[]): string | undefined {
  return names.find((name) => name.bytes.length === end - start && standsAt(bytes, start, name.bytes))?.key;
}

function standsAt(bytes: Uint8Array, start: number, name: Uint8Array): boolean {
  for (let offset = 0; offset < name.length; offset++) {
    if (bytes[start + offset] !== name[offset]) {
      return false;
    }
  }
  return true;
}
