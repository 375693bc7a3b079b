import { setTimeout as sleep } from 'node:timers/promises';
import type { ConverseRequest } from '@aws-sdk/client-bedrock-runtime';
import { EventStreamCodec } from '@smithy/eventstream-codec';
import { fromUtf8, toUtf8 } from '@smithy/util-utf8';
import { converseComplaint } from './converse-complaint';
import { FakeHandler, FakeProvider, startFakeProvider, wish } from './fake-provider';

export type FakeBedrock = FakeProvider;

const codec = new EventStreamCodec(toUtf8, fromUtf8);
const USAGE = { inputTokens: 12, outputTokens: 8, totalTokens: 20 };

/** One event of an `application/vnd.amazon.eventstream` body. */
export function eventFrame(type: string, payload: unknown, message: 'event' | 'exception' = 'event'): Uint8Array {
  return codec.encode({
    headers: {
      [`:${message}-type`]: { type: 'string', value: type },
      ':content-type': { type: 'string', value: 'application/json' },
      ':message-type': { type: 'string', value: message },
    },
    body: fromUtf8(JSON.stringify(payload)),
  });
}

/** `answerConverse` on loopback. */
export function startFakeBedrock(options: { readonly host?: string; readonly port?: number } = {}): Promise<FakeBedrock> {
  return startFakeProvider(options, answerConverse);
}

/** Bedrock Runtime's Converse, ConverseStream and CountTokens: checks path, signature header and body, answers with the real wire bytes. */
export const answerConverse: FakeHandler = async (request, response) => {
  const fail = (status: number, type: string, message: string) => {
    response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': type }).end(JSON.stringify({ message }));
  };
  const path = /^\/model\/([^/]+)\/(converse|converse-stream|count-tokens)$/.exec(request.path);
  if (request.method !== 'POST' || path === null) return fail(404, 'UnknownOperationException', `no such path ${request.path}`);
  if (!/^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/[a-z0-9-]+\/bedrock\/aws4_request, SignedHeaders=[^,]*host[^,]*, Signature=[0-9a-f]{64}$/
    .test(request.headers.authorization ?? '')) return fail(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token');
  let body: ConverseRequest;
  try {
    body = JSON.parse(request.body.toString('utf8')) as ConverseRequest;
  } catch {
    return fail(400, 'SerializationException', 'the body is no JSON');
  }
  if (path[2] === 'count-tokens') {
    const { converse } = (body as { readonly input?: { readonly converse?: ConverseRequest } }).input ?? {};
    if (!converse?.messages) return fail(400, 'ValidationException', 'input.converse.messages is required');
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ inputTokens: USAGE.inputTokens }));
    return;
  }
  const wrong = converseComplaint(body);
  if (wrong !== undefined) return fail(400, 'ValidationException', wrong);
  const text = body.messages?.at(-1)?.content?.find((block) => block.text !== undefined)?.text ?? '';
  const { error, slowSeconds } = wish(text);
  if (error !== undefined) return fail(error, error === 429 ? 'ThrottlingException' : 'InternalServerException', `as asked: ${error}`);
  // The result of a tool is answered in words.
  const tool = body.messages?.at(-1)?.content?.some((block) => block.toolResult) ? undefined : body.toolConfig?.tools?.[0]?.toolSpec;
  const said = body.outputConfig?.textFormat === undefined ? 'Hello from Bedrock.' : '{"city": "Paris"}';
  if (path[2] === 'converse') {
    const content = tool ? [{ toolUse: { toolUseId: 'tooluse_1', name: tool.name, input: { city: 'Paris' } } }] : [{ text: said }];
    const answer = { output: { message: { role: 'assistant', content } }, stopReason: tool ? 'tool_use' : 'end_turn', usage: USAGE, metrics: { latencyMs: 5 } };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    return;
  }
  response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
  const event = (type: string, payload: unknown) => response.write(eventFrame(type, payload));
  event('messageStart', { role: 'assistant' });
  if (tool) {
    event('contentBlockStart', { contentBlockIndex: 0, start: { toolUse: { toolUseId: 'tooluse_1', name: tool.name } } });
    event('contentBlockDelta', { contentBlockIndex: 0, delta: { toolUse: { input: '{"city":' } } });
    event('contentBlockDelta', { contentBlockIndex: 0, delta: { toolUse: { input: '"Paris"}' } } });
  } else {
    const words = slowSeconds === undefined ? said.split(/(?<= )/) : Array.from({ length: slowSeconds }, (_, index) => `${index} `);
    for (const word of words) {
      if (slowSeconds !== undefined) await sleep(1_000);
      if (response.destroyed) return;
      event('contentBlockDelta', { contentBlockIndex: 0, delta: { text: word } });
    }
  }
  event('contentBlockStop', { contentBlockIndex: 0 });
  event('messageStop', { stopReason: tool ? 'tool_use' : 'end_turn' });
  event('metadata', { usage: USAGE, metrics: { latencyMs: 5 } });
  response.end();
};
