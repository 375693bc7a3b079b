import OpenAI from 'openai';
import { openAiToOpenAiChat } from '../../../src/translate/openai-to-openai/translator';
import { readRequestBody } from '../../../src/translate/scan-request-body';
import { bytesOf, fixture, translated } from '../replay';

/** The official client, with the pass-through between it and this answer, sent 7 bytes at a time. */
function client(status: number, contentType: string, answer: Uint8Array): OpenAI {
  const fetch = async (_url: unknown, init?: { body?: unknown }): Promise<Response> => {
    const { response } = translated(openAiToOpenAiChat, readRequestBody(bytesOf(String(init?.body))).json());
    const head = response.head({ status, header: (name) => name === 'content-type' ? contentType : undefined });
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let offset = 0; offset < answer.length; offset += 7) {
          controller.enqueue(response.push(answer.slice(offset, offset + 7)));
        }
        controller.enqueue(response.end());
        controller.close();
      },
    });
    const headers = new Headers({ 'content-type': contentType });
    head.setHeaders.forEach(([name, value]) => headers.set(name, value));
    return new Response(body, { status: head.status, headers });
  };
  return new OpenAI({ apiKey: 'none', baseURL: 'http://gateway.test/v1', maxRetries: 0, fetch });
}

const REQUEST = { model: 'gpt-5.4', messages: [{ role: 'user' as const, content: 'Hi' }] };

test('G2 reads a stream to its end and sees no chunk without choices', async () => {
  const chunks = [];
  for await (const chunk of await client(200, 'text/event-stream', fixture('chat-stream.sse')).chat.completions.create({ ...REQUEST, stream: true })) {
    chunks.push(chunk);
  }
  expect(chunks.map(({ choices }) => choices.length)).toEqual([1, 1, 1, 1]);
  expect(chunks.map(({ choices }) => choices[0].delta.content ?? '').join('')).toBe('Grüße 👋 a "usage":{"x":1} error [DONE]');
});

test('G3 sees the usage that it asked for', async () => {
  const usages = [];
  const stream = await client(200, 'text/event-stream', fixture('chat-stream.sse'))
    .chat.completions.create({ ...REQUEST, stream: true, stream_options: { include_usage: true } });
  for await (const { usage } of stream) {
    usages.push(usage?.total_tokens);
  }
  expect(usages.at(-1)).toBe(29);
});

test('a stream that was cut throws instead of ending', async () => {
  const texts: unknown[] = [];
  const read = async () => {
    const cut = fixture('chat-stream.sse').subarray(0, 900);
    for await (const { choices } of await client(200, 'text/event-stream', cut).chat.completions.create({ ...REQUEST, stream: true })) {
      texts.push(choices[0].delta.content);
    }
  };
  await expect(read()).rejects.toMatchObject({ code: 'upstream_broke_off', type: 'server_error' });
  expect(texts).toEqual(['', 'Grüße 👋']);
});

test('G13 throws the provider\'s own rate limit error', async () => {
  await expect(client(429, 'application/json', fixture('error-429.json')).chat.completions.create(REQUEST))
    .rejects.toMatchObject({ constructor: OpenAI.RateLimitError, status: 429, code: 'rate_limit_exceeded', type: 'tokens' });
});

test('G14 throws a typed error for a page of HTML', async () => {
  await expect(client(503, 'text/html', bytesOf('<h1>busy</h1>')).chat.completions.create(REQUEST))
    .rejects.toMatchObject({ constructor: OpenAI.InternalServerError, status: 503, type: 'server_error' });
});

test('reads a plain answer', async () => {
  const answer = await client(200, 'application/json', fixture('chat.json')).chat.completions.create(REQUEST);
  expect([answer.choices[0].message.content, answer.usage?.total_tokens]).toEqual(['Hello! "usage":{} 👋', 29]);
});
