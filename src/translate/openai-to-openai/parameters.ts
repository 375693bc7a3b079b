import type { SpeechCreateParams } from 'openai/resources/audio/speech';
import type { TranscriptionCreateParams } from 'openai/resources/audio/transcriptions';
import type { TranslationCreateParams } from 'openai/resources/audio/translations';
import type { ChatCompletionCreateParams } from 'openai/resources/chat/completions';
import type { CompletionCreateParams } from 'openai/resources/completions';
import type { EmbeddingCreateParams } from 'openai/resources/embeddings';
import type { ImageGenerateParams } from 'openai/resources/images';
import type { InputTokenCountParams } from 'openai/resources/responses/input-tokens';
import type { ResponseCreateParams } from 'openai/resources/responses/responses';
import { ParameterRule } from '../parameter-table';

/** A rule for every field of a request: a new one of the official client fails to compile until it has one. */
type EveryField<Request> = Readonly<Record<keyof Request & string, ParameterRule>>;

/** Every field goes upstream as it came; so do fields that are in no table, for providers know more than OpenAI does. */
function same<Name extends string>(...names: readonly Name[]): Readonly<Record<Name, ParameterRule>> {
  return Object.fromEntries(names.map((name): [string, ParameterRule] => [name, { treatment: 'mapped', to: name }])) as Record<Name, ParameterRule>;
}

const MODEL: ParameterRule = { treatment: 'mapped', to: 'model', note: 'the target\'s own model name, where the route gives one' };

const STREAM_OPTIONS: ParameterRule = {
  treatment: 'mapped',
  to: 'stream_options',
  note: 'include_usage is always true upstream; a client that did not ask for the usage chunk does not see it',
};

export const CHAT_COMPLETIONS_PARAMETERS: EveryField<ChatCompletionCreateParams> = {
  ...same(
    'messages', 'audio', 'frequency_penalty', 'function_call', 'functions', 'logit_bias', 'logprobs', 'max_completion_tokens', 'max_tokens',
    'metadata', 'modalities', 'moderation', 'n', 'parallel_tool_calls', 'prediction', 'presence_penalty', 'prompt_cache_key',
    'prompt_cache_options', 'prompt_cache_retention', 'reasoning_effort', 'response_format', 'safety_identifier', 'seed', 'service_tier',
    'stop', 'store', 'stream', 'temperature', 'tool_choice', 'tools', 'top_logprobs', 'top_p', 'user', 'verbosity', 'web_search_options',
  ),
  model: MODEL,
  stream_options: STREAM_OPTIONS,
};

export const RESPONSES_PARAMETERS: EveryField<ResponseCreateParams> = {
  ...same(
    'background', 'context_management', 'conversation', 'include', 'input', 'instructions', 'max_output_tokens', 'metadata',
    'moderation', 'parallel_tool_calls', 'previous_response_id', 'prompt', 'prompt_cache_key', 'prompt_cache_options', 'prompt_cache_retention',
    'reasoning', 'safety_identifier', 'service_tier', 'store', 'stream', 'stream_options', 'temperature', 'text', 'tool_choice', 'tools',
    'top_logprobs', 'top_p', 'truncation', 'user',
  ),
  model: MODEL,
};

export const RESPONSE_INPUT_TOKENS_PARAMETERS: EveryField<InputTokenCountParams> = {
  ...same('conversation', 'input', 'instructions', 'parallel_tool_calls', 'personality', 'previous_response_id', 'reasoning', 'text', 'tool_choice', 'tools', 'truncation'),
  model: MODEL,
};

export const COMPLETIONS_PARAMETERS: EveryField<CompletionCreateParams> = {
  ...same(
    'prompt', 'best_of', 'echo', 'frequency_penalty', 'logit_bias', 'logprobs', 'max_tokens', 'n', 'presence_penalty', 'seed', 'stop',
    'stream', 'suffix', 'temperature', 'top_p', 'user',
  ),
  model: MODEL,
  stream_options: STREAM_OPTIONS,
};

export const EMBEDDINGS_PARAMETERS: EveryField<EmbeddingCreateParams> = {
  ...same('input', 'dimensions', 'encoding_format', 'user'),
  model: MODEL,
};

export const IMAGE_GENERATIONS_PARAMETERS: EveryField<ImageGenerateParams> = {
  ...same(
    'prompt', 'background', 'moderation', 'n', 'output_compression', 'output_format', 'partial_images', 'quality', 'response_format', 'size',
    'stream', 'style', 'user',
  ),
  model: MODEL,
};

export const SPEECH_PARAMETERS: EveryField<SpeechCreateParams> = {
  ...same('input', 'voice', 'instructions', 'response_format', 'speed', 'stream_format'),
  model: MODEL,
};

export const TRANSCRIPTIONS_PARAMETERS: EveryField<TranscriptionCreateParams> = {
  ...same(
    'file', 'chunking_strategy', 'include', 'known_speaker_names', 'known_speaker_references', 'language', 'prompt', 'response_format', 'stream',
    'temperature', 'timestamp_granularities',
  ),
  model: MODEL,
};

export const TRANSLATIONS_PARAMETERS: EveryField<TranslationCreateParams> = {
  ...same('file', 'prompt', 'response_format', 'temperature'),
  model: MODEL,
};
