import { ModelMatch } from './model-match';
import { ClaimMatcher } from './resources/llm-route';

/** A claim of a client's token that an access rule asks for. A claim within another is written with a dot, as in `org.team`. */
export class ClaimMatch {
  /** The claim has one of these values. */
  public static exact(name: string, ...values: string[]): ClaimMatch {
    return new ClaimMatch({ name, valueType: 'String', values });
  }

  /** The claim is a list that has one of these values in it. */
  public static contains(name: string, ...values: string[]): ClaimMatch {
    return new ClaimMatch({ name, valueType: 'StringArray', values });
  }

  private constructor(private readonly matcher: ClaimMatcher) {}

  /** @internal */
  public _toKube(): ClaimMatcher {
    return this.matcher;
  }
}

/** Clients and the models that they may call. All conditions must hold. */
export interface ModelAccessOptions {
  /**
   * Ids of clients: keys in the Secrets of `ClientAuth.apiKeys`.
   *
   * @default - every client
   */
  readonly clients?: string[];

  /**
   * Claims of tokens of `ClientAuth.jwt`.
   *
   * @default - every token
   */
  readonly claims?: ClaimMatch[];

  /**
   * Models, by the name that the client asks for: `ModelMatch.exact` and `ModelMatch.prefix`. Envoy has bounds on regular expressions, and where one is
   * beyond them it refuses the configuration of the whole Gateway.
   *
   * @default - every model
   */
  readonly models?: ModelMatch[];
}
