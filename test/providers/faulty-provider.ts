import { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerConverse, eventFrame } from './fake-bedrock';
import { FakeHandler, FakeProvider, RecordedRequest, startFakeProvider } from './fake-provider';
import { answerChat } from './openai-chat';

/** What a provider can do wrong before the client has got anything. */
export const FAULTS = [
  '503', '429', '500', '503 without a body', '503 head, then silence', 'reset before the head', 'head, then reset', 'beginning, then reset', 'no answer', 'head, then silence', 'beginning, then silence',
  'an error inside a 200', 'truncated', 'HTML with 200',
] as const;
/** What it can do wrong when a client of a stream has got something of it. */
export const LATE_FAULTS = ['middle, then reset', 'middle, then the end', 'middle, then an error', 'middle, then silence'] as const;
export type Fault = typeof FAULTS[number] | typeof LATE_FAULTS[number];

/** Headers of a failed answer that must not reach a client who gets another. */
export const FAILED_HEADERS = { 'x-failed-attempt': '1', 'retry-after': '0' } as const;

/** How a kind of provider says what the faults need. */
interface Wire {
  readonly answer: FakeHandler;
  streams(request: RecordedRequest): boolean;
  readonly streamType: string;
  /** An error inside a body of status 200. */
  error(stream: boolean): string | Uint8Array;
  /** What a client gets nothing of yet. */
  beginning(stream: boolean): string | Uint8Array;
  /** Whole events, from which a client has got text. */
  readonly middle: string | Uint8Array;
}

const OPENAI_ERROR = JSON.stringify({ error: { message: 'The engine is overloaded', type: 'server_error', param: null, code: null } });
const OPENAI: Wire = {
  answer: answerChat,
  streams: ({ body }) => /"stream":\s*true/.test(body.toString('utf8')),
  streamType: 'text/event-stream',
  error: (stream) => (stream ? `data: ${OPENAI_ERROR}\n\n` : OPENAI_ERROR),
  beginning: (stream) => (stream ? 'data: {"id":"chatcmpl-1","object":"chat.comp' : '{"id":"chatcmpl-1","object":"chat.completion","choices":[{"ind'),
  middle: 'data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Half"},"finish_reason":null}]}\n\n',
};

const throttled = (): Uint8Array => eventFrame('throttlingException', { message: 'Too many requests' }, 'exception');
const BEDROCK: Wire = {
  answer: answerConverse,
  streams: ({ path }) => path.endsWith('/converse-stream'),
  streamType: 'application/vnd.amazon.eventstream',
  // Converse has no other error inside a 200 than an answer without its parts.
  error: (stream) => (stream ? throttled() : '{"message":"Too many requests"}'),
  beginning: (stream) => (stream ? eventFrame('messageStart', { role: 'assistant' }).subarray(0, 20) : '{"output":{"message":{"role":"assist'),
  middle: Buffer.concat([eventFrame('messageStart', { role: 'assistant' }), eventFrame('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Half' } })]),
};

interface ListenOptions {
  readonly host?: string;
  readonly port?: number;
}

export type FaultOf = (request: number) => Fault | undefined;

/** An OpenAI-compatible server that does wrong what `fault` says for a request's number, counted from 0; where it says nothing, it answers. */
export function startFaultyOpenAi(fault: FaultOf, options: ListenOptions = {}): Promise<FakeProvider> {
  return startFaulty(OPENAI, fault, options);
}

/** The same as Bedrock's Converse. */
export function startFaultyBedrock(fault: FaultOf, options: ListenOptions = {}): Promise<FakeProvider> {
  return startFaulty(BEDROCK, fault, options);
}

function startFaulty(wire: Wire, fault: FaultOf, options: ListenOptions): Promise<FakeProvider> {
  let count = 0;
  return startFakeProvider(options, async (request, response) => {
    const wrong = fault(count++);
    if (wrong === undefined) return wire.answer(request, response);
    return doWrong(wrong, wire, wire.streams(request), response);
  });
}

async function doWrong(fault: Fault, wire: Wire, stream: boolean, response: ServerResponse): Promise<void> {
  for (const [name, value] of Object.entries(FAILED_HEADERS)) response.setHeader(name, value);
  const [what, then] = fault.split(', then ');
  if (then !== undefined) {
    response.writeHead(what === '503 head' ? 503 : 200, { 'content-type': stream ? wire.streamType : 'application/json' });
    response.flushHeaders();
    if (what === 'beginning') response.write(wire.beginning(stream));
    if (what === 'middle') response.write(wire.middle);
    await sleep(50);
    if (then === 'reset') response.destroy();
    if (then === 'the end') response.end();
    if (then === 'an error') response.end(wire.error(true));
    return;
  }
  switch (fault) {
    case '503': case '429': case '500':
      response.writeHead(Number(fault), { 'content-type': 'application/json' }).end(JSON.stringify({ message: `as asked: ${fault}`, error: { message: `as asked: ${fault}`, type: 'server_error', param: null, code: null } }));
      return;
    case '503 without a body':
      response.writeHead(503, { 'content-length': '0' }).end();
      return;
    case 'reset before the head':
      response.destroy();
      return;
    case 'an error inside a 200':
      response.writeHead(200, { 'content-type': stream ? wire.streamType : 'application/json' }).end(wire.error(stream));
      return;
    case 'truncated':
      response.writeHead(200, { 'content-type': stream ? wire.streamType : 'application/json' }).end(wire.beginning(stream));
      return;
    case 'HTML with 200':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Welcome</body></html>');
  }
}

/** The names of a failed answer's headers that a client got. */
export function leakedHeaders(headers: IncomingHttpHeaders | Headers): string[] {
  const names = headers instanceof Headers ? [...headers.keys()] : Object.keys(headers);
  return names.filter((name) => name in FAILED_HEADERS);
}
