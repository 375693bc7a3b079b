import type { ChatCompletionCreateParams } from 'openai/resources/chat/completions';
import type { ResponseCreateParams } from 'openai/resources/responses/responses';
import { ContentContext } from './content-parts';
import { chatMessages } from './messages';
import { Origins, Renames } from './origins';
import { OWN_PARAMETERS } from './parameters';
import { chatToolChoice, chatTools } from './tools';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

/** A chat completion request that stands for a Responses request. */
export interface ChatRequest {
  readonly json: Readonly<Record<string, unknown>>;
  /** Where its parts came from. */
  readonly origins: Origins;
}

type ChatField = Exclude<keyof ChatCompletionCreateParams, keyof ResponseCreateParams>;

/** Of a chat alone: a translator of chats would take them for the client's wish, and three answers (`n`) cost three times as much. */
const CHAT_FIELDS = Object.keys({
  audio: true,
  frequency_penalty: true,
  function_call: true,
  functions: true,
  logit_bias: true,
  logprobs: true,
  max_completion_tokens: true,
  max_tokens: true,
  messages: true,
  modalities: true,
  n: true,
  prediction: true,
  presence_penalty: true,
  reasoning_effort: true,
  response_format: true,
  seed: true,
  stop: true,
  verbosity: true,
  web_search_options: true,
} satisfies Readonly<Record<ChatField, true>>);

/** Fields that are read here; any other goes on under its name. */
const READ = new Set([
  ...Object.keys(OWN_PARAMETERS), ...CHAT_FIELDS, 'input', 'instructions', 'tools', 'tool_choice', 'reasoning', 'text', 'include', 'max_output_tokens', 'top_logprobs', 'stream',
]);
const TOP: Renames = [
  ['messages', 'input'], ['max_completion_tokens', 'max_output_tokens'], ['response_format', 'text.format'], ['verbosity', 'text.verbosity'],
  ['reasoning_effort', 'reasoning.effort'],
];
const FORMAT: Renames = [['json_schema', '']];
const SUMMARIES = ['auto', 'concise', 'detailed'] as const;
const INCLUDE_USAGE = { include_usage: true };
const LOGPROBS = 'message.output_text.logprobs';
const ALWAYS_INCLUDED = 'reasoning.encrypted_content';

/** A Responses request as a chat completion request. Throws `RequestError` for what the client must change. */
export function chatRequest(json: Readonly<Record<string, unknown>>, stream: boolean, losses: Losses): ChatRequest {
  const request = new RequestValue(json, '');
  const origins = new Origins();
  const context: ContentContext = { losses, origins };
  applyOwnPolicy(json, losses);
  loseChatFields(json, losses);
  const choice = request.member('tool_choice');
  const limit = request.member('max_output_tokens');
  const { logprobs, path: logprobsPath } = wantedLogprobs(request, losses);
  const chat: Record<string, unknown> = {};
  for (const name of Object.keys(json)) {
    if (!READ.has(name)) {
      chat[name] = json[name];
    }
  }
  chat.messages = chatMessages(request, context);
  Object.assign(chat, chatTools(request.member('tools'), context));
  if (choice.present) {
    chat.tool_choice = chatToolChoice(choice, context);
  }
  if (limit.present) {
    chat.max_completion_tokens = limit.value;
  }
  Object.assign(chat, reasoningFields(request.member('reasoning'), losses), textFields(request.member('text'), context), logprobs);
  if (stream) {
    chat.stream = stream;
    chat.stream_options = INCLUDE_USAGE;
  }
  origins.mark(chat, '', logprobsPath === undefined ? TOP : [...TOP, ['logprobs', logprobsPath]]);
  return { json: chat, origins };
}

function applyOwnPolicy(json: Readonly<Record<string, unknown>>, losses: Losses): void {
  for (const [name, rule] of Object.entries(OWN_PARAMETERS)) {
    const value = json[name];
    if (value !== undefined && value !== null && !rule.harmless?.(value)) {
      losses[rule.treatment === 'semantic' ? 'semantic' : 'advisory'](name, rule.note ?? 'there is no counterpart');
    }
  }
}

function loseChatFields(json: Readonly<Record<string, unknown>>, losses: Losses): void {
  for (const name of CHAT_FIELDS) {
    if (json[name] !== undefined && json[name] !== null) {
      losses.advisory(name, 'no field of OpenAI\'s Responses API');
    }
  }
}

function reasoningFields(reasoning: RequestValue, losses: Losses): object {
  if (!reasoning.present) {
    return {};
  }
  for (const name of ['summary', 'generate_summary']) {
    const summary = reasoning.member(name);
    if (summary.present && summary.oneOf(SUMMARIES) !== 'auto') {
      losses.advisory(summary.path, 'the provider chooses how much of its reasoning it shows');
    }
  }
  for (const [name, harmless] of [['context', 'auto'], ['mode', 'standard']] as const) {
    const value = reasoning.member(name);
    if (value.present && value.string() !== harmless) {
      losses.advisory(value.path, 'there is no counterpart');
    }
  }
  const effort = reasoning.member('effort');
  return effort.present ? { reasoning_effort: effort.value } : {};
}

function textFields(text: RequestValue, { origins }: ContentContext): object {
  if (!text.present) {
    return {};
  }
  const [format, verbosity] = [text.member('format'), text.member('verbosity')];
  return {
    ...format.present && { response_format: origins.mark(chatFormat(format), format, FORMAT) },
    ...verbosity.present && { verbosity: verbosity.value },
  };
}

function chatFormat(format: RequestValue): object {
  const { type, ...schema } = format.object();
  return type === 'json_schema' ? { type, json_schema: schema } : { type, ...schema };
}

function wantedLogprobs(request: RequestValue, losses: Losses): { readonly logprobs: object; readonly path?: string } {
  const include = request.member('include');
  let wanted: RequestValue | undefined;
  for (const item of include.present ? include.items() : []) {
    const name = item.string();
    if (name === LOGPROBS) {
      wanted = item;
    } else if (name !== ALWAYS_INCLUDED) {
      losses.advisory(item.path, 'there is nothing of the kind in the answer');
    }
  }
  const top = request.member('top_logprobs');
  if (top.present && top.value !== 0) {
    return { logprobs: { logprobs: true, top_logprobs: top.value }, path: top.path };
  }
  return wanted ? { logprobs: { logprobs: true }, path: wanted.path } : { logprobs: {} };
}
