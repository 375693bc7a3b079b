import type { Response, ResponseError, ResponseTextConfig, ResponseUsage } from 'openai/resources/responses/responses';
import type { Reasoning } from 'openai/resources/shared';
import { ResponseContext } from './response-context';
import { writeJson } from '../exact-json';
import { ResponseFailure } from '../translator';
import { Usage } from '../usage';

type Echoed = Omit<Response, 'id' | 'object' | 'created_at' | 'completed_at' | 'status' | 'model' | 'output' | 'output_text' | 'usage' | 'error' | 'incomplete_details'>;

/** The members of a response that a request has under the same name, each with what stands for it where it is left out. */
const ECHOED = {
  instructions: null,
  max_output_tokens: null,
  metadata: {},
  parallel_tool_calls: true,
  prompt_cache_key: null,
  reasoning: { effort: null, summary: null },
  safety_identifier: null,
  temperature: null,
  text: { format: { type: 'text' } },
  tool_choice: 'auto',
  tools: [],
  top_logprobs: 0,
  top_p: null,
  truncation: 'disabled',
  user: undefined,
} satisfies Partial<Record<keyof Echoed, unknown>>;
/** Whatever the client asked for, nothing is stored. */
const ALWAYS = '"background":false,"previous_response_id":null,"store":false';
/** Written once: a request has few of them. */
const LEFT_OUT: ReadonlyArray<readonly [name: keyof typeof ECHOED, written: string]> = (Object.keys(ECHOED) as Array<keyof typeof ECHOED>)
  .map((name) => [name, ECHOED[name] === undefined ? '' : `,"${name}":${JSON.stringify(ECHOED[name])}`]);

/** What a response says again of its request, as members of a JSON object: written once for all the events that hold a response. */
export function echoOf(request: Readonly<Record<string, unknown>>): string {
  let echo = ALWAYS;
  for (const [name, leftOut] of LEFT_OUT) {
    const value = request[name] ?? undefined;
    echo += value === undefined ? leftOut : `,"${name}":${writeJson(completed(name, value))}`;
  }
  return echo;
}

/** With what a response always has in these. */
function completed(name: keyof typeof ECHOED, value: unknown): unknown {
  if (name === 'reasoning') {
    const { effort, summary } = value as Partial<Reasoning>;
    return { effort: effort ?? null, summary: summary ?? null };
  }
  return name === 'text' ? { ...value as object, format: (value as ResponseTextConfig).format ?? ECHOED.text.format } : value;
}

/** The state of a response, as the answer and the events of a stream show it. */
export interface ResponseState {
  readonly status: 'in_progress' | 'completed' | 'incomplete' | 'failed';
  readonly output: readonly object[];
  readonly usage?: Usage;
  readonly failure?: ResponseFailure;
  readonly incompleteReason?: Response.IncompleteDetails['reason'];
  readonly serviceTier?: unknown;
  /** The provider's own word for why the answer ended. */
  readonly finishReason?: unknown;
}

/** A `response` object as JSON. */
export function responseJson(context: ResponseContext, state: ResponseState): string {
  const { status, output, usage, failure, incompleteReason, serviceTier, finishReason } = state;
  // JSON leaves out what is undefined.
  const members: Partial<Omit<Response, 'usage'>> & { readonly usage: ResponseUsage | null; readonly provider_finish_reason?: unknown } = {
    id: context.id,
    object: 'response',
    created_at: context.createdAt,
    completed_at: status === 'completed' ? Math.floor(context.environment.now() / 1000) : undefined,
    status,
    error: failure ? responseError(failure) : null,
    incomplete_details: incompleteReason ? { reason: incompleteReason } : null,
    model: context.model,
    output: output as Response['output'],
    service_tier: typeof serviceTier === 'string' ? serviceTier as Response['service_tier'] : undefined,
    provider_finish_reason: typeof finishReason === 'string' ? finishReason : undefined,
    usage: usage ? responseUsage(usage) : null,
  };
  return `${JSON.stringify(members).slice(0, -1)},${context.echo}}`;
}

function responseUsage(usage: Usage): ResponseUsage {
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: { cached_tokens: usage.cachedInputTokens, cache_write_tokens: usage.cacheCreationInputTokens },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    total_tokens: usage.totalTokens,
  };
}

/** Codes of a response's error are OpenAI's own; the provider's code stands in the error event before it. */
function responseError({ status, message }: ResponseFailure): ResponseError {
  return { code: status === 429 ? 'rate_limit_exceeded' : status >= 500 ? 'server_error' : 'invalid_prompt', message };
}
