import { call, calling, contentsOf, droppedBy, FLASH_20, FLASH_3, refusal, result, sent, signed, user } from './gemini';

const IMAGE = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } };
const INLINE = { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } };
const weather = (id: string, city = 'Paris') => ({ functionCall: { id, name: 'get_weather', args: { city } } });
const response = (id: string, output: unknown, name = 'get_weather') => ({ functionResponse: { id, name, response: output } });

describe('system and developer messages', () => {
  test('at the start go to systemInstruction', () => {
    const body = sent({ messages: [{ role: 'system', content: 'Be kind.' }, { role: 'developer', content: [{ type: 'text', text: 'Be brief.' }] }, user('Hi')] });
    expect(body.systemInstruction).toEqual({ parts: [{ text: 'Be kind.' }, { text: 'Be brief.' }] });
    expect(body.contents).toEqual([{ role: 'user', parts: [{ text: 'Hi' }] }]);
  });

  test('later ones become user turns, which is a stated loss also where nothing may be lost', () => {
    const messages = [user('Hi'), { role: 'assistant', content: 'Hello.' }, { role: 'system', content: 'Be brief.' }, user('Go on')];
    expect(contentsOf(...messages)).toEqual([
      { role: 'user', parts: [{ text: 'Hi' }] }, { role: 'model', parts: [{ text: 'Hello.' }] }, { role: 'user', parts: [{ text: 'Be brief.' }, { text: 'Go on' }] },
    ]);
    expect(droppedBy({ messages }, { unsupportedParameters: 'Strict' })).toEqual(['messages[].role']);
  });

  test('V21 alone are refused: there is nothing to answer', () => {
    for (const messages of [[{ role: 'system', content: 'Be kind.' }], [], [{ role: 'system', content: 'Be kind.' }, user('')]]) {
      expect(refusal({ messages })).toMatchObject({ status: 400, param: 'messages', code: 'invalid_value' });
    }
  });
});

test('G15 content as a string or as an array, for every role', () => {
  const conversation = (content: (text: string) => unknown) => sent({
    messages: [
      { role: 'system', content: content('a') }, { role: 'developer', content: content('b') }, user(content('c')),
      { role: 'assistant', content: content('d'), tool_calls: [call('1')] }, result('1', content('e')),
    ],
  });
  const asText = conversation((text) => text);
  expect(asText).toEqual(conversation((text) => [{ type: 'text', text }]));
  expect(asText.contents).toEqual([
    { role: 'user', parts: [{ text: 'c' }] },
    { role: 'model', parts: [{ text: 'd' }, weather('1')] },
    { role: 'user', parts: [response('1', { output: 'e' })] },
  ]);
});

