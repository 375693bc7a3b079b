import type { ChatCompletionCreateParams } from 'openai/resources/chat/completions';
import { ClaudeHost } from '../anthropic/hosted-target';
import { ParameterRule, ParameterTable } from '../parameter-table';

const mapped = (to: string, note?: string): ParameterRule => ({ treatment: 'mapped', to, ...note !== undefined && { note } });
const mappedWithLoss = (to: string, note: string): ParameterRule => ({ treatment: 'mappedWithLoss', to, note });
const advisory = (note: string, ...harmless: unknown[]): ParameterRule => ({ treatment: 'advisory', note, harmless: (value) => harmless.includes(value) });
const semantic = (note: string, ...harmless: unknown[]): ParameterRule => ({ treatment: 'semantic', note, harmless: (value) => harmless.includes(value) });

type Rules = Readonly<Record<keyof ChatCompletionCreateParams, ParameterRule>>;

const CACHES = 'Claude caches at cache_control and prompt_cache_breakpoint only';
const IN_MESSAGES = 'system and developer messages at the start go to system, a later one becomes a user turn; participants\' names, the detail of images, '
  + 'reasoning without its signature and blank text are not sent; neighbours of the same role become one; ';

const anthropicRules: Rules = {
  messages: mappedWithLoss('messages, system', `${IN_MESSAGES}files are PDF or plain text`),
  model: mapped('model', 'the target\'s own model name, where the route gives one'),
  stream: mapped('stream'),
  stream_options: mappedWithLoss('usage chunk', 'include_usage is honoured; include_obfuscation has no effect'),
  max_completion_tokens: mapped('max_tokens', 'wins over max_tokens; without either, the model\'s own limit; a model whose limit is not known needs one'),
  max_tokens: mapped('max_tokens'),
  temperature: mappedWithLoss('temperature', 'above 1 it is sent as 1; left out where the model takes none (4.7 and later), and while it reasons'),
  top_p: mappedWithLoss('top_p',
    'left out beside temperature where the model takes one of the two (4.5 and 4.6), where it takes neither, and below 0.95 while it reasons'),
  stop: mappedWithLoss('stop_sequences', 'entries of nothing but white space are left out; Claude refuses them'),
  tools: mappedWithLoss('tools',
    'functions, and Anthropic\'s own tools by their dated type as they are; custom tools are not taken; names that Claude does not take are changed on the way '
    + 'and restored in the answer; strict for Claude 4.5 and later only'),
  tool_choice: mappedWithLoss('tool_choice', 'allowed_tools: only those tools are sent; a tool cannot be forced where the model refuses that (Sonnet and Opus 5.5, Fable 5.1), and while it reasons with a budget'),
  parallel_tool_calls: mapped('tool_choice.disable_parallel_tool_use'),
  reasoning_effort: mappedWithLoss('thinking, output_config.effort',
    'a token budget up to Claude 4.5, adaptive later; older models get none; efforts that a model does not know become the nearest one; '
    + 'none is the lowest effort where the model always reasons'),
  response_format: mappedWithLoss('output_config.format', 'json_schema is always enforced, and its objects get no members that it does not name; limits of numbers, texts and lists go into the description; json_object has no counterpart'),
  service_tier: mappedWithLoss('service_tier', 'default is standard_only; priority is auto; flex and scale are not sent'),
  safety_identifier: mappedWithLoss('metadata.user_id', 'up to 256 characters'),
  user: mappedWithLoss('metadata.user_id', 'up to 256 characters; safety_identifier wins'),
  web_search_options: mappedWithLoss('tools', 'the web_search tool; search_context_size has no effect'),
  metadata: advisory('Claude takes an end user only (safety_identifier)'),
  n: semantic('Claude gives one answer', 1),
  logprobs: semantic('Claude gives no log probabilities', false),
  top_logprobs: semantic('Claude gives no log probabilities', 0),
  audio: semantic('Claude gives no audio'),
  modalities: { ...semantic('Claude gives text only'), harmless: (value) => Array.isArray(value) && value.every((item) => item === 'text') },
  moderation: semantic('Claude does not moderate by OpenAI\'s models'),
  functions: { ...semantic('deprecated by OpenAI; send tools'), harmless: (value) => Array.isArray(value) && value.length === 0 },
  function_call: semantic('deprecated by OpenAI; send tool_choice', 'none', 'auto'),
  frequency_penalty: advisory('Claude has no penalties', 0),
  presence_penalty: advisory('Claude has no penalties', 0),
  logit_bias: {
    ...advisory('Claude has no bias of tokens'),
    harmless: (value) => typeof value === 'object' && value !== null && Object.keys(value).length === 0,
  },
  seed: advisory('Claude has no seed'),
  prediction: advisory('Claude takes no predicted output'),
  prompt_cache_key: advisory(CACHES),
  prompt_cache_options: advisory(CACHES),
  prompt_cache_retention: advisory(CACHES),
  store: advisory('Claude stores nothing', false),
  verbosity: advisory('Claude has no verbosity', 'medium'),
};

const BYTES_ONLY = mappedWithLoss('messages, system', `${IN_MESSAGES}images and files are sent as bytes, so only data URLs are taken; files are PDF or plain text`);

const TABLES: Readonly<Record<ClaudeHost, Rules>> = {
  Anthropic: anthropicRules,
  AWSAnthropic: {
    ...anthropicRules,
    messages: BYTES_ONLY,
    model: mapped('the path', anthropicRules.model.note),
    stream: mapped('the path', 'invoke-with-response-stream instead of invoke'),
    service_tier: mappedWithLoss('header X-Amzn-Bedrock-Service-Tier', 'flex and priority; auto and default are what Bedrock does unasked; scale is not sent'),
    web_search_options: semantic('Bedrock has no web search'),
  },
  GCPAnthropic: {
    ...anthropicRules,
    messages: BYTES_ONLY,
    model: mapped('the path', anthropicRules.model.note),
    stream: mapped('the path, stream', 'streamRawPredict instead of rawPredict'),
    service_tier: advisory('Vertex AI has no tiers', 'auto', 'default'),
  },
};

/** Fields of Anthropic's own that clients send beside OpenAI's. */
export const ANTHROPIC_EXTENSIONS: readonly string[] = ['thinking', 'top_k'];

/** What becomes of every field of a chat completion request on its way to Claude. */
export function messagesParameters(host: ClaudeHost): ParameterTable {
  return TABLES[host];
}
