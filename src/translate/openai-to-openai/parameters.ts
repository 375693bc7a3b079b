import type { ChatCompletionCreateParams } from 'openai/resources/chat/completions';
import type { CompletionCreateParams } from 'openai/resources/completions';
import type { EmbeddingCreateParams } from 'openai/resources/embeddings';
import { ParameterRule, ParameterTable } from '../parameter-table';

/** Every field goes upstream as it came; so do fields that are in no table, for providers know more than OpenAI does. */
function same<Name extends string>(...names: readonly Name[]): ParameterTable {
  return Object.fromEntries(names.map((name): [string, ParameterRule] => [name, { treatment: 'mapped', to: name }]));
}

const MODEL: ParameterRule = { treatment: 'mapped', to: 'model', note: 'the target\'s own model name, where the route gives one' };

const STREAM_OPTIONS: ParameterRule = {
  treatment: 'mapped',
  to: 'stream_options',
  note: 'include_usage is always true upstream; a client that did not ask for the usage chunk does not see it',
};

export const CHAT_COMPLETIONS_PARAMETERS: ParameterTable = {
  ...same<keyof ChatCompletionCreateParams>(
    'messages', 'audio', 'frequency_penalty', 'function_call', 'functions', 'logit_bias', 'logprobs', 'max_completion_tokens', 'max_tokens',
    'metadata', 'modalities', 'moderation', 'n', 'parallel_tool_calls', 'prediction', 'presence_penalty', 'prompt_cache_key',
    'prompt_cache_options', 'prompt_cache_retention', 'reasoning_effort', 'response_format', 'safety_identifier', 'seed', 'service_tier',
    'stop', 'store', 'stream', 'temperature', 'tool_choice', 'tools', 'top_logprobs', 'top_p', 'user', 'verbosity', 'web_search_options',
  ),
  model: MODEL,
  stream_options: STREAM_OPTIONS,
};

export const COMPLETIONS_PARAMETERS: ParameterTable = {
  ...same<keyof CompletionCreateParams>(
    'prompt', 'best_of', 'echo', 'frequency_penalty', 'logit_bias', 'logprobs', 'max_tokens', 'n', 'presence_penalty', 'seed', 'stop',
    'stream', 'suffix', 'temperature', 'top_p', 'user',
  ),
  model: MODEL,
  stream_options: STREAM_OPTIONS,
};

export const EMBEDDINGS_PARAMETERS: ParameterTable = {
  ...same<keyof EmbeddingCreateParams>('input', 'dimensions', 'encoding_format', 'user'),
  model: MODEL,
};