describe('tool calls and results', () => {
  test('V1 the results of N calls are one content with N parts, in the order of the calls, and what the user says after them is another', () => {
    expect(contentsOf(user('Hi'), calling(call('1'), call('2', 'now', '{}'), call('3')), result('3', 'rain'), result('2', 'noon'), result('1', 'sunny'), user('Thanks'))).toEqual([
      { role: 'user', parts: [{ text: 'Hi' }] },
      { role: 'model', parts: [weather('1'), { functionCall: { id: '2', name: 'now', args: {} } }, weather('3')] },
      { role: 'user', parts: [response('1', { output: 'sunny' }), response('2', { output: 'noon' }, 'now'), response('3', { output: 'rain' })] },
      { role: 'user', parts: [{ text: 'Thanks' }] },
    ]);
  });

  test('V9 two turns may use the same id: a result belongs to the last call', () => {
    const contents = contentsOf(user('Hi'), calling(call('1')), result('1', 'a'), calling(call('1', 'now', '{}')), result('1', 'b'));
    expect(contents.at(-1)?.parts).toEqual([response('1', { output: 'b' }, 'now')]);
  });

  test.each<[unknown, unknown]>([
    ['sunny', { output: 'sunny' }], ['', { output: '' }], [[], { output: '' }], ['{"sky":"blue"}', { sky: 'blue' }], ['[1]', { output: '[1]' }], ['{"sky":', { output: '{"sky":' }],
    ['{"output":1}', { output: { output: 1 } }], ['{"error":"x","a":1}', { output: { error: 'x', a: 1 } }],
    [[{ type: 'text', text: 'a' }, { type: 'text', text: 'b' }], { output: 'a\nb' }],
  ])('the result %j is the response %j', (content, expected) => {
    expect(contentsOf(user('Hi'), calling(call('1')), result('1', content)).at(-1)?.parts).toEqual([response('1', expected)]);
  });

  test('a result of no call is refused', () => {
    expect(refusal({ messages: [user('Hi'), result('9', 'x')] })).toMatchObject({ status: 400, param: 'messages[1].tool_call_id' });
  });

  test('images of a result go into it, or beside it for older models', () => {
    const messages = [user('Hi'), calling(call('1', 'map', '{}', signed('c2ln'))), result('1', [{ type: 'text', text: 'A map:' }, IMAGE])];
    expect(sent({ model: FLASH_3, messages }).contents.at(-1)?.parts)
      .toEqual([{ functionResponse: { id: '1', name: 'map', response: { output: 'A map:' }, parts: [INLINE] } }]);
    expect(sent({ model: FLASH_20, messages }).contents.at(-1)?.parts).toEqual([response('1', { output: 'A map:' }, 'map'), INLINE]);
    expect([droppedBy({ model: FLASH_3, messages }), droppedBy({ model: FLASH_20, messages })]).toEqual([[], ['messages[].content']]);
  });

  test.each([[null], [''], [undefined], [[{ type: 'text', text: '' }]]])('content %j beside tool calls gives no text part', (content) => {
    expect(contentsOf(user('Hi'), { ...calling(call('1')), content }, result('1', 'x'))[1].parts).toEqual([weather('1')]);
  });

  test.each(['{"city":"Par', '[1]', '"x"'])('arguments that are no object (%s) are wrapped, which is a stated loss', (args) => {
    const messages = [user('Hi'), calling(call('1', 'f', args)), result('1', 'x')];
    expect(contentsOf(...messages)[1].parts).toEqual([{ functionCall: { id: '1', name: 'f', args: { arguments: args } } }]);
    expect(droppedBy({ messages })).toEqual(['messages[].tool_calls[].function.arguments']);
  });

  test('the deprecated function_call and its answer', () => {
    expect(contentsOf(user('Hi'), { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{"a":1}' } }, { role: 'function', name: 'f', content: 'one' })).toEqual([
      { role: 'user', parts: [{ text: 'Hi' }] },
      { role: 'model', parts: [{ functionCall: { name: 'f', args: { a: 1 } } }] },
      { role: 'user', parts: [{ functionResponse: { name: 'f', response: { output: 'one' } } }] },
    ]);
  });
});

describe('V8 thought signatures', () => {
  test('of calls come back where they were', () => {
    const messages = [user('Hi'), calling(call('1', 'a', '{}', signed('c2lnbmVk')), call('2', 'b', '{}')), result('1', 'x'), result('2', 'y')];
    for (const model of [FLASH_3, 'gemini-2.5-flash']) {
      expect(sent({ model, messages }).contents[1].parts).toEqual([
        { functionCall: { id: '1', name: 'a', args: {} }, thoughtSignature: 'c2lnbmVk' }, { functionCall: { id: '2', name: 'b', args: {} } },
      ]);
    }
  });

  test('of text come back with its last part, or without any text', () => {
    const answer = (content: unknown) => contentsOf(user('Hi'), { role: 'assistant', content, ...signed('c2ln') }, user('x'))[1].parts;
    expect(answer('Hello.')).toEqual([{ text: 'Hello.', thoughtSignature: 'c2ln' }]);
    expect(answer([{ type: 'text', text: 'a' }, { type: 'text', text: 'b' }])).toEqual([{ text: 'a' }, { text: 'b', thoughtSignature: 'c2ln' }]);
    expect(answer('')).toEqual([{ text: '', thoughtSignature: 'c2ln' }]);
  });

  test('that newer models want and a client (or another model) does not have are skipped, which is a stated loss', () => {
    const messages = [user('Hi'), calling(call('1'), call('2')), result('1', 'x'), result('2', 'y')];
    expect(sent({ model: FLASH_3, messages }).contents[1].parts.map(({ thoughtSignature }) => thoughtSignature)).toEqual(['skip_thought_signature_validator', undefined]);
    expect(droppedBy({ model: FLASH_3, messages })).toEqual(['messages[].tool_calls[].extra_content']);
    expect(droppedBy({ messages })).toEqual([]);
  });

  test('that are none are refused', () => {
    expect(refusal({ messages: [user('Hi'), calling(call('1', 'a', '{}', signed('ü')))] })).toMatchObject({ param: 'messages[1].tool_calls[0].extra_content.google.thought_signature' });
  });

  test('nothing else of extra_content is looked at', () => {
    expect(contentsOf(user('Hi'), { role: 'assistant', content: 'x', extra_content: { other: 1 } })[1].parts).toEqual([{ text: 'x' }]);
  });
});

test('thoughts themselves are not sent back, which is a loss that is named', () => {
  for (const thoughts of [{ reasoning_content: 'Hm.' }, { reasoning_details: [{ type: 'reasoning.text', text: 'Hm.', signature: 's', index: 0 }] }]) {
    const messages = [user('Hi'), { role: 'assistant', content: 'x', ...thoughts }, user('y')];
    expect(droppedBy({ messages })).toEqual([`messages[].${Object.keys(thoughts)[0]}`]);
    expect(refusal({ messages }, { unsupportedParameters: 'Strict' })).toMatchObject({ code: 'unsupported_parameter' });
  }
  expect(droppedBy({ messages: [user('Hi'), { role: 'assistant', content: 'x', reasoning_content: '', reasoning_details: [] }] })).toEqual([]);
});

test('a refusal is text; names and cache marks are dropped by name', () => {
  expect(contentsOf(user('Hi'), { role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }], refusal: 'Never.' })[1].parts).toEqual([{ text: 'No.' }, { text: 'Never.' }]);
  const mark = { cache_control: { type: 'ephemeral' } };
  expect(droppedBy({ messages: [{ ...user([{ type: 'text', text: 'Hi', ...mark }]), name: 'ann' }] })).toEqual(['messages[].name', 'messages[].content[].cache_control']);
  expect(refusal({ messages: [{ role: 'assistant', audio: { id: 'a' } }] })).toMatchObject({ code: 'unsupported_parameter', param: 'messages[0].audio' });
});

test.each<[string, readonly unknown[], string, string]>([
  ['no role', [{ content: 'x' }], 'messages[0].role', 'missing_required_parameter'],
  ['a role that there is not', [{ role: 'bot', content: 'x' }], 'messages[0].role', 'invalid_value'],
  ['content that is a number', [user(5)], 'messages[0].content', 'invalid_type'],
  ['no content', [{ role: 'user' }], 'messages[0].content', 'missing_required_parameter'],
  ['a call without an id', [user('Hi'), calling({ type: 'function', function: { name: 'f' } })], 'messages[1].tool_calls[0].id', 'missing_required_parameter'],
])('a bad shape is a 400 that names the place: %s', (_, messages, param, code) => {
  expect(refusal({ messages })).toMatchObject({ status: 400, param, code });
});
