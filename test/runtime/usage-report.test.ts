import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promptTokens } from '../../src/runtime/token-estimate';
import { UsageReport } from '../../src/runtime/usage-report';
import { Endpoint } from '../../src/translate/translator';
import { Usage } from '../../src/translate/usage';

const COSTS = [{ metadataKey: 'total', type: 'TotalToken' }, { metadataKey: 'out', type: 'OutputToken' }] as const;
const FREE = { priceOf: () => undefined, rounding: 0 };
const usage = (inputTokens: number, outputTokens: number): Usage => ({
  inputTokens, cachedInputTokens: 0, cacheCreationInputTokens: 0, outputTokens, reasoningTokens: 0, totalTokens: inputTokens + outputTokens,
});
const report = (more: { endpoint?: Endpoint; stream?: boolean; body?: string } = {}) => new UsageReport(COSTS, {
  endpoint: more.endpoint ?? 'ChatCompletions', stream: more.stream ?? true, body: Buffer.from(more.body ?? 'x'.repeat(40)),
}, FREE);

/** As OpenAI sends it, 1 token an event. */
const event = (content: string) => Buffer.from(`data: ${JSON.stringify({
  id: 'chatcmpl-AbCdEfGhIjKlMnOpQrStUv',
  object: 'chat.completion.chunk',
  created: 1_760_000_000,
  model: 'gpt-4o-2024-08-06',
  service_tier: 'default',
  system_fingerprint: 'fp_cbf1785567',
  choices: [{ index: 0, delta: { content }, logprobs: null, finish_reason: null }],
  usage: null,
  obfuscation: 'aB3dE6gH',
})}\n\n`);

test('a stream whose provider counts at the end is estimated from its first piece on, and less and less often', () => {
  const running = report();
  expect(running.begun()).toEqual({ total: 10, out: 0 });
  const said = Array.from({ length: 1_000 }, (_, index) => running.running(event(` word${index % 10}`), undefined));

  const sent = said.flatMap((values, index) => (values === undefined ? [] : [[index + 1, values.out] as const]));
  expect(said[0]).toEqual({ total: 11, out: 1 });
  expect(sent.length).toBeLessThan(40);
  // Of any two reports, the later is about all but a fifth of what the client got until the next.
  sent.slice(1).forEach(([place], index) => expect(sent[index][0]).toBeGreaterThanOrEqual(Math.floor(place / 1.25) - 1));
  for (const [place, out] of sent) {
    expect(out).toBeGreaterThanOrEqual(Math.floor(place * 1.4));
    expect(out).toBeLessThanOrEqual(place * 1.5);
  }
  expect(running.running(event(''), usage(8, 900))).toEqual({ total: 908, out: 900 });
  expect(running.ended(usage(8, 901))).toEqual({ total: 909, out: 901 });
});

test('what the provider counted is said at once, replaces the estimate, and is not said twice', () => {
  const running = report();
  const [first, second] = [usage(20, 5), usage(20, 9)];
  expect(running.running(event('a'), first)).toEqual({ total: 25, out: 5 });
  expect(running.running(Buffer.alloc(0), first)).toBeUndefined();
  expect(running.running(event('b'), second)).toEqual({ total: 29, out: 9 });
  expect(running.ended(second)).toBeUndefined();
});

test('behind a count of the prompt alone, only the answer is estimated', () => {
  const running = report({ endpoint: 'Messages', body: 'x'.repeat(4_000) });
  const start = usage(25, 1);
  expect(running.running(Buffer.from('event: message_start\ndata: {}\n\n'), start)).toEqual({ total: 26, out: 1 });
  const delta = Buffer.from('event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"twelve chars"}}\n\n');
  const values = Array.from({ length: 100 }, () => running.running(delta, start)).filter((value) => value !== undefined).at(-1);
  expect(values?.out).toBeGreaterThan(200);
  expect(values?.out).toBeLessThanOrEqual(301);
  expect(running.ended(usage(25, 310))).toEqual({ total: 335, out: 310 });
});

test('an answer in one piece is not looked at before its end', () => {
  const running = report({ stream: false });
  expect(running.running(Buffer.from('{"choices":[{"message":{"content":"hello"}}]}'), undefined)).toBeUndefined();
  expect(running.ended(usage(3, 4))).toEqual({ total: 7, out: 4 });
});

test('a provider that counts nothing is not free', () => {
  const running = report();
  for (let place = 0; place < 100; place += 1) running.running(event(' word'), undefined);
  const { total, out } = running.ended(undefined)!;
  expect(out).toBeGreaterThan(100);
  expect(total).toBe(10 + out);
});

test('what is not paid for by tokens counts nothing but what the provider says', () => {
  const running = report({ endpoint: 'Speech', stream: true });
  expect([running.begun(), running.running(event('spoken'), undefined), running.ended(undefined)]).toEqual([{ total: 0, out: 0 }, undefined, { total: 0, out: 0 }]);
  expect(running.nothing()).toEqual({ total: 0, out: 0 });
});

test.each(['openai/chat-stream.sse', 'openai/responses-stream.sse', 'anthropic/messages-stream.sse'])('the estimate of a real stream, %s, is of the right size', (name) => {
  const text = readFileSync(join(__dirname, '..', 'fixtures', name), 'utf8');
  const whole = [...text.matchAll(/"(?:delta|content|text)":\s?"((?:[^"\\]|\\.)*)"/g)].reduce((sum, [, part]) => sum + part.length, 0);
  const running = report();
  for (const part of text.split(/(?<=\n\n)/)) running.running(Buffer.from(part), undefined);
  const { out } = running.ended(undefined)!;
  expect(out).toBeGreaterThan(whole / 30);
  expect(out).toBeLessThanOrEqual(whole);
});

describe('the prompt', () => {
  test('counts about four bytes a token', () => {
    expect(promptTokens(Buffer.from(JSON.stringify({ messages: [{ content: 'x'.repeat(4_000) }] })))).toBeGreaterThanOrEqual(1_000);
    expect(promptTokens(Buffer.from(JSON.stringify({ messages: [{ content: 'x'.repeat(4_000) }] })))).toBeLessThan(1_020);
    expect(promptTokens(new Uint8Array(0))).toBe(0);
  });

  test.each([
    ['a data URL', { type: 'image_url', image_url: { url: `data:image/png;base64,${'A'.repeat(100_000)}` } }],
    ['a field of data', { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'A'.repeat(100_000) } }],
    ['a data URL in a field of data', { data: `data:image/png;base64,${'A'.repeat(100_000)}` }],
  ])('counts no media: %s', (_, content) => {
    const tokens = promptTokens(Buffer.from(JSON.stringify({ messages: [{ role: 'user', content: [content, content] }] })));
    expect(tokens).toBeGreaterThan(10);
    expect(tokens).toBeLessThan(100);
  });

  test('whose media never end is still counted', () => {
    expect(promptTokens(Buffer.from(`x;base64,${'A'.repeat(400)}`))).toBeGreaterThan(100);
  });
});
