import * as fc from 'fast-check';
import { openAiToOpenAiInputTokens, openAiToOpenAiResponses } from '../../../src/translate/openai-to-openai/translator';
import { bytesOf, everySplit, fixture, Replayed, replay, textOf, translated } from '../replay';

const SSE = { 'content-type': 'text/event-stream; charset=utf-8' };
const JSON_TYPE = { 'content-type': 'application/json' };
const STREAM = { model: 'gpt-5.4', input: 'Hi', stream: true };
const USAGE = { inputTokens: 37, cachedInputTokens: 16, cacheCreationInputTokens: 0, outputTokens: 11, reasoningTokens: 4, totalTokens: 48 };

function streamed(chunks: readonly Uint8Array[], broken?: string): Replayed {
  return replay(translated(openAiToOpenAiResponses, STREAM).response, 200, SSE, chunks, broken);
}

function errorEvent(message: string, sequenceNumber: number): string {
  const detail = `"message":"${message}"`;
  return `event: error\ndata: {"type":"error","sequence_number":${sequenceNumber},"code":"upstream_broke_off",${detail},"param":null,`
    + `"error":{${detail},"type":"server_error","param":null,"code":"upstream_broke_off"}}\n\n`;
}

describe('the request', () => {
  test('G16 the client\'s own bytes, whatever the input is; nothing is added to a stream', () => {
    for (const input of ['"Hi"', '[{"role":"user","content":"Hi"}]', '[{"type":"function_call_output","call_id":"a","output":"b"}]']) {
      const request = translated(openAiToOpenAiResponses, `{"model":"gpt-5.4","input":${input},"stream":true,"stream_options":{"include_obfuscation":false}}`);
      expect(request).toMatchObject({ path: '/v1/responses', stream: true, dropped: [], setHeaders: [['content-type', 'application/json']] });
      expect(request.body).toBeUndefined();
    }
  });

  test('the target\'s model name in place, and the version\'s prefix', () => {
    const request = translated(openAiToOpenAiResponses, '{"input":"Hi", "model" : "a","x":1.0}', { upstreamModel: 'b', output: { schema: 'OpenAI', version: 'openai/v1' } });
    expect([request.path, request.body && textOf(request.body)]).toEqual(['/openai/v1/responses', '{"input":"Hi", "model" : "b","x":1.0}']);
  });

  test('input tokens are counted by the provider', () => {
    const request = translated(openAiToOpenAiInputTokens, { model: 'a', input: 'Hi', stream: true });
    expect([request.path, request.stream]).toEqual(['/v1/responses/input_tokens', false]);
    expect(replay(request.response, 200, JSON_TYPE, [fixture('response-input-tokens.json')]))
      .toMatchObject({ text: textOf(fixture('response-input-tokens.json')), usage: undefined, failure: undefined });
  });
});

describe('an answer in JSON', () => {
  test('passes as it is, and its usage is counted, at every cut', () => {
    for (const chunks of everySplit(fixture('responses.json'))) {
      const { response } = translated(openAiToOpenAiResponses, { model: 'a', input: 'Hi' });
      expect(replay(response, 200, JSON_TYPE, chunks)).toMatchObject({
        head: { bodyUnchanged: true }, text: textOf(fixture('responses.json')), usage: USAGE, failure: undefined,
      });
    }
  });

  test('that failed passes, and counts as a failure', () => {
    const { response } = translated(openAiToOpenAiResponses, { model: 'a', input: 'Hi' });
    expect(replay(response, 200, JSON_TYPE, [fixture('responses-failed.json')])).toMatchObject({
      text: textOf(fixture('responses-failed.json')), failure: { status: 429, code: 'rate_limit_exceeded', message: 'Rate limit reached for gpt-5.4' },
    });
  });
});

