import * as fc from 'fast-check';
import type { Response } from 'openai/resources/responses/responses';
import { chatStream, counting, Event, eventsOf, finalOf, itemTypes, OUTPUTS, Output, respond, responsesTo, SSE_TYPE, streamed, TO_CHAT, toolStream } from './responses';
import { exceptionFrame } from '../openai-to-bedrock/converse';
import { bytesOf, everySplit, fixture, replay, textOf } from '../replay';

const TOOLS = [{ type: 'function', name: 'get_weather', parameters: {}, strict: false }, { type: 'function', name: 'now', parameters: {}, strict: false }];

function typesOf(events: readonly Event[]): string[] {
  return events.map(({ type }) => type.replace(/^response\./, ''));
}

/** What the events say, put together as a client does: every item begun once, ended once, and as its deltas made it. */
function expectOneStory(events: readonly Event[]): void {
  const begun = new Map<number, string>();
  const deltas = new Map<string, string>();
  const done: unknown[] = [];
  for (const event of events) {
    const { output_index: index, item, delta, text, refusal, arguments: args } = event as Readonly<Record<string, unknown>> & { item?: { id: string; status: string } };
    const key = `${index as number} ${event.content_index as number ?? event.summary_index as number ?? 0}`;
    if (event.type === 'response.output_item.added') {
      expect(index).toBe(begun.size);
      begun.set(index as number, item!.id);
    } else if (event.type === 'response.output_item.done') {
      expect(item!.id).toBe(begun.get(index as number));
      expect(done[index as number]).toBeUndefined();
      done[index as number] = item;
    } else if (index !== undefined) {
      expect(event.item_id).toBe(begun.get(index as number));
      expect(done[index as number]).toBeUndefined();
    }
    if (typeof delta === 'string') {
      expect(delta).not.toBe('');
      deltas.set(key, (deltas.get(key) ?? '') + delta);
    }
    const whole = text ?? refusal ?? args;
    if (typeof whole === 'string') {
      expect(whole).toBe(deltas.get(key) ?? '');
    }
  }
  const { response } = events.at(-1) as unknown as { readonly response: Response };
  expect(done).toHaveLength(begun.size);
  expect(response.output).toEqual(done);
}

test('text: every event, in the order of OpenAI\'s own', () => {
  const { text, head, usage } = streamed(TO_CHAT, [fixture('chat-stream.sse')]);
  const events = eventsOf(text);
  expect(typesOf(events)).toEqual([
    'created', 'in_progress', 'output_item.added', 'content_part.added', 'output_text.delta', 'output_text.delta', 'output_text.done', 'content_part.done', 'output_item.done', 'completed',
  ]);
  expectOneStory(events);
  expect(events[0]).toMatchObject({ response: { id: 'resp_1', object: 'response', status: 'in_progress', output: [], usage: null, model: 'a-model' } });
  expect(events[2]).toEqual({ type: 'response.output_item.added', sequence_number: 2, output_index: 0, item: { id: 'msg_1', type: 'message', status: 'in_progress', role: 'assistant', content: [] } });
  expect(events[4]).toEqual({ type: 'response.output_text.delta', sequence_number: 4, item_id: 'msg_1', output_index: 0, content_index: 0, delta: 'Grüße 👋', logprobs: [] });
  expect(finalOf(text)).toMatchObject({
    status: 'completed',
    service_tier: 'default',
    usage: { input_tokens: 19, input_tokens_details: { cached_tokens: 8 }, output_tokens: 10, output_tokens_details: { reasoning_tokens: 3 }, total_tokens: 29 },
    output: [{ type: 'message', status: 'completed', content: [{ type: 'output_text', text: 'Grüße 👋 a "usage":{"x":1} error [DONE]', annotations: [], logprobs: [] }] }],
  });
  expect(usage).toMatchObject({ inputTokens: 19, outputTokens: 10 });
  expect(head.bodyUnchanged).toBe(false);
});

test('G1 a chat stream of other line ends, or with names and comments, cut anywhere: the same events', () => {
  const plain = textOf(fixture('chat-stream-tools.sse')).replace(/^: .*\n\n/, '');
  const whole = streamed(TO_CHAT, [bytesOf(plain)]).text;
  for (const other of [plain.replaceAll('\n', '\r\n'), plain.replaceAll('\n', '\r'), plain.replaceAll('data: {', 'event: message\ndata:{'), `: keep-alive\n\n${plain}`]) {
    for (const chunks of everySplit(bytesOf(other))) {
      expect(streamed(TO_CHAT, chunks).text).toBe(whole);
    }
  }
});

