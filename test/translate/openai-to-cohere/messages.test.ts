import { chat, droppedBy, messagesOf, refusal, sent } from './cohere';

const HI = { role: 'user', content: 'Hi' };
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

test('G15 content as text or as parts, for every role', () => {
  const parts = (text: string) => [{ type: 'text', text }];
  expect(messagesOf(
    { role: 'system', content: parts('Be brief.') }, { role: 'user', content: parts('Hi') },
    { role: 'assistant', content: parts('Hello'), tool_calls: [{ id: '1', type: 'function', function: { name: 'f', arguments: '{}' } }] },
    { role: 'tool', tool_call_id: '1', content: parts('ok') }, { role: 'user', content: 'Go on' },
  )).toEqual([
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hi' },
    { role: 'assistant', tool_calls: [{ id: '1', type: 'function', function: { name: 'f', arguments: '{}' } }], tool_plan: 'Hello' },
    { role: 'tool', tool_call_id: '1', content: 'ok' },
    { role: 'user', content: 'Go on' },
  ]);
});

test('system and developer messages at the start become one, a later one a user message', () => {
  const request = { messages: [{ role: 'system', content: 'A' }, { role: 'developer', content: 'B' }, HI, { role: 'system', content: 'C' }] };
  expect(sent(request).messages).toEqual([
    { role: 'system', content: [{ type: 'text', text: 'A' }, { type: 'text', text: 'B' }] }, HI, { role: 'user', content: 'C' },
  ]);
  expect(droppedBy(request)).toEqual(['messages[].role']);
});

test('blank text is left out, and a message of nothing else', () => {
  expect(messagesOf({ role: 'system', content: ' ' }, { role: 'user', content: [{ type: 'text', text: '' }, { type: 'text', text: 'Hi' }] }, { role: 'assistant', content: '' }))
    .toEqual([{ role: 'user', content: 'Hi' }]);
  expect(refusal({ messages: [{ role: 'system', content: 'A' }] })).toMatchObject({ status: 400, param: 'messages' });
});

test('B6 an empty tool result is no empty text', () => {
  const call = { role: 'assistant', content: null, tool_calls: [{ id: '1', type: 'function', function: { name: 'f', arguments: '' } }] };
  expect(messagesOf(HI, call, { role: 'tool', tool_call_id: '1', content: '' })).toEqual([
    HI, { role: 'assistant', tool_calls: [{ id: '1', type: 'function', function: { name: 'f', arguments: '{}' } }] }, { role: 'tool', tool_call_id: '1', content: '(empty)' },
  ]);
});

test('the deprecated function_call and its result find each other', () => {
  const [, asked, result] = messagesOf(HI, { role: 'assistant', function_call: { name: 'f', arguments: '{"a":1}' } }, { role: 'function', name: 'f', content: '1' });
  expect(asked).toMatchObject({ tool_calls: [{ id: 'function_call_1', function: { name: 'f', arguments: '{"a":1}' } }] });
  expect(result).toEqual({ role: 'tool', tool_call_id: 'function_call_1', content: '1' });
});

test('reasoning goes back as thinking: reasoning_content, or else the text of reasoning_details', () => {
  expect(messagesOf(HI, { role: 'assistant', reasoning_content: 'Hm.', content: 'Yes' }, HI)[1])
    .toEqual({ role: 'assistant', content: [{ type: 'thinking', thinking: 'Hm.' }, { type: 'text', text: 'Yes' }] });
  const details = [{ type: 'reasoning.text', text: 'Hm.', signature: 's', index: 0 }, { type: 'reasoning.encrypted', data: 'YQ==', index: 1 }];
  const request = { messages: [HI, { role: 'assistant', reasoning_details: details, content: 'Yes' }] };
  expect(sent(request).messages[1]).toEqual({ role: 'assistant', content: [{ type: 'thinking', thinking: 'Hm.' }, { type: 'text', text: 'Yes' }] });
  expect(droppedBy(request)).toEqual(['messages[].reasoning_details[]']);
});

describe('images', () => {
  const image = (url: string, detail?: string) => [{ role: 'user', content: [{ type: 'image_url', image_url: { url, ...detail !== undefined && { detail } } }] }];

  test('A17 an address passes, with its detail', () => {
    expect(messagesOf(...image('https://example.com/a.png', 'low'))[0].content)
      .toEqual([{ type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'low' } }]);
    expect(droppedBy({ messages: image('https://example.com/a.png', 'original') })).toEqual(['messages[].content[].image_url.detail']);
  });

  test('A18 data under a wrong media type gets its own', () => {
    expect(messagesOf(...image(`data:image/jpg;base64,${PIXEL}`))[0].content).toEqual([{ type: 'image_url', image_url: { url: `data:image/png;base64,${PIXEL}` } }]);
  });

  test.each(['ftp://example.com/a.png', 'data:text/plain;base64,YQ==', 'data:image/png,abc', ''])('%j is refused', (url) => {
    expect(refusal({ messages: image(url) })).toMatchObject({ status: 400, param: 'messages[0].content[0].image_url.url' });
  });
});

test.each([
  [{ role: 'user', content: [{ type: 'file', file: { file_data: 'YQ==' } }, { type: 'text', text: 'Hi' }] }, 'messages[].content[]'],
  [{ role: 'user', content: [{ type: 'input_audio', input_audio: { data: 'YQ==', format: 'wav' } }, { type: 'text', text: 'Hi' }] }, 'messages[].content[]'],
  [{ role: 'assistant', content: 'Hi', audio: { id: 'a' } }, 'messages[].audio'],
])('G21 what Cohere cannot take is refused, and dropped by a route that lets it go', (message, parameter) => {
  const request = { messages: [HI, message] };
  expect(refusal(request)).toMatchObject({ status: 400, code: 'unsupported_parameter' });
  expect(droppedBy(request, { unsupportedParameters: 'Lenient' })).toEqual([parameter]);
});

test('G21 names and cache marks are dropped with a signal, and refused by a strict route', () => {
  const messages = [{ role: 'user', name: 'ann', content: [{ type: 'text', text: 'Hi', cache_control: { type: 'ephemeral' } }] }];
  expect(droppedBy({ messages })).toEqual(['messages[].name', 'messages[].content[].cache_control']);
  expect(refusal({ messages }, { unsupportedParameters: 'Strict' })).toMatchObject({ param: 'messages[0].name' });
});

test.each([
  [[{ role: 'user' }], 'messages[0].content'], [[{ role: 'critic', content: '' }], 'messages[0].role'], ['Hi', 'messages'], [undefined, 'messages'],
  [[HI, { role: 'tool', content: 'x' }], 'messages[1].tool_call_id'],
])('messages that are none are a 400: %j', (messages, param) => {
  expect(refusal({ messages })).toMatchObject({ status: 400, param });
});

test('G17 a request that nests too deeply is a 400', () => {
  const deep = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  expect(() => chat({ tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object', x: JSON.parse(deep(50)) as unknown } } }] })).not.toThrow();
  const calls = [{ id: '1', type: 'function', function: { name: 'f', arguments: `{"a":${deep(100_000)}}` } }];
  expect(refusal({ messages: [HI, { role: 'assistant', tool_calls: calls }] })).toMatchObject({ status: 400, code: 'invalid_json' });
});
