import type { InputTokenCountParams } from 'openai/resources/responses/input-tokens';
import type { ResponseCreateParams } from 'openai/resources/responses/responses';
import { ParameterRule, ParameterTable } from '../parameter-table';

const advisory = (note: string, harmless: (value: unknown) => boolean = () => false): ParameterRule => ({ treatment: 'advisory', note, harmless });
const semantic = (note: string, harmless: (value: unknown) => boolean = () => false): ParameterRule => ({ treatment: 'semantic', note, harmless });
const member = (value: unknown, name: string): unknown => (value as Readonly<Record<string, unknown>>)[name];

const STATELESS = 'nothing is stored here; send the items themselves in input';

/** Fields that no chat translator sees. */
const OWN = {
  background: semantic('an answer is given at once', (value) => value === false),
  context_management: advisory('nothing is compacted', (value) => Array.isArray(value) && value.length === 0),
  conversation: semantic(STATELESS),
  previous_response_id: semantic(STATELESS),
  prompt: semantic('templates are kept by OpenAI; send the text itself'),
  store: advisory('nothing is stored', (value) => value === false),
  stream_options: advisory('nothing is obfuscated', (value) => member(value, 'include_obfuscation') !== true),
  truncation: advisory('nothing is left out of a conversation that is too long', (value) => value === 'disabled'),
  personality: advisory('there are no presets of style'),
} satisfies ParameterTable;

/** Of a request to count tokens and of one for an answer. */
type SharedField = Exclude<keyof InputTokenCountParams, 'personality'>;
type AnswerField = keyof ResponseCreateParams;

function sharedRules(chat: ParameterTable): Record<SharedField, ParameterRule> {
  const { response_format: format, verbosity } = chat;
  return {
    model: chat.model,
    input: {
      ...chat.messages,
      treatment: 'mappedWithLoss',
      note: `items in a row that a model wrote become one message; encrypted_content is taken where this gateway gave it; item references, and the items of OpenAI's own tools, are not taken; ${chat.messages.note ?? ''}`,
    },
    instructions: { treatment: 'mapped', to: chat.messages.to, note: 'the first system message' },
    tools: {
      ...chat.tools,
      treatment: 'mappedWithLoss',
      note: `web_search: ${chat.web_search_options.to === undefined ? chat.web_search_options.note : 'as the provider\'s own search, without filters'}; other tools of OpenAI's own are not taken; ${chat.tools.note ?? ''}`,
    },
    tool_choice: chat.tool_choice,
    parallel_tool_calls: chat.parallel_tool_calls,
    reasoning: {
      ...chat.reasoning_effort,
      treatment: 'mappedWithLoss',
      note: `effort: ${chat.reasoning_effort.note ?? 'as it is'}; what the provider shows of its reasoning is always given as the summary, in the length that the provider chose`,
    },
    text: {
      treatment: 'mappedWithLoss',
      to: format.to ?? 'nothing',
      note: `format: ${format.note ?? 'as it is'}; verbosity: ${verbosity.note ?? 'as it is'}`,
    },
    conversation: OWN.conversation,
    previous_response_id: OWN.previous_response_id,
    truncation: OWN.truncation,
  };
}

/** What becomes of every field of a Responses request on its way to a target, by what becomes of a chat completion request on that way. */
export function responsesParameters(chat: ParameterTable): ParameterTable {
  const rules: Readonly<Record<AnswerField, ParameterRule>> = {
    ...sharedRules(chat),
    background: OWN.background,
    context_management: OWN.context_management,
    include: {
      treatment: 'mappedWithLoss',
      to: chat.logprobs.to ?? 'the answer',
      note: `reasoning.encrypted_content is always there; message.output_text.logprobs: ${chat.logprobs.note ?? 'as they are'}; nothing else can be included`,
    },
    max_output_tokens: chat.max_completion_tokens,
    metadata: chat.metadata,
    moderation: chat.moderation,
    prompt: OWN.prompt,
    prompt_cache_key: chat.prompt_cache_key,
    prompt_cache_options: chat.prompt_cache_options,
    prompt_cache_retention: chat.prompt_cache_retention,
    safety_identifier: chat.safety_identifier,
    service_tier: chat.service_tier,
    store: OWN.store,
    stream: chat.stream,
    stream_options: OWN.stream_options,
    temperature: chat.temperature,
    top_logprobs: chat.top_logprobs,
    top_p: chat.top_p,
    user: chat.user,
  };
  return rules;
}

/** The same for a request to count the tokens of its input. */
export function inputTokensParameters(chat: ParameterTable): ParameterTable {
  const rules: Readonly<Record<keyof InputTokenCountParams, ParameterRule>> = { ...sharedRules(chat), personality: OWN.personality };
  return rules;
}

/** Rules of the fields that are dealt with before a chat translator sees the request, by the names of the fields. */
export const OWN_PARAMETERS: ParameterTable = OWN;
