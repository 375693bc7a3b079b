import type { ChatCompletionCreateParams } from 'openai/resources/chat/completions';
import { ParameterRule, ParameterTable } from '../parameter-table';

const mapped = (to: string, note?: string): ParameterRule => ({ treatment: 'mapped', to, ...note !== undefined && { note } });
const mappedWithLoss = (to: string, note: string): ParameterRule => ({ treatment: 'mappedWithLoss', to, note });
const advisory = (note: string, ...harmless: unknown[]): ParameterRule => ({ treatment: 'advisory', note, harmless: (value) => harmless.includes(value) });
const semantic = (note: string, ...harmless: unknown[]): ParameterRule => ({ treatment: 'semantic', note, harmless: (value) => harmless.includes(value) });

const rules: Readonly<Record<keyof ChatCompletionCreateParams, ParameterRule>> = {
  messages: mappedWithLoss('contents, systemInstruction',
    'system and developer messages at the start go to systemInstruction, a later one becomes a user turn; participants\' names and reasoning other than its '
    + 'signature (extra_content.google.thought_signature) are not sent; the detail of images is for Gemini 3 and later; '
    + 'pictures, sound, films and documents are taken as data URLs and gs:// URIs'),
  model: mapped('the path', 'the target\'s own model name, where the route gives one'),
  stream: mapped('the path', 'streamGenerateContent?alt=sse instead of generateContent'),
  stream_options: mappedWithLoss('usage chunk', 'include_usage is honoured; include_obfuscation has no effect'),
  max_completion_tokens: mapped('generationConfig.maxOutputTokens', 'wins over max_tokens; Gemini counts thoughts in it'),
  max_tokens: mapped('generationConfig.maxOutputTokens'),
  temperature: mapped('generationConfig.temperature'),
  top_p: mapped('generationConfig.topP'),
  stop: mappedWithLoss('generationConfig.stopSequences', 'empty entries are left out; five at most'),
  n: mapped('generationConfig.candidateCount', 'eight at most'),
  seed: mappedWithLoss('generationConfig.seed', 'whole numbers of 32 bits only'),
  frequency_penalty: mapped('generationConfig.frequencyPenalty', '0 is not sent'),
  presence_penalty: mapped('generationConfig.presencePenalty', '0 is not sent'),
  logprobs: mapped('generationConfig.responseLogprobs'),
  top_logprobs: mapped('generationConfig.logprobs'),
  response_format: mappedWithLoss('generationConfig.responseMimeType, responseJsonSchema',
    'json_schema is always enforced; models before 2.5 get it as responseSchema; keywords that Gemini does not know are left out, references written out'),
  tools: mappedWithLoss('tools.functionDeclarations',
    'functions only; names that Gemini does not take are changed on the way and restored in the answer; '
    + 'schemas as in response_format; strict is not sent'),
  tool_choice: mappedWithLoss('toolConfig.functionCallingConfig', 'allowed_tools: only those tools are sent'),
  reasoning_effort: mappedWithLoss('generationConfig.thinkingConfig',
    'Gemini 2.5: thinkingBudget; Gemini 3 and later: thinkingLevel; other models get none; efforts that a model does not know become the nearest one'),
  service_tier: mappedWithLoss('x-vertex-ai-llm-shared-request-type, or serviceTier on the Gemini API',
    'flex and priority; auto and default are what Google does unasked; scale is not sent'),
  metadata: mappedWithLoss('labels', 'on Vertex AI; entries with other characters or lengths than it takes are left out'),
  parallel_tool_calls: advisory('Gemini may always call several tools at once', true),
  audio: semantic('audio of the model is not translated'),
  modalities: { ...semantic('text only is translated'), harmless: (value) => Array.isArray(value) && value.every((item) => item === 'text') },
  moderation: semantic('Gemini does not moderate by OpenAI\'s models; configure its safety settings with body.set'),
  web_search_options: semantic('Gemini\'s search is not translated; configure it with body.set'),
  functions: { ...semantic('deprecated by OpenAI; send tools'), harmless: (value) => Array.isArray(value) && value.length === 0 },
  function_call: semantic('deprecated by OpenAI; send tool_choice', 'none', 'auto'),
  logit_bias: {
    ...advisory('Gemini has no bias of tokens'),
    harmless: (value) => typeof value === 'object' && value !== null && Object.keys(value).length === 0,
  },
  prediction: advisory('Gemini takes no predicted output'),
  prompt_cache_key: advisory('Gemini caches by itself'),
  prompt_cache_options: advisory('Gemini caches by itself'),
  prompt_cache_retention: advisory('Gemini caches by itself'),
  safety_identifier: advisory('Gemini takes no end user'),
  user: advisory('Gemini takes no end user'),
  store: advisory('Gemini stores nothing', false),
  verbosity: advisory('Gemini has no verbosity', 'medium'),
};

/** What becomes of every field of a chat completion request on its way to Gemini. */
export const GEMINI_PARAMETERS: ParameterTable = rules;

/** A field that clients send beside OpenAI's, as Gemini and others have it. */
export const GEMINI_EXTENSIONS: readonly string[] = ['top_k'];
