import { randomUUID } from 'node:crypto';
import { KeptJson } from './kept-json';

/** Numbers of fewer digits in a row are always kept by a double. */
const DIGITS = 16;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** Stands before a number that is written as text until all of the JSON is written. No client can know it. */
const MARK = `exact-number-${randomUUID()}:`;
const MARKED = new RegExp(`"${MARK}([^"]+)"`, 'g');

/** Within `writeJson`: whether a number was written as text. `undefined`: elsewhere. */
let marked: boolean | undefined;

/** A number that a double does not hold, such as an integer above 2^53: as it was written, so that ids in arguments of tools survive. */
export class ExactNumber extends KeptJson {
  readonly #text: string;

  constructor(text: string) {
    super();
    this.#text = text;
  }

  valueOf(): number {
    return Number(this.#text);
  }

  /** What JSON.stringify writes instead. */
  toJSON(): string | number {
    if (marked === undefined) {
      return this.valueOf();
    }
    marked = true;
    return MARK + this.#text;
  }
}

/** As JSON.parse, but for numbers that a double does not hold, which become an `ExactNumber`. */
export function readJson(text: string): unknown {
  if (!mayLose(text)) {
    return JSON.parse(text);
  }
  const marks = withMarks(text);
  try {
    return marks === undefined ? JSON.parse(text) : JSON.parse(marks, (_, value: unknown) => exact(value));
  } catch {
    // Says where the text itself is wrong. What is nested too deeply for the way above is so for all that follows.
    return JSON.parse(text);
  }
}

/** As JSON.stringify, with each `ExactNumber` as it was written. */
export function writeJson(value: unknown): string {
  const before = marked;
  marked = false;
  try {
    const text = JSON.stringify(value);
    return marked ? text.replace(MARKED, '$1') : text;
  } finally {
    marked = before;
  }
}

function exact(value: unknown): unknown {
  return typeof value === 'string' && value.startsWith(MARK) ? new ExactNumber(value.slice(MARK.length)) : value;
}

/** Whether there are that many digits in a row: one of them stands where this looks, and another one half as far before or behind it. */
function mayLose(text: string): boolean {
  for (let position = DIGITS - 1; position < text.length; position += DIGITS) {
    if (isDigit(text.charCodeAt(position)) && (isDigit(text.charCodeAt(position - DIGITS / 2)) || isDigit(text.charCodeAt(position + DIGITS / 2)))
      && run(text, position) >= DIGITS) {
      return true;
    }
  }
  return false;
}

function run(text: string, position: number): number {
  let [start, end] = [position, position + 1];
  while (isDigit(text.charCodeAt(start - 1))) {
    start -= 1;
  }
  while (isDigit(text.charCodeAt(end))) {
    end += 1;
  }
  return end - start;
}

/** The text with a marked string in place of every number that would be lost; `undefined`: there is none. */
function withMarks(text: string): string | undefined {
  const parts: string[] = [];
  let copied = 0;
  let position = 0;
  while (position < text.length) {
    const code = text.charCodeAt(position);
    if (code === 0x22) {
      position = endOfString(text, position);
    } else if (code === 0x2d || isDigit(code)) {
      const end = endOfNumber(text, position);
      const number = text.slice(position, end);
      if (end - position >= DIGITS && NUMBER.test(number) && String(Number(number)) !== number) {
        parts.push(text.slice(copied, position), `"${MARK}${number}"`);
        copied = end;
      }
      position = end;
    } else {
      position += 1;
    }
  }
  return parts.length === 0 ? undefined : parts.join('') + text.slice(copied);
}

/** Behind its closing quote, or the end of the text where there is none. */
function endOfString(text: string, start: number): number {
  let position = start + 1;
  for (;;) {
    const quote = text.indexOf('"', position);
    if (quote < 0) {
      return text.length;
    }
    let escapes = quote - 1;
    while (text.charCodeAt(escapes) === 0x5c) {
      escapes -= 1;
    }
    position = quote + 1;
    if ((quote - 1 - escapes) % 2 === 0) {
      return position;
    }
  }
}

function endOfNumber(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && /[\d.eE+-]/.test(text[end])) {
    end += 1;
  }
  return end;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
