import { WireReader } from './wire-reader';

/** Field numbers of envoy.config.core.v3.HeaderMap and HeaderValue. */
const HEADERS = 1;
const KEY = 1;
const VALUE = 2;
const RAW_VALUE = 3;

/**
 * Headers of one ext_proc message, left in the message's own bytes: a look-up compares bytes, and only what is asked for becomes a string.
 * Envoy sends names in lower case.
 */
export class HeaderMap {
  /** Four numbers a header: start and end of its name, start and end of its value. */
  private readonly ranges: number[] = [];

  /** `start` and `end`: the range of the HeaderMap message. Throws `WireError`. */
  constructor(private readonly bytes: Buffer, start: number, end: number) {
    const map = new WireReader(bytes, start, end);
    const header = new WireReader(bytes, 0, 0);
    while (map.next()) {
      if (map.field !== HEADERS) continue;
      header.reset(map.start, map.end);
      let nameStart = 0;
      let nameEnd = 0;
      let valueStart = 0;
      let valueEnd = 0;
      while (header.next()) {
        if (header.field === KEY) {
          nameStart = header.start;
          nameEnd = header.end;
        } else if ((header.field === VALUE || header.field === RAW_VALUE) && header.end > header.start) {
          valueStart = header.start;
          valueEnd = header.end;
        }
      }
      this.ranges.push(nameStart, nameEnd, valueStart, valueEnd);
    }
  }

  /** By lower-case name; several values are joined by `, `; `undefined`: no such header. */
  get(name: string): string | undefined {
    const { ranges } = this;
    let found: string | undefined;
    for (let index = 0; index < ranges.length; index += 4) {
      if (ranges[index + 1] - ranges[index] !== name.length || !this.equals(ranges[index], name)) continue;
      const value = this.bytes.toString('utf8', ranges[index + 2], ranges[index + 3]);
      found = found === undefined ? value : `${found}, ${value}`;
    }
    return found;
  }

  /** By lower-case name. */
  has(name: string): boolean {
    const { ranges } = this;
    for (let index = 0; index < ranges.length; index += 4) {
      if (ranges[index + 1] - ranges[index] === name.length && this.equals(ranges[index], name)) return true;
    }
    return false;
  }

  /** Every name once, pseudo-headers included. */
  names(): Set<string> {
    const names = new Set<string>();
    for (let index = 0; index < this.ranges.length; index += 4) names.add(this.bytes.toString('utf8', this.ranges[index], this.ranges[index + 1]));
    return names;
  }

  private equals(start: number, name: string): boolean {
    for (let offset = 0; offset < name.length; offset++) {
      if (this.bytes[start + offset] !== name.charCodeAt(offset)) return false;
    }
    return true;
  }
}
