import { Replayed } from '../replay';

type AnsweredCall = { readonly id: string; readonly function: object; readonly extra_content?: object };

/** A whole answer, as a client reads it. */
export interface Completion {
  readonly choices: ReadonlyArray<{
    readonly index: number;
    readonly message: Readonly<Record<string, unknown>> & { readonly tool_calls?: readonly AnsweredCall[] };
    readonly finish_reason: string;
    readonly provider_finish_reason: string;
    readonly logprobs: unknown;
  }>;
  readonly usage?: Readonly<Record<string, unknown>>;
  readonly service_tier?: string;
}

/** The answer, which is no error. */
export function completion({ text, failure }: Replayed): Completion {
  expect(failure).toBeUndefined();
  return JSON.parse(text) as Completion;
}