test('a call', () => {
  const events = eventsOf(streamed(TO_CHAT, [fixture('chat-stream-tools.sse')]).text);
  expect(typesOf(events)).toEqual([
    'created', 'in_progress', 'output_item.added', 'function_call_arguments.delta', 'function_call_arguments.delta', 'function_call_arguments.done', 'output_item.done', 'completed',
  ]);
  expectOneStory(events);
  expect(events[2]).toMatchObject({ item: { type: 'function_call', status: 'in_progress', call_id: 'call_DdmO9pD3xa9XTPNJ32zg2hcA', name: 'get_weather', arguments: '' } });
  expect(events[5]).toMatchObject({ name: 'get_weather', arguments: '{"city":"Köln"}' });
});

test.each(OUTPUTS)('thoughts, text and two calls from %s', (output) => {
  const { text, usage } = streamed(responsesTo(output), [toolStream(output)], { tools: TOOLS });
  const events = eventsOf(text);
  expectOneStory(events);
  const response = finalOf(text);
  expect(response.status).toBe('completed');
  expect(itemTypes(response.output).filter((type) => type !== 'reasoning')).toEqual(['message', 'function_call', 'function_call']);
  expect(response.output).toMatchObject(expect.arrayContaining([
    expect.objectContaining({ type: 'message', content: [expect.objectContaining({ text: 'Let me look.' }) as unknown] }),
    expect.objectContaining({ type: 'function_call', name: 'get_weather' }), expect.objectContaining({ type: 'function_call', name: 'now', arguments: '{}' }),
  ]) as object);
  expect(response.output[0]).toMatchObject({ type: 'reasoning', summary: [{ text: 'Two cities, so two calls.' }], encrypted_content: expect.stringMatching(/^llmgw\./) as string });
  expect(response.usage).toMatchObject({ input_tokens: usage?.inputTokens, output_tokens: usage?.outputTokens });
  expect(usage?.outputTokens).toBeGreaterThan(0);
});

test.each(OUTPUTS)('G1 the stream of %s cut anywhere: the same events', (output) => {
  const bytes = toolStream(output);
  const whole = streamed(responsesTo(output), [bytes], { tools: TOOLS });
  for (const chunks of everySplit(bytes)) {
    const { text, usage } = streamed(responsesTo(output), chunks, { tools: TOOLS });
    // Names of events are only shown where something differs.
    if (text !== whole.text) {
      expect(text).toBe(whole.text);
    }
    expect(usage).toEqual(whole.usage);
  }
});

test('calls whose deltas come in turns, and text after a call', () => {
  const call = (index: number, rest: object): object => ({ delta: { tool_calls: [{ index, ...rest }] } });
  const { text } = streamed(TO_CHAT, [chatStream(
    call(0, { id: 'a', function: { name: 'f', arguments: '' } }), call(1, { id: 'b', function: { name: 'g', arguments: '{"y"' } }), call(0, { function: { arguments: '{"x":1}' } }),
    { delta: { content: 'Wait.' } }, call(1, { function: { arguments: ':2}' } }), { delta: {}, finish_reason: 'tool_calls' },
  )]);
  const events = eventsOf(text);
  expectOneStory(events);
  expect(finalOf(text).output).toMatchObject([
    { type: 'function_call', call_id: 'a', arguments: '{"x":1}', status: 'completed' }, { type: 'function_call', call_id: 'b', arguments: '{"y":2}', status: 'completed' },
    { type: 'message', content: [{ text: 'Wait.' }], status: 'completed' },
  ]);
});

test('reasoning between texts, a refusal, citations, log probabilities, pictures', () => {
  const { text } = streamed(TO_CHAT, [chatStream(
    { delta: { reasoning_details: [{ type: 'reasoning.encrypted', data: 'YQ==', index: 0 }] } }, { delta: { content: 'A' }, logprobs: { content: [{ token: 'A', logprob: -1, bytes: [65], top_logprobs: [] }] } },
    { delta: { annotations: [{ type: 'url_citation', url_citation: { start_index: 0, end_index: 1, title: 'T', url: 'https://a.com' } }] } },
    { delta: { reasoning_content: 'Hm.' } }, { delta: { content: 'B' } }, { delta: { refusal: 'No.' } }, { delta: { images: [{ image_url: { url: 'data:image/png;base64,iVBO' } }] } },
    { delta: { extra_content: { google: { thought_signature: 'c2ln' } } } }, { delta: {}, finish_reason: 'stop', provider_finish_reason: 'STOP' },
  )]);
  const events = eventsOf(text);
  expectOneStory(events);
  expect(typesOf(events)).toContain('output_text.annotation.added');
  const response = finalOf(text);
  expect(itemTypes(response.output)).toEqual(['reasoning', 'message', 'reasoning', 'message', 'image_generation_call', 'reasoning']);
  expect(response.output[1]).toMatchObject({ content: [{ text: 'A', annotations: [{ type: 'url_citation', url: 'https://a.com' }], logprobs: [{ token: 'A', logprob: -1 }] }] });
  expect(response.output[3]).toMatchObject({ content: [{ type: 'output_text', text: 'B' }, { type: 'refusal', refusal: 'No.' }] });
  expect(response.output[4]).toMatchObject({ result: 'iVBO', status: 'completed' });
  expect(response).toMatchObject({ provider_finish_reason: 'STOP' });
});