describe('a stream at every cut', () => {
  test.each(['responses-stream.sse', 'responses-stream-incomplete.sse'])('G1 %s passes as it is, its usage is counted', (name) => {
    for (const chunks of everySplit(fixture(name))) {
      expect(streamed(chunks)).toMatchObject({ head: { bodyUnchanged: false }, text: textOf(fixture(name)), usage: USAGE, failure: undefined });
    }
  });

  test.each([
    ['responses-stream-failed.sse', { status: 500, code: 'server_error', message: 'The model failed to generate a response.' }],
    ['responses-stream-error.sse', { status: 429, code: 'rate_limit_exceeded', message: 'Rate limit reached' }],
  ])('%s passes, and counts as a failure', (name, failure) => {
    for (const chunks of everySplit(fixture(name))) {
      const { text, ...replayed } = streamed(chunks);
      expect([text, replayed.failure]).toEqual([textOf(fixture(name)), failure]);
    }
  });

  test('the documented error event, without an error of its own inside', () => {
    const event = 'event: error\ndata: {"type":"error","code":"ERR_SOMETHING","message":"Something went wrong","param":null,"sequence_number":1}\n\n';
    expect(streamed([bytesOf(event)])).toMatchObject({ text: event, failure: { status: 502, code: 'ERR_SOMETHING', message: 'Something went wrong' } });
  });
});

describe('where the answer ends', () => {
  test('cut short at any byte before its last event: whole events, then a numbered error event, no invented end', () => {
    const stream = fixture('responses-stream.sse');
    const events = textOf(stream).split(/(?<=\n\n)/);
    const last = stream.length - bytesOf(events.at(-1) ?? '').length;
    for (let cut = 0; cut <= last; cut++) {
      const { text, failure } = streamed([stream.subarray(0, cut)]);
      const shown = text.slice(0, text.lastIndexOf('event: error'));
      expect(textOf(stream).startsWith(shown)).toBe(true);
      expect(text.slice(shown.length)).toBe(errorEvent('the provider ended the stream before the answer was complete', (shown.match(/\n\n/g) ?? []).length));
      expect(failure).toMatchObject({ status: 502, code: 'upstream_broke_off' });
    }
  });

  test('the connection breaks', () => {
    const events = textOf(fixture('responses-stream.sse')).split(/(?<=\n\n)/);
    expect(streamed([bytesOf(events.slice(0, 3).join('') + events[3].slice(0, 50))], 'reset').text).toBe(events.slice(0, 3).join('') + errorEvent('reset', 3));
    expect(streamed([bytesOf(events[0])], 'reset').text).toBe(events[0] + errorEvent('reset', 1));
    expect(streamed([], 'reset').text).toBe(errorEvent('reset', 0));
  });

  test('the connection breaks after the last event: nothing is lost', () => {
    expect(streamed([fixture('responses-stream.sse')], 'reset')).toMatchObject({ text: textOf(fixture('responses-stream.sse')), failure: undefined });
  });

  test('text that speaks of ends and errors is neither', () => {
    const events = textOf(fixture('responses-stream.sse')).split(/(?<=\n\n)/).slice(0, 6).join('');
    expect(events).toContain('response.completed');
    expect(streamed([bytesOf(events)])).toMatchObject({ failure: { code: 'upstream_broke_off' } });
  });
});

test('G1 any pieces of any begin of any stream give the same output and usage', () => {
  const streams = ['', '-incomplete', '-failed', '-error'].map((name) => fixture(`responses-stream${name}.sse`));
  fc.assert(fc.property(fc.constantFrom(...streams), fc.nat(), fc.array(fc.nat(), { maxLength: 12 }), (stream, length, cuts) => {
    const sent = stream.subarray(0, stream.length - length % 1500);
    const ends = [0, ...cuts.map((cut) => cut % sent.length).sort((a, b) => a - b), sent.length];
    expect(streamed(ends.slice(1).map((end, index) => sent.subarray(ends[index], end)))).toEqual(streamed([sent]));
  }), { numRuns: 300 });
});

test('a stream with bytes changed ends in its own last event or in an error event, never without either', () => {
  const stream = fixture('responses-stream.sse');
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 }), (changes) => {
    const sent = new Uint8Array(stream);
    changes.forEach(([place, byte]) => { sent[place % sent.length] = byte; });
    const { response } = translated(openAiToOpenAiResponses, STREAM);
    response.head({ status: 200, header: () => 'text/event-stream' });
    const text = new TextDecoder().decode(Buffer.concat([response.push(sent), response.end()]));
    const last = text.trimEnd().split(/(?:\r\n|\r|\n){2}/).at(-1) ?? '';
    expect(response.failure === undefined ? /"response\.completed"/.test(last) : /^event: error\n|"error"/m.test(last)).toBe(true);
  }), { numRuns: 500 });
});
