import type { ChatCompletionCreateParams } from 'openai/resources/chat/completions';

const FIELDS: Readonly<Record<keyof ChatCompletionCreateParams, true>> = {
  messages: true,
  model: true,
  audio: true,
  frequency_penalty: true,
  function_call: true,
  functions: true,
  logit_bias: true,
  logprobs: true,
  max_completion_tokens: true,
  max_tokens: true,
  metadata: true,
  modalities: true,
  moderation: true,
  n: true,
  parallel_tool_calls: true,
  prediction: true,
  presence_penalty: true,
  prompt_cache_key: true,
  prompt_cache_options: true,
  prompt_cache_retention: true,
  reasoning_effort: true,
  response_format: true,
  safety_identifier: true,
  seed: true,
  service_tier: true,
  stop: true,
  store: true,
  stream: true,
  stream_options: true,
  temperature: true,
  tool_choice: true,
  tools: true,
  top_logprobs: true,
  top_p: true,
  user: true,
  verbosity: true,
  web_search_options: true,
};
const MESSAGE_FIELDS: Readonly<Record<string, readonly string[]>> = {
  system: ['role', 'content', 'name'],
  user: ['role', 'content', 'name'],
  assistant: ['role', 'content', 'name', 'refusal', 'tool_calls', 'audio'],
  tool: ['role', 'content', 'tool_call_id'],
};
const PARTS: Readonly<Record<string, readonly string[]>> = {
  system: ['text'], user: ['text', 'image_url', 'file', 'input_audio'], assistant: ['text', 'refusal'], tool: ['text'],
};
const NAME = /^[a-zA-Z0-9_-]{1,64}$/;

type Json = Readonly<Record<string, unknown>>;

/**
 * What OpenAI would refuse of a chat completion request, in words; `undefined` when it is in order. By the API reference, and what the
 * service is known for: unknown fields, tool messages that answer no call, calls without an answer.
 * https://platform.openai.com/docs/api-reference/chat/create
 */
export function chatComplaint(body: unknown): string | undefined {
  return isObject(body) ? [...complaints(body)][0] : 'the body must be an object';
}

function* complaints(body: Json): Generator<string> {
  for (const name of Object.keys(body)) {
    if (!Object.hasOwn(FIELDS, name)) yield `Unrecognized request argument supplied: ${name}`;
  }
  if (typeof body.model !== 'string' || body.model === '') yield 'model is required';
  if (body.max_tokens !== undefined && body.max_completion_tokens !== undefined) yield 'max_tokens and max_completion_tokens cannot both be set';
  yield* messageComplaints(body.messages);
  yield* toolComplaints(body);
  const limit = body.max_completion_tokens ?? body.max_tokens ?? 1;
  if (!Number.isInteger(limit) || (limit as number) < 1) yield 'the token limit must be a positive integer';
  if (typeof body.user === 'string' && body.user.length > 64) yield 'user: string too long';
  if (body.stop !== undefined && typeof body.stop !== 'string' && !(Array.isArray(body.stop) && body.stop.length > 0)) yield 'stop must be a string or a list that is not empty';
  const format = body.response_format;
  if (format !== undefined && !(isObject(format) && isObject(format.json_schema) && NAME.test(String(format.json_schema.name)) && isObject(format.json_schema.schema))) {
    yield 'response_format needs a name and a schema';
  }
}

function* messageComplaints(messages: unknown): Generator<string> {
  if (!Array.isArray(messages) || messages.length === 0) {
    yield 'messages must not be empty';
    return;
  }
  const open = new Set<unknown>();
  for (const [index, message] of (messages as readonly Json[]).entries()) {
    const at = `messages.${index}`;
    const fields = MESSAGE_FIELDS[String(message.role)];
    if (!fields) {
      yield `${at}: no such role`;
      continue;
    }
    const unknown = Object.keys(message).find((name) => !fields.includes(name));
    if (unknown !== undefined) yield `${at}: additional properties are not allowed ('${unknown}' was unexpected)`;
    if (message.role === 'tool') {
      if (!open.delete(message.tool_call_id)) yield `${at}: a tool message must follow a message with the tool_call it answers`;
    } else if (open.size > 0) {
      yield `${at}: tool_call ${[...open].join()} has no answer`;
    }
    yield* contentComplaints(message, at);
    for (const call of (message.tool_calls ?? []) as readonly Json[]) {
      const called = call.function as Json | undefined;
      if (call.type !== 'function' || typeof call.id !== 'string' || !NAME.test(String(called?.name)) || typeof called?.arguments !== 'string') yield `${at}: a tool call is not in order`;
      if (Object.keys(call).some((name) => !['id', 'type', 'function'].includes(name))) yield `${at}: a tool call has other fields`;
      open.add(call.id);
    }
    if (Array.isArray(message.tool_calls) && message.tool_calls.length === 0) yield `${at}: tool_calls must not be empty`;
  }
}

function* contentComplaints({ role, content, tool_calls: calls }: Json, at: string): Generator<string> {
  if (content === null || content === undefined) {
    if (role !== 'assistant' || calls === undefined) yield `${at}: content is required`;
    return;
  }
  if (typeof content === 'string') return;
  if (!Array.isArray(content) || content.length === 0) {
    yield `${at}: content must be a string or a list that is not empty`;
    return;
  }
  for (const part of content as readonly Json[]) {
    const type = String(part.type);
    if (!PARTS[String(role)].includes(type)) yield `${at}: no part of type ${type} here`;
    if (Object.keys(part).some((name) => name !== 'type' && name !== type)) yield `${at}: a part has other fields`;
    if (type === 'image_url' && !/^(?:https?:|data:image\/)/.test(String((part.image_url as Json).url))) yield `${at}: the image is no URL`;
    if (type === 'file' && !/^data:application\/pdf;base64,./.test(String((part.file as Json).file_data))) yield `${at}: the file is no data URL`;
  }
}

function* toolComplaints({ tools, tool_choice: choice, parallel_tool_calls: parallel }: Json): Generator<string> {
  if (tools === undefined) {
    if (choice !== undefined) yield 'tool_choice is only allowed when tools are specified';
    if (parallel !== undefined) yield 'parallel_tool_calls is only allowed when tools are specified';
    return;
  }
  if (!Array.isArray(tools) || tools.length === 0) {
    yield 'tools: too few items';
    return;
  }
  for (const tool of tools as readonly Json[]) {
    const definition = tool.function as Json | undefined;
    if (Object.keys(tool).some((name) => !['type', 'function'].includes(name))) yield 'a tool has other fields';
    if (!NAME.test(String(definition?.name)) || !isObject(definition?.parameters)) yield 'a tool is not in order';
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