test.each([['length', 'max_output_tokens'], ['content_filter', 'content_filter']])('finish_reason %s ends in response.incomplete', (finishReason, reason) => {
  const { text, failure } = streamed(TO_CHAT, [chatStream({ delta: { content: 'A' } }, { delta: {}, finish_reason: finishReason })]);
  expect(eventsOf(text).at(-1)).toMatchObject({ type: 'response.incomplete', response: { status: 'incomplete', incomplete_details: { reason }, output: [{ status: 'incomplete' }] } });
  expect(failure).toBeUndefined();
});

describe('a stream that fails ends in response.failed, never in response.completed', () => {
  const last = (text: string): unknown[] => eventsOf(text).slice(-2);

  test('at once: the error alone, so that another backend may answer', () => {
    const bedrock = streamed(responsesTo('AWSBedrock'), [exceptionFrame('throttlingException', 'Too many tokens')]);
    expect(eventsOf(bedrock.text)).toEqual([{
      type: 'error',
      sequence_number: 0,
      code: 'ThrottlingException',
      message: 'Too many tokens',
      param: null,
      error: { code: 'ThrottlingException', message: 'Too many tokens', param: null, type: 'rate_limit_error' },
    }]);
    expect(bedrock.failure).toMatchObject({ status: 429, code: 'ThrottlingException' });
  });

  test('A23 later: the error, and the response as far as it came', () => {
    const begin = textOf(toolStream('Anthropic')).split('event: content_block_stop')[0];
    const error = 'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n';
    const { text, failure } = streamed(responsesTo('Anthropic'), [bytesOf(begin + error)]);
    expect(last(text)).toMatchObject([
      { type: 'error', code: 'overloaded_error', message: 'Overloaded', error: { message: 'Overloaded' } },
      { type: 'response.failed', response: { status: 'failed', error: { code: 'server_error', message: 'Overloaded' }, output: [{ type: 'reasoning', status: 'incomplete' }] } },
    ]);
    expect(failure).toMatchObject({ status: 529 });
  });

  test.each([[429, 'rate_limit_exceeded'], [400, 'invalid_prompt'], [500, 'server_error']])('an error of status %d has code %s in the response', (status, code) => {
    const stream = `${textOf(chatStream({ delta: { content: 'A' } })).replace('data: [DONE]\n\n', '')}data: ${JSON.stringify({ error: { message: 'x', code: String(status) } })}\n\n`;
    expect(last(streamed(TO_CHAT, [bytesOf(stream)]).text)).toMatchObject([{ type: 'error', message: 'x' }, { response: { error: { code, message: 'x' }, output: [{ status: 'incomplete', content: [{ text: 'A' }] }] } }]);
  });

  test.each<[string, Uint8Array]>([
    ['without a reason', chatStream({ delta: { content: 'A' } })], ['with nothing in it', bytesOf('')], ['with a chunk of another shape', chatStream({ delta: { content: 5 } }, { delta: {}, finish_reason: 'stop' })],
    ['with chunks that are no JSON', bytesOf('data: {"choices":[{"index":0,"delta":{"content":"A"}}]}\n\ndata: {"cho\n\n')],
  ])('a stream %s', (_, bytes) => {
    const { text, failure } = streamed(TO_CHAT, [bytes]);
    expect(eventsOf(text).at(-1)?.type).toMatch(/^(?:error|response\.failed)$/);
    expect(failure).toMatchObject({ status: 502, code: 'upstream_broke_off' });
  });

  test('a connection that broke says why, once; after the end it takes nothing away', () => {
    const whole = fixture('chat-stream.sse');
    expect(last(streamed(TO_CHAT, [whole.subarray(0, 700)], {}, 'connection reset').text)).toMatchObject([{ type: 'error', message: 'connection reset' }, { type: 'response.failed' }]);
    expect(streamed(TO_CHAT, [whole], {}, 'connection reset')).toEqual(streamed(TO_CHAT, [whole]));
    const { response } = respond(TO_CHAT, { stream: true });
    response.head({ status: 200, header: (name) => SSE_TYPE[name as keyof typeof SSE_TYPE] });
    expect(response.fail('reset')).not.toHaveLength(0);
    expect([response.push(whole), response.end(), response.fail('again')].map(({ length }) => length)).toEqual([0, 0, 0]);
  });

  test('an answer that is no success is an error body, also where a stream was asked for', () => {
    const { text, head } = replay(respond(responsesTo('AWSBedrock'), { stream: true }).response, 429, { 'content-type': 'application/json' }, [bytesOf('{"message":"Slow down"}')]);
    expect([head.status, JSON.parse(text)]).toMatchObject([429, { error: { message: 'Slow down', code: 'rate_limit_exceeded' } }]);
  });

  test.each(OUTPUTS)('cut at every byte, from %s', (output: Output) => {
    const bytes = toolStream(output);
    const whole = streamed(responsesTo(output), [bytes], { tools: TOOLS }).text;
    for (let end = 0; end < bytes.length - 4; end += 1) {
      const { text, failure } = streamed(responsesTo(output), [bytes.subarray(0, end)], { tools: TOOLS });
      if (!failure) {
        // The last event lacks only its blank line.
        expect(text).toContain('response.completed');
        continue;
      }
      // Text, since to read 5,000 streams takes long.
      const [before, error] = text.split('event: error\n');
      expect(whole.startsWith(before)).toBe(true);
      expect(error.includes('\n\nevent: response.failed\n')).toBe(before !== '');
      expect(error).not.toMatch(/response\.(?:completed|incomplete)/);
      expect(failure.status).toBe(502);
    }
  });

  test.each(OUTPUTS)('any byte changed, from %s: an end of one kind, whatever it says', (output) => {
    const bytes = toolStream(output);
    fc.assert(fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), fc.nat(bytes.length), (position, change, cut) => {
      const changed = Uint8Array.from(bytes);
      changed[position] += change;
      const { response } = respond(responsesTo(output), { stream: true, tools: TOOLS });
      response.head({ status: 200, header: () => 'text/event-stream' });
      const text = new TextDecoder().decode(Buffer.concat([response.push(changed.subarray(0, cut)), response.push(changed.subarray(cut)), response.end()]));
      const events = eventsOf(text);
      expect(events.filter(({ type }) => /^response\.(?:completed|incomplete|failed)$/.test(type)).length).toBe(events.length === 1 ? 0 : 1);
      expect(/^response\.(?:completed|incomplete)$/.test(events.at(-1)?.type ?? '')).toBe(response.failure === undefined);
      if (response.failure === undefined) {
        expectOneStory(events);
      }
    }), { numRuns: 150 });
  });
});

