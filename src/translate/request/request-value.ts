import { ExactNumber } from '../exact-json';
import { KeptJson } from '../kept-json';
import { LongText, Text } from '../long-text';
import { RequestError } from '../request-error';

const NO_ITEMS: readonly RequestValue[] = [];

/** A value somewhere in the request, with the path that an error names. `null` counts as absent, as it does for OpenAI. */
export class RequestValue {
  /** `place`: the path, or for what lies inside of another value its name or index there: few values of a request have a path that is ever read. */
  constructor(private readonly sent: unknown, private readonly place: string | number, private readonly parent?: RequestValue) {}

  get value(): unknown {
    return this.sent instanceof LongText ? this.sent.toString() : this.sent;
  }

  get path(): string {
    if (this.parent === undefined) {
      return String(this.place);
    }
    const { path } = this.parent;
    return typeof this.place === 'number' ? `${path}[${this.place}]` : path === '' ? this.place : `${path}.${this.place}`;
  }

  get present(): boolean {
    return this.sent !== undefined && this.sent !== null;
  }

  /** Whether `member(name)` is present. */
  has(name: string): boolean {
    const object = this.object();
    const value = object[name];
    return value !== undefined && value !== null && Object.hasOwn(object, name);
  }

  /** A member of an object, whether it is there or not. */
  member(name: string): RequestValue {
    const object = this.object();
    return new RequestValue(Object.hasOwn(object, name) ? object[name] : undefined, name, this);
  }

  /** The items of a member that may be absent. */
  itemsOf(name: string): readonly RequestValue[] {
    return this.has(name) ? this.member(name).items() : NO_ITEMS;
  }

  items(): RequestValue[] {
    if (!Array.isArray(this.sent)) {
      throw this.wrongType('an array');
    }
    return this.sent.map((item: unknown, index) => new RequestValue(item, index, this));
  }

  object(): Readonly<Record<string, unknown>> {
    if (!isObject(this.sent)) {
      throw this.wrongType('an object');
    }
    return this.sent;
  }

  string(): string {
    const { value } = this;
    if (typeof value !== 'string') {
      throw this.wrongType('a string');
    }
    return value;
  }

  /** Whether it is a string. */
  get isText(): boolean {
    return typeof this.sent === 'string' || this.sent instanceof LongText;
  }

  /** A string that goes on without a look at all of it. */
  text(): Text {
    return this.sent instanceof LongText ? this.sent : this.string();
  }

  nonEmptyString(): string {
    const text = this.string();
    if (text === '') {
      throw this.invalid('it must not be empty');
    }
    return text;
  }

  boolean(): boolean {
    if (typeof this.value !== 'boolean') {
      throw this.wrongType('a boolean');
    }
    return this.value;
  }

  number(lowest: number, highest: number): number {
    const value = this.value instanceof ExactNumber ? this.value.valueOf() : this.value;
    if (typeof value !== 'number') {
      throw this.wrongType('a number');
    }
    if (!(value >= lowest && value <= highest)) {
      throw this.invalid(`it must be from ${lowest} to ${highest}`);
    }
    return value;
  }

  positiveInteger(): number {
    const value = this.number(1, 2 ** 31 - 1);
    if (!Number.isInteger(value)) {
      throw this.invalid('it must be a whole number');
    }
    return value;
  }

  oneOf<const Text extends string>(allowed: readonly Text[]): Text {
    const text = this.string();
    const found = allowed[allowed.indexOf(text as Text)];
    if (found === undefined) {
      throw this.invalid(`allowed are ${allowed.map((name) => `'${name}'`).join(', ')}`);
    }
    return found;
  }

  /** `rule`: what is allowed, and what to do. */
  invalid(rule: string): RequestError {
    return new RequestError(400, `invalid value for '${this.path}': ${rule}`, 'invalid_value', this.path);
  }

  private wrongType(expected: string): RequestError {
    return this.present
      ? new RequestError(400, `invalid type for '${this.path}': expected ${expected}`, 'invalid_type', this.path)
      : new RequestError(400, `missing required parameter: '${this.path}' (${expected})`, 'missing_required_parameter', this.path);
  }
}

/** Of JSON: neither a list, nor a number or text that is kept as it was. */
function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof KeptJson);
}
