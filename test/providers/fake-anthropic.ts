import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Message, MessageCreateParams, RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages';
import { eventFrame } from './fake-bedrock';
import { FakeProvider, RecordedRequest, startFakeProvider, wish } from './fake-provider';
import { messagesComplaint } from './messages-complaint';

export type FakeAnthropic = FakeProvider;

type Usage = Pick<Message['usage'], 'input_tokens' | 'output_tokens' | 'cache_read_input_tokens' | 'cache_creation_input_tokens'>;
const USAGE: Usage = { input_tokens: 12, output_tokens: 8, cache_read_input_tokens: 4, cache_creation_input_tokens: 0 };
const COUNT = 14;

const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error', 401: 'authentication_error', 404: 'not_found_error', 429: 'rate_limit_error', 500: 'api_error', 529: 'overloaded_error',
};
const EXCEPTIONS: Readonly<Record<number, string>> = {
  400: 'ValidationException', 403: 'MissingAuthenticationTokenException', 404: 'UnknownOperationException', 429: 'ThrottlingException',
};

/** One event of a Messages stream as a frame of InvokeModelWithResponseStream. */
export function chunkFrame(event: unknown): Uint8Array {
  return eventFrame('chunk', { bytes: Buffer.from(JSON.stringify(event)).toString('base64'), p: 'abcdefghij' });
}

/** One event as Anthropic and Vertex AI write it. */
export function messageEvent(event: { readonly type: string }): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

interface Call {
  readonly host: 'Anthropic' | 'AWSAnthropic' | 'GCPAnthropic';
  readonly count: boolean;
  /** By the path; `undefined`: the body says it. */
  readonly stream?: boolean;
}

/** What the path asks for; `undefined`: nothing. */
function call(path: string): Call | undefined {
  if (path === '/v1/messages') return { host: 'Anthropic', count: false };
  if (path === '/v1/messages/count_tokens') return { host: 'Anthropic', count: true };
  const invoke = /^\/model\/[^/]+\/(invoke|invoke-with-response-stream|count-tokens)$/.exec(path);
  if (invoke) return { host: 'AWSAnthropic', count: invoke[1] === 'count-tokens', stream: invoke[1] === 'invoke-with-response-stream' };
  const predict = /^\/v1\/projects\/[^/]+\/locations\/[^/]+\/publishers\/anthropic\/models\/([^/:]+):(rawPredict|streamRawPredict)$/.exec(path);
  return predict ? { host: 'GCPAnthropic', count: predict[1] === 'count-tokens', stream: predict[2] === 'streamRawPredict' } : undefined;
}

/** What the host says of a caller without credentials; `undefined`: welcome. */
function stranger({ headers }: RecordedRequest, { host }: Call): string | undefined {
  const authorization = headers.authorization ?? '';
  if (host === 'AWSAnthropic') {
    return /^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/[a-z0-9-]+\/bedrock\/aws4_request, SignedHeaders=[^,]*host[^,]*, Signature=[0-9a-f]{64}$/.test(authorization)
      ? undefined : 'Missing Authentication Token';
  }
  const welcome = /^Bearer ./.test(authorization) || (host === 'Anthropic' && (headers['x-api-key'] ?? '') !== '');
  return welcome ? undefined : 'x-api-key header is required';
}