test('G12 G17 whatever the chat holds, nothing is thrown, and the story is one', () => {
  const leaf = fc.oneof(fc.constantFrom('x', '', 0, 1, null, true, 'stop', 'length', '{}'), fc.string({ maxLength: 3 }));
  const keys = fc.constantFrom('content', 'refusal', 'reasoning_content', 'reasoning_details', 'tool_calls', 'index', 'id', 'function', 'name', 'arguments', 'annotations', 'images', 'image_url', 'url', 'extra_content');
  const { tree, node } = fc.letrec<{ tree: unknown; node: Record<string, unknown> }>((tie) => ({
    tree: fc.oneof({ maxDepth: 4 }, leaf, tie('node'), fc.array(tie('tree'), { maxLength: 2 })),
    node: fc.dictionary(keys, tie('tree'), { maxKeys: 3, noNullPrototype: true }) as fc.Arbitrary<Record<string, unknown>>,
  }));
  const choice = fc.record({ delta: fc.oneof(node, tree), finish_reason: fc.constantFrom(null, null, 'stop', 'length', 5), logprobs: fc.oneof(fc.constant(null), tree) }, { requiredKeys: [] });
  fc.assert(fc.property(fc.array(choice, { maxLength: 6 }), fc.boolean(), fc.boolean(), (choices, stream, breaks) => {
    const environment = counting();
    const { response } = respond(TO_CHAT, { stream }, { environment });
    const head = response.head({ status: 200, header: (name) => name === 'content-type' ? stream ? 'text/event-stream' : 'application/json' : undefined });
    const bytes = stream ? chatStream(...choices) : bytesOf(JSON.stringify({ choices: choices.map(({ delta, ...rest }) => ({ message: delta, ...rest })) }));
    const text = new TextDecoder().decode(Buffer.concat([response.push(bytes), breaks ? response.fail('reset') : response.end()]));
    expect(head.setHeaders.filter(([name]) => name.startsWith(':'))).toEqual([]);
    if (stream) {
      const events = eventsOf(text);
      expect(/completed|incomplete/.test(events.at(-1)!.type)).toBe(response.failure === undefined);
    } else {
      expect('error' in (JSON.parse(text) as object) && (JSON.parse(text) as Response).error !== null).toBe(response.failure !== undefined);
    }
  }), { numRuns: 500 });
});
