import { setTimeout as sleep } from 'node:timers/promises';
import type OpenAI from 'openai';
import { FakeHandler, wish } from './fake-provider';
import { fail } from './openai-failure';

const CREATED = 1_700_000_000;
const USAGE: OpenAI.CompletionUsage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };

/** Chat completions: checks the request's shape, answers with the API's wire bytes. */
export const answerChat: FakeHandler = async (request, response) => {
  let body: OpenAI.ChatCompletionCreateParams;
  try {
    body = JSON.parse(request.body.toString('utf8')) as OpenAI.ChatCompletionCreateParams;
  } catch {
    return fail(response, 400, 'the body is no JSON', 'invalid_request_error');
  }
  if (typeof body.model !== 'string' || !Array.isArray(body.messages) || body.messages.some((message) => typeof message.role !== 'string')) {
    return fail(response, 400, 'model and messages are required', 'invalid_request_error');
  }
  const last = body.messages.at(-1)?.content;
  const text = typeof last === 'string' ? last : '';
  const { error, slowSeconds } = wish(text);
  if (error !== undefined) return fail(response, error, `as asked: ${error}`, error === 429 ? 'rate_limit_error' : 'server_error');
  const tool = body.tools?.[0];
  const base = { id: 'chatcmpl-fake', created: CREATED, model: body.model };
  // The result of a tool is answered in words.
  const call = tool?.type === 'function' && body.tool_choice !== 'none' && body.messages.at(-1)?.role !== 'tool' ? { name: tool.function.name, arguments: '{"city":"Paris"}' } : undefined;
  const json = body.response_format?.type === 'json_schema' ? '{"city": "Paris"}' : undefined;
  if (body.stream !== true) {
    const message = call === undefined
      ? { role: 'assistant', content: json ?? 'Hello from the OpenAI-compatible server.', refusal: null }
      : { role: 'assistant', content: null, refusal: null, tool_calls: [{ id: 'call_1', type: 'function', function: call }] };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({
      ...base, object: 'chat.completion', usage: USAGE, choices: [{ index: 0, message, logprobs: null, finish_reason: call ? 'tool_calls' : 'stop' }],
    }));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const chunk = (delta: unknown, finish: string | null, more: object = {}) => response.write(`data: ${JSON.stringify({
    ...base, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }], ...more,
  })}\n\n`);
  chunk({ role: 'assistant', content: '' }, null);
  if (call !== undefined) {
    chunk({ tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: call.name, arguments: '' } }] }, null);
    chunk({ tool_calls: [{ index: 0, function: { arguments: call.arguments } }] }, null);
  } else {
    const words = slowSeconds === undefined ? (json ?? 'Hello from the stream.').split(/(?<= )/) : Array.from({ length: slowSeconds }, (_, index) => `${index} `);
    for (const word of words) {
      if (slowSeconds !== undefined) await sleep(1_000);
      if (response.destroyed) return;
      chunk({ content: word }, null);
    }
  }
  chunk({}, call ? 'tool_calls' : 'stop');
  if (body.stream_options?.include_usage === true) response.write(`data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', choices: [], usage: USAGE })}\n\n`);
  response.end('data: [DONE]\n\n');
};
