import { FunctionNames } from '../gemini/function-names';
import { GeminiPart } from '../gemini/gemini-wire';
import { FunctionCallIds } from '../openai/tool-history';
import { RequestValue } from '../request/request-value';

/** A call that a result may belong to. */
export interface OpenCall {
  /** As Gemini knows it. */
  readonly name: string;
  /** Absent: the deprecated `function_call`, which has none. */
  readonly id?: string;
  /** Its place among all calls: Gemini tells calls of one function without an id apart by their order. */
  readonly order: number;
}

/** The calls of a conversation as far as it was read: Gemini wants the function's name with a result, where OpenAI has the call's id alone. */
export class GeminiCalls {
  private readonly byId = new Map<string, OpenCall>();
  private readonly legacyIds = new FunctionCallIds();
  private count = 0;

  constructor(private readonly names: FunctionNames) {}

  /** `id`: absent for the deprecated `function_call`. `input`: an object. */
  called(name: string, id: string | undefined, input: unknown): NonNullable<GeminiPart['functionCall']> {
    this.count += 1;
    const restricted = this.names.restricted(name);
    this.byId.set(id ?? this.legacyIds.asked(name), { name: restricted, ...id !== undefined && { id }, order: this.count });
    return { ...id !== undefined && { id }, name: restricted, args: input as Record<string, unknown> };
  }

  /** The call that a `tool` message answers. Throws `RequestError` for a result of no call. */
  answered(id: RequestValue): OpenCall {
    const call = this.byId.get(id.nonEmptyString());
    if (!call) {
      throw id.invalid('no tool call before it has this id');
    }
    return call;
  }

  /** The call that a deprecated `function` message answers. */
  answeredByName(name: RequestValue): OpenCall {
    return this.byId.get(this.legacyIds.answered(name)) ?? { name: this.names.restricted(name.string()), order: this.count };
  }
}
