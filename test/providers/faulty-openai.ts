import { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { FakeProvider, startFakeProvider } from './fake-provider';
import { answerChat } from './openai-chat';
import { fail } from './openai-failure';

/** What a provider can do wrong before the client has got anything. */
export const FAULTS = [
  '503', '429', '500', '503 without a body', 'reset before the head', 'head, then reset', 'no answer', 'an error inside a 200', 'truncated', 'HTML with 200',
] as const;
export type Fault = typeof FAULTS[number];

/** Headers of a failed answer that must not reach a client who gets another. */
export const FAILED_HEADERS = { 'x-failed-attempt': '1', 'retry-after': '0' } as const;

/** An OpenAI-compatible server that does wrong what `fault` says for a request's number, counted from 0; where it says nothing, it answers. */
export function startFaultyOpenAi(fault: (request: number) => Fault | undefined, options: { host?: string; port?: number } = {}): Promise<FakeProvider> {
  let count = 0;
  return startFakeProvider(options, async (request, response) => {
    const wrong = fault(count++);
    if (wrong === undefined) return answerChat(request, response);
    const stream = /"stream":\s*true/.test(request.body.toString('utf8'));
    return doWrong(wrong, stream, response);
  });
}

async function doWrong(fault: Fault, stream: boolean, response: ServerResponse): Promise<void> {
  for (const [name, value] of Object.entries(FAILED_HEADERS)) response.setHeader(name, value);
  const type = stream ? 'text/event-stream' : 'application/json';
  switch (fault) {
    case '503': case '429': case '500':
      return fail(response, Number(fault), `as asked: ${fault}`, 'server_error');
    case '503 without a body':
      response.writeHead(503, { 'content-length': '0' }).end();
      return;
    case 'reset before the head':
      response.destroy();
      return;
    case 'head, then reset':
      response.writeHead(200, { 'content-type': type });
      response.flushHeaders();
      await sleep(50);
      response.destroy();
      return;
    case 'no answer':
      return;
    case 'an error inside a 200': {
      const error = JSON.stringify({ error: { message: 'The engine is overloaded', type: 'server_error', param: null, code: null } });
      response.writeHead(200, { 'content-type': type }).end(stream ? `data: ${error}\n\n` : error);
      return;
    }
    case 'truncated':
      response.writeHead(200, { 'content-type': type }).end(stream ? 'data: {"id":"chatcmpl-1","object":"chat.comp' : '{"id":"chatcmpl-1","object":"chat.completion","choices":[{"ind');
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
