import type { ChatCompletionCreateParams } from 'openai/resources/chat/completions';
import { ParameterRule, ParameterTable } from '../parameter-table';

const mapped = (to: string, note?: string): ParameterRule => ({ treatment: 'mapped', to, ...note !== undefined && { note } });
const mappedWithLoss = (to: string, note: string): ParameterRule => ({ treatment: 'mappedWithLoss', to, note });
const advisory = (note: string, ...harmless: unknown[]): ParameterRule => ({ treatment: 'advisory', note, harmless: (value) => harmless.includes(value) });
const semantic = (note: string, ...harmless: unknown[]): ParameterRule => ({ treatment: 'semantic', note, harmless: (value) => harmless.includes(value) });

const rules: Readonly<Record<keyof ChatCompletionCreateParams, ParameterRule>> = {
  messages: mappedWithLoss('messages, system',
    'system and developer messages at the start go to system, a later one becomes a user turn; participants\' names, the detail of images, '
    + 'reasoning without its signature and blank text are not sent; neighbours of the same role become one; '
    + 'images and files are sent as bytes, so only data URLs are taken'),
  model: mapped('the path', 'the target\'s own model name, where the route gives one'),
  stream: mapped('the path', 'converse-stream instead of converse'),
  stream_options: mappedWithLoss('usage chunk', 'include_usage is honoured; include_obfuscation has no effect'),
  max_completion_tokens: mapped('inferenceConfig.maxTokens', 'wins over max_tokens; without either, the model\'s own limit'),
  max_tokens: mapped('inferenceConfig.maxTokens'),
  temperature: mappedWithLoss('inferenceConfig.temperature',
    'above 1 it is sent as 1; left out where the model takes none, and while Claude or Nova reason in a way that forbids it'),
  top_p: mappedWithLoss('inferenceConfig.topP',
    'left out beside temperature where the model takes one of the two (Claude 4.5 and later), where it takes neither, and while it reasons'),
  stop: mappedWithLoss('inferenceConfig.stopSequences', 'entries of nothing but white space are left out; Converse refuses them'),
  tools: mappedWithLoss('toolConfig.tools',
    'functions only; names that Converse does not take are changed on the way and restored in the answer; strict for Claude 4.5 and later only'),
  tool_choice: mappedWithLoss('toolConfig.toolChoice',
    'none: no tools are sent, or, where the history has tool calls, tools without a choice; allowed_tools: only those tools are sent; '
    + 'a tool cannot be forced where Claude refuses that (Sonnet and Opus 5.5, Fable 5.1), and while it reasons'),
  parallel_tool_calls: mappedWithLoss('additionalModelRequestFields.tool_choice', 'false: for Claude 4.5 and later, while no tool is forced'),
  reasoning_effort: mappedWithLoss('additionalModelRequestFields, outputConfig.effort',
    'Claude: thinking, with a token budget or adaptive; Nova 2: reasoningConfig; gpt-oss: reasoning_effort; other models get none; '
    + 'efforts that a model does not know become the nearest one'),
  response_format: mappedWithLoss('outputConfig.textFormat', 'json_schema is always enforced, and its objects get no members that it does not name; for Claude limits of numbers, texts and lists go into the description; json_object has no counterpart'),
  service_tier: mappedWithLoss('serviceTier', 'flex and priority; auto and default are what Bedrock does unasked; scale is not sent'),
  metadata: mappedWithLoss('requestMetadata', 'for the invocation log; entries with other characters or lengths than Bedrock takes are left out'),
  n: semantic('Converse gives one answer', 1),
  logprobs: semantic('Converse gives no log probabilities', false),
  top_logprobs: semantic('Converse gives no log probabilities', 0),
  audio: semantic('Converse gives no audio'),
  modalities: { ...semantic('Converse gives text only'), harmless: (value) => Array.isArray(value) && value.every((item) => item === 'text') },
  moderation: semantic('Converse does not moderate by OpenAI\'s models; configure a Bedrock guardrail'),
  web_search_options: semantic('Converse has no web search'),
  functions: { ...semantic('deprecated by OpenAI; send tools'), harmless: (value) => Array.isArray(value) && value.length === 0 },
  function_call: semantic('deprecated by OpenAI; send tool_choice', 'none', 'auto'),
  frequency_penalty: advisory('Converse has no penalties', 0),
  presence_penalty: advisory('Converse has no penalties', 0),
  logit_bias: {
    ...advisory('Converse has no bias of tokens'),
    harmless: (value) => typeof value === 'object' && value !== null && Object.keys(value).length === 0,
  },
  seed: advisory('Converse has no seed'),
  prediction: advisory('Converse takes no predicted output'),
  prompt_cache_key: advisory('Bedrock caches at cache_control and prompt_cache_breakpoint only'),
  prompt_cache_options: advisory('Bedrock caches at cache_control and prompt_cache_breakpoint only'),
  prompt_cache_retention: advisory('Bedrock caches at cache_control and prompt_cache_breakpoint only'),
  safety_identifier: advisory('Converse takes no end user'),
  user: advisory('Converse takes no end user'),
  store: advisory('Converse stores nothing', false),
  verbosity: advisory('Converse has no verbosity', 'medium'),
};

/** What becomes of every field of a chat completion request on its way to Bedrock Converse. */
export const CONVERSE_PARAMETERS: ParameterTable = rules;

/** Fields of Anthropic's own that clients send beside OpenAI's; Claude takes them in `additionalModelRequestFields`. */
export const CONVERSE_EXTENSIONS: readonly string[] = ['thinking', 'top_k'];