/** Claude as Anthropic, Bedrock's InvokeModel and Vertex AI's rawPredict serve it: checks path, credential and body, answers with each one's wire bytes. */
export function startFakeAnthropic(options: { readonly host?: string; readonly port?: number } = {}): Promise<FakeAnthropic> {
  return startFakeProvider(options, async (request, response) => {
    const asked = request.method === 'POST' ? call(request.path) : undefined;
    const fail = (status: number, message: string) => failed(response, asked?.host ?? 'Anthropic', status, message);
    if (!asked) return fail(404, `no such path ${request.path}`);
    const unknown = stranger(request, asked);
    if (unknown !== undefined) return fail(asked.host === 'AWSAnthropic' ? 403 : 401, unknown);
    if (asked.host === 'Anthropic' && request.headers['anthropic-version'] === undefined) return fail(400, 'anthropic-version: header is required');
    const body = parsed(request.body.toString('utf8'), asked);
    if (body === undefined) return fail(400, 'the body is no JSON');
    const wrong = messagesComplaint(body, asked.host, asked.count);
    if (wrong !== undefined) return fail(400, wrong);
    if (asked.stream !== undefined && asked.host === 'GCPAnthropic' && !asked.count && asked.stream !== (body.stream ?? false)) return fail(400, 'stream contradicts the path');
    const text = lastText(body);
    const { error, slowSeconds } = wish(text);
    if (error !== undefined) return fail(error, `as asked: ${error}`);
    if (asked.count) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(asked.host === 'AWSAnthropic' ? { inputTokens: COUNT } : { input_tokens: COUNT }));
      return;
    }
    const tool = hasResult(body) ? undefined : body.tools?.find((one) => 'input_schema' in one)?.name;
    const words = body.output_config?.format === undefined || body.output_config.format === null ? ['Hello ', 'from ', 'Claude.'] : ['{"city":', '"Paris"}'];
    const model = body.model ?? 'claude-fake';
    if (!(asked.stream ?? body.stream ?? false)) {
      const content = tool === undefined ? [{ type: 'text', text: words.join('') }] : [{ type: 'tool_use', id: 'toolu_1', name: tool, input: { city: 'Paris' } }];
      response.writeHead(200, { 'content-type': 'application/json', 'request-id': 'req_fake' }).end(JSON.stringify({
        id: 'msg_fake', type: 'message', role: 'assistant', model, content, stop_reason: tool === undefined ? 'end_turn' : 'tool_use', stop_sequence: null, usage: USAGE,
      }));
      return;
    }
    const aws = asked.host === 'AWSAnthropic';
    response.writeHead(200, { 'content-type': aws ? 'application/vnd.amazon.eventstream' : 'text/event-stream; charset=utf-8' });
    for (const event of streamEvents(model, tool, slowSeconds === undefined ? words : Array.from({ length: slowSeconds }, (_, index) => `${index} `))) {
      if (slowSeconds !== undefined && event.type === 'content_block_delta') await sleep(1_000);
      if (response.destroyed) return;
      response.write(aws ? chunkFrame(event) : messageEvent(event));
    }
    response.end();
  });
}

type Body = Omit<MessageCreateParams, 'model'> & { readonly model?: string };

/** Bedrock's CountTokens has the InvokeModel body inside. */
function parsed(text: string, { host, count }: Call): Body | undefined {
  try {
    const body = JSON.parse(text) as Body & { readonly input?: { readonly invokeModel?: { readonly body?: string } } };
    return host === 'AWSAnthropic' && count ? JSON.parse(Buffer.from(body.input?.invokeModel?.body ?? '', 'base64').toString('utf8')) as Body : body;
  } catch {
    return undefined;
  }
}

function lastText({ messages }: Body): string {
  const content = messages.at(-1)?.content;
  return typeof content === 'string' ? content : content?.flatMap((block) => block.type === 'text' ? [block.text] : []).at(-1) ?? '';
}

/** Whether it has the result of a tool, which is answered in words. */
function hasResult({ messages }: Body): boolean {
  const content = messages.at(-1)?.content;
  return typeof content !== 'string' && content?.some((block) => block.type === 'tool_result') === true;
}

function failed(response: ServerResponse, host: Call['host'], status: number, message: string): void {
  if (host === 'AWSAnthropic') {
    response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': EXCEPTIONS[status] ?? 'InternalServerException', 'x-amzn-requestid': 'aws-fake' })
      .end(JSON.stringify({ message }));
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_fake' })
    .end(JSON.stringify({ type: 'error', error: { type: ERROR_TYPES[status] ?? 'api_error', message }, request_id: 'req_fake' }));
}

type SentEvent = { readonly type: RawMessageStreamEvent['type'] | 'ping' } & Readonly<Record<string, unknown>>;

function streamEvents(model: string, tool: string | undefined, words: readonly string[]): readonly SentEvent[] {
  const deltas = tool === undefined ? words.map((text) => ({ type: 'text_delta', text }))
    : ['', '{"city":', '"Paris"}'].map((part) => ({ type: 'input_json_delta', partial_json: part }));
  const block = tool === undefined ? { type: 'text', text: '' } : { type: 'tool_use', id: 'toolu_1', name: tool, input: {} };
  return [
    {
      type: 'message_start',
      message: { id: 'msg_fake', type: 'message', role: 'assistant', model, content: [], stop_reason: null, stop_sequence: null, usage: { ...USAGE, output_tokens: 1 } },
    },
    { type: 'content_block_start', index: 0, content_block: block },
    { type: 'ping' },
    ...deltas.map((delta): SentEvent => ({ type: 'content_block_delta', index: 0, delta })),
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: tool === undefined ? 'end_turn' : 'tool_use', stop_sequence: null }, usage: { output_tokens: USAGE.output_tokens } },
    { type: 'message_stop' },
  ];
}
