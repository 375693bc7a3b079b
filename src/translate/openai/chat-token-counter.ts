import { SentBody } from '../body-pieces';
import { Losses } from '../request/losses';
import { ResponseTranslator, TranslationContext } from '../translator';

/** How a provider counts the tokens of a chat completion request without answering it. */
export interface ChatTokenCounter {
  /** Throws `RequestError` in the words of a chat completion. */
  request(chat: Readonly<Record<string, unknown>>, context: TranslationContext, losses: Losses): TokenCountRequest;
  /** The number in the provider's answer. */
  count(answer: Readonly<Record<string, unknown>>): unknown;
  /** Reads what the provider says in an error. */
  errors(): ResponseTranslator;
}

export interface TokenCountRequest {
  readonly path: string;
  /** JSON. */
  readonly body: SentBody;
  readonly setHeaders?: ReadonlyArray<readonly [name: string, value: string]>;
  readonly removeHeaders?: readonly string[];
}
