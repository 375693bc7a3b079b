import { StringMatchType } from './resources/llm-route';

/** A request header that a rule asks for. */
export class HeaderMatch {
  /** A header with exactly this value. */
  public static exact(name: string, value: string): HeaderMatch {
    return new HeaderMatch('Exact', name, value);
  }

  /** A header whose value begins with this. */
  public static prefix(name: string, prefix: string): HeaderMatch {
    return new HeaderMatch('Prefix', name, prefix);
  }

  /** A header whose whole value matches this expression, in RE2 syntax (https://github.com/google/re2/wiki/Syntax). */
  public static regularExpression(name: string, expression: string): HeaderMatch {
    return new HeaderMatch('RegularExpression', name, expression);
  }

  private constructor(private readonly type: StringMatchType, private readonly name: string, private readonly value: string) {}

  /** @internal */
  public _toKube(): { readonly type: StringMatchType; readonly name: string; readonly value: string } {
    return { type: this.type, name: this.name, value: this.value };
  }
}
