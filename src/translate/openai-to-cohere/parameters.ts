import type { ChatCompletionCreateParams } from 'openai/resources/chat/completions';
import type { EmbeddingCreateParams } from 'openai/resources/embeddings';
import { ParameterRule, ParameterTable } from '../parameter-table';

const mapped = (to: string, note?: string): ParameterRule => ({ treatment: 'mapped', to, ...note !== undefined && { note } });
const mappedWithLoss = (to: string, note: string): ParameterRule => ({ treatment: 'mappedWithLoss', to, note });
const advisory = (note: string, ...harmless: unknown[]): ParameterRule => ({ treatment: 'advisory', note, harmless: (value) => harmless.includes(value) });
const semantic = (note: string, ...harmless: unknown[]): ParameterRule => ({ treatment: 'semantic', note, harmless: (value) => harmless.includes(value) });

const MODEL = mapped('model', 'the target\'s own model name, where the route gives one');

const chat: Readonly<Record<keyof ChatCompletionCreateParams, ParameterRule>> = {
  messages: mappedWithLoss('messages',
    'system and developer messages at the start become one, a later one becomes a user message; participants\' names, blank text and cache marks are not '
    + 'sent; text beside tool calls is sent as tool_plan, reasoning_content as thinking; text and images only'),
  model: MODEL,
  stream: mapped('stream'),
  stream_options: mappedWithLoss('usage chunk', 'include_usage is honoured; include_obfuscation has no effect'),
  max_completion_tokens: mapped('max_tokens', 'wins over max_tokens; without either, the model\'s own limit'),
  max_tokens: mapped('max_tokens'),
  temperature: mappedWithLoss('temperature', 'above 1 it is sent as 1'),
  top_p: mappedWithLoss('p', 'sent as 0.01 to 0.99, between which Cohere takes it'),
  stop: mappedWithLoss('stop_sequences', 'empty entries are left out'),
  seed: mappedWithLoss('seed', 'left out below 0'),
  frequency_penalty: mappedWithLoss('frequency_penalty', 'sent as 0 to 1, between which Cohere takes it'),
  presence_penalty: mappedWithLoss('presence_penalty', 'sent as 0 to 1, between which Cohere takes it'),
  logprobs: mappedWithLoss('logprobs', 'Cohere tells them by pieces of text: of a piece with several tokens the sum'),
  tools: mappedWithLoss('tools',
    'functions only; names that are not of letters, digits, _ and - are changed on the way and restored in the answer; '
    + 'strict becomes strict_tools where every function has it'),
  tool_choice: mappedWithLoss('tool_choice', 'a function by its name: only that tool is sent, and one is required; allowed_tools: only those tools are sent'),
  reasoning_effort: mappedWithLoss('thinking', 'none: disabled; minimal, low, medium: a token budget; high and above: no budget'),
  response_format: mappedWithLoss('response_format', 'json_schema is always enforced; its name and description are not sent'),
  n: semantic('Cohere gives one answer', 1),
  top_logprobs: semantic('Cohere gives log probabilities of the chosen tokens only', 0),
  audio: semantic('Cohere gives no audio'),
  modalities: { ...semantic('Cohere gives text only'), harmless: (value) => Array.isArray(value) && value.every((item) => item === 'text') },
  moderation: semantic('Cohere does not moderate by OpenAI\'s models'),
  web_search_options: semantic('Cohere has no web search'),
  functions: { ...semantic('deprecated by OpenAI; send tools'), harmless: (value) => Array.isArray(value) && value.length === 0 },
  function_call: semantic('deprecated by OpenAI; send tool_choice', 'none', 'auto'),
  parallel_tool_calls: advisory('Cohere\'s models may call several tools at once', true),
  logit_bias: {
    ...advisory('Cohere has no bias of tokens'),
    harmless: (value) => typeof value === 'object' && value !== null && Object.keys(value).length === 0,
  },
  metadata: advisory('Cohere keeps no metadata'),
  prediction: advisory('Cohere takes no predicted output'),
  prompt_cache_key: advisory('Cohere caches by itself'),
  prompt_cache_options: advisory('Cohere caches by itself'),
  prompt_cache_retention: advisory('Cohere caches by itself'),
  safety_identifier: advisory('Cohere takes no end user'),
  user: advisory('Cohere takes no end user'),
  service_tier: advisory('Cohere has no tiers', 'auto', 'default'),
  store: advisory('Cohere stores nothing', false),
  verbosity: advisory('Cohere has no verbosity', 'medium'),
};

/** What becomes of every field of a chat completion request on its way to Cohere. */
export const COHERE_CHAT_PARAMETERS: ParameterTable = chat;

const embeddings: Readonly<Record<keyof EmbeddingCreateParams, ParameterRule>> = {
  input: mappedWithLoss('texts',
    'text only, up to 96; Cohere wants to know what for: input_type, a field beside OpenAI\'s own, or else search_document; its truncate is passed as well'),
  model: MODEL,
  dimensions: mapped('output_dimension'),
  encoding_format: mapped('the answer', 'base64 is written by the gateway'),
  user: advisory('Cohere takes no end user'),
};

/** What becomes of every field of an embeddings request on its way to Cohere. */
export const COHERE_EMBEDDINGS_PARAMETERS: ParameterTable = embeddings;
