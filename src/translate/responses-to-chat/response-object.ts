import type { Response, ResponseCreateParams, ResponseError, ResponseUsage } from 'openai/resources/responses/responses';
import { ResponseContext } from './response-context';
import { writeJson } from '../exact-json';
import { ResponseFailure } from '../translator';
import { Usage } from '../usage';

type Echoed = Omit<Response, 'id' | 'object' | 'created_at' | 'completed_at' | 'status' | 'model' | 'output' | 'output_text' | 'usage' | 'error' | 'incomplete_details'>;

/** What a response says again of its request, as members of a JSON object: written once for all the events that hold a response. */
export function echoOf(request: Readonly<Record<string, unknown>>): string {
  const {
    instructions, max_output_tokens: limit, metadata, parallel_tool_calls: parallel, prompt_cache_key: cacheKey, reasoning, safety_identifier: safety,
    temperature, text, tool_choice: choice, tools, top_logprobs: topLogprobs, top_p: topP, truncation, user,
  } = request as Partial<ResponseCreateParams>;
  const echoed: Echoed & { readonly store: false } = {
    background: false,
    instructions: instructions ?? null,
    max_output_tokens: limit ?? null,
    metadata: metadata ?? {},
    parallel_tool_calls: parallel ?? true,
    previous_response_id: null,
    prompt_cache_key: cacheKey ?? null,
    reasoning: { effort: reasoning?.effort ?? null, summary: reasoning?.summary ?? null },
    safety_identifier: safety ?? null,
    temperature: temperature ?? null,
    text: { ...text, format: text?.format ?? { type: 'text' } },
    tool_choice: choice ?? 'auto',
    tools: tools ?? [],
    top_logprobs: topLogprobs ?? 0,
    top_p: topP ?? null,
    truncation: truncation ?? 'disabled',
    user,
    // Whatever the client asked for, nothing is stored.
    store: false,
  };
  return writeJson(echoed).slice(1, -1);
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
  const members: Partial<Response> & { provider_finish_reason?: unknown } = {
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
  };
  return `{${JSON.stringify(members).slice(1, -1)},${context.echo},"usage":${JSON.stringify(usage ? responseUsage(usage) : null)}}`;
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
