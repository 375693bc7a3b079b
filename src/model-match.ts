import { StringMatchType } from './resources/llm-route';

/** Which models a rule takes, by the name that the client asks for. */
export class ModelMatch {
  /** One model, by its whole name. */
  public static exact(name: string): ModelMatch {
    return new ModelMatch('Exact', name);
  }

  /** Every model whose name begins with this, such as `claude-`. */
  public static prefix(prefix: string): ModelMatch {
    return new ModelMatch('Prefix', prefix);
  }

  /** Every model whose whole name matches this expression, in RE2 syntax (https://github.com/google/re2/wiki/Syntax). */
  public static regularExpression(expression: string): ModelMatch {
    return new ModelMatch('RegularExpression', expression);
  }

  private constructor(private readonly type: StringMatchType, private readonly value: string) {}

  /** @internal */
  public _toKube(): { readonly type: StringMatchType; readonly value: string } {
    return { type: this.type, value: this.value };
  }
}
