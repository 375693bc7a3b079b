import { chat, droppedBy, messagesOf, refusal, sent } from './converse';
import { ConverseBody } from '../../../src/translate/bedrock/converse-wire';
import { textOf } from '../replay';

const user = (content: unknown) => ({ role: 'user', content });
const call = (id: string, name = 'get_weather', args = '{"city":"Paris"}') => ({ id, type: 'function', function: { name, arguments: args } });
const calling = (...calls: readonly object[]) => ({ role: 'assistant', content: null, tool_calls: calls });
const result = (id: string, content: unknown) => ({ role: 'tool', tool_call_id: id, content });
const IMAGE = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } };
const CONVERSE_IMAGE = { image: { format: 'png', source: { bytes: 'iVBORw0KGgo=' } } };

describe('system and developer messages', () => {
  test('at the start go to system', () => {
    const body = sent({ messages: [{ role: 'system', content: 'Be kind.' }, { role: 'developer', content: [{ type: 'text', text: 'Be brief.' }] }, user('Hi')] });
    expect(body.system).toEqual([{ text: 'Be kind.' }, { text: 'Be brief.' }]);
    expect(body.messages).toEqual([{ role: 'user', content: [{ text: 'Hi' }] }]);
  });

  test('later ones become user turns, which is a stated loss also where nothing may be lost', () => {
    const messages = [user('Hi'), { role: 'assistant', content: 'Hello.' }, { role: 'system', content: 'Be brief.' }, user('Go on')];
    expect(messagesOf(...messages)).toEqual([
      { role: 'user', content: [{ text: 'Hi' }] },
      { role: 'assistant', content: [{ text: 'Hello.' }] },
      { role: 'user', content: [{ text: 'Be brief.' }, { text: 'Go on' }] },
    ]);
    expect(droppedBy({ messages }, { unsupportedParameters: 'Strict' })).toEqual(['messages[].role']);
  });

  test('alone are refused: Converse begins with a user', () => {
    expect(refusal({ messages: [{ role: 'system', content: 'Be kind.' }] })).toMatchObject({ status: 400, param: 'messages', code: 'invalid_value' });
    expect(refusal({ messages: [] })).toMatchObject({ param: 'messages' });
    expect(refusal({ messages: [{ role: 'assistant', content: 'Hi' }, user('Hi')] })).toMatchObject({ param: 'messages' });
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
  expect(asText.messages).toEqual([
    { role: 'user', content: [{ text: 'c' }] },
    { role: 'assistant', content: [{ text: 'd' }, { toolUse: { toolUseId: '1', name: 'get_weather', input: { city: 'Paris' } } }] },
    { role: 'user', content: [{ toolResult: { toolUseId: '1', content: [{ text: 'e' }] } }] },
  ]);
});

test('neighbours of the same role are one turn', () => {
  expect(messagesOf(user('a'), user('b'), { role: 'assistant', content: 'c' }, { role: 'assistant', content: 'd' }, user('e'))).toEqual([
    { role: 'user', content: [{ text: 'a' }, { text: 'b' }] },
    { role: 'assistant', content: [{ text: 'c' }, { text: 'd' }] },
    { role: 'user', content: [{ text: 'e' }] },
  ]);
});

describe('tool calls and results', () => {
  test('B1 B2 B3 two calls are two toolUse blocks, their results one user message', () => {
    expect(messagesOf(user('Hi'), calling(call('1'), call('2', 'now', '{}')), result('1', 'sunny'), result('2', 'noon'), user('Thanks'))).toEqual([
      { role: 'user', content: [{ text: 'Hi' }] },
      {
        role: 'assistant',
        content: [
          { toolUse: { toolUseId: '1', name: 'get_weather', input: { city: 'Paris' } } },
          { toolUse: { toolUseId: '2', name: 'now', input: {} } },
        ],
      },
      {
        role: 'user',
        content: [
          { toolResult: { toolUseId: '1', content: [{ text: 'sunny' }] } },
          { toolResult: { toolUseId: '2', content: [{ text: 'noon' }] } },
          { text: 'Thanks' },
        ],
      },
    ]);
  });

  test.each([[null], [''], [' \n'], [undefined], [[{ type: 'text', text: '' }]]])('B4 content %j beside tool calls gives no text block', (content) => {
    const [, assistant] = messagesOf(user('Hi'), { ...calling(call('1')), content }, result('1', 'sunny'));
    expect(assistant.content).toEqual([{ toolUse: { toolUseId: '1', name: 'get_weather', input: { city: 'Paris' } } }]);
  });

  test('B5 blank text is left out, a message of nothing else too', () => {
    expect(messagesOf(user([{ type: 'text', text: '' }, { type: 'text', text: 'Hi' }, { type: 'text', text: ' ' }]), { role: 'assistant', content: '' }, user('There')))
      .toEqual([
        { role: 'user', content: [{ text: 'Hi' }, { text: 'There' }] },
      ]);
    expect(refusal({ messages: [user([{ type: 'text', text: '' }])] })).toMatchObject({ status: 400, param: 'messages' });
  });

  test.each([[''], [[]], [[{ type: 'text', text: '' }]]])('B6 the empty tool result %j holds no blank text', (content) => {
    const [, , results] = messagesOf(user('Hi'), calling(call('1')), result('1', content));
    expect(results.content).toEqual([{ toolResult: { toolUseId: '1', content: [{ text: '(empty)' }] } }]);
  });

  test('B15 an image in a tool result is an image block in it', () => {
    const [, , results] = messagesOf(user('Hi'), calling(call('1')), result('1', [{ type: 'text', text: 'A map:' }, IMAGE]));
    expect(results.content).toEqual([{ toolResult: { toolUseId: '1', content: [{ text: 'A map:' }, CONVERSE_IMAGE] } }]);
  });

  test.each([
    ['', {}], ['  ', {}], [undefined, {}], ['{"a":[1]}', { a: [1] }],
  ])('arguments %j', (args, input) => {
    const [, assistant] = messagesOf(user('Hi'), calling({ id: '1', type: 'function', function: { name: 'f', arguments: args } }), result('1', 'x'));
    expect(assistant.content).toEqual([{ toolUse: { toolUseId: '1', name: 'f', input } }]);
  });

  test.each(['{"city":"Par', '[1]', '"x"', 'null'])('arguments that are no object (%s) are wrapped, which is a stated loss', (args) => {
    const messages = [user('Hi'), calling(call('1', 'f', args)), result('1', 'x')];
    expect(messagesOf(...messages)[1].content).toEqual([{ toolUse: { toolUseId: '1', name: 'f', input: { arguments: args } } }]);
    expect(droppedBy({ messages })).toEqual(['messages[].tool_calls[].function.arguments']);
  });

  test('a custom tool\'s call in the history is a call with one argument', () => {
    const messages = [user('Hi'), calling({ id: '1', type: 'custom', custom: { name: 'run', input: 'ls' } }), result('1', 'x')];
    expect(messagesOf(...messages)[1].content).toEqual([{ toolUse: { toolUseId: '1', name: 'run', input: { input: 'ls' } } }]);
    expect(droppedBy({ messages })).toEqual(['messages[].tool_calls[].custom.input']);
  });
});

describe('the deprecated function_call', () => {
  const asking = (name: string) => ({ role: 'assistant', content: null, function_call: { name, arguments: '{"a":1}' } });

  test('is a toolUse, its answer a toolResult of the same id', () => {
    expect(messagesOf(user('Hi'), asking('f'), { role: 'function', name: 'f', content: 'one' }, asking('g.h'), { role: 'function', name: 'g.h', content: 'two' }))
      .toEqual([
        { role: 'user', content: [{ text: 'Hi' }] },
        { role: 'assistant', content: [{ toolUse: { toolUseId: 'function_call_1', name: 'f', input: { a: 1 } } }] },
        { role: 'user', content: [{ toolResult: { toolUseId: 'function_call_1', content: [{ text: 'one' }] } }] },
        { role: 'assistant', content: [{ toolUse: { toolUseId: 'function_call_2', name: 'g_h', input: { a: 1 } } }] },
        { role: 'user', content: [{ toolResult: { toolUseId: 'function_call_2', content: [{ text: 'two' }] } }] },
      ]);
  });

  test('belongs to the last call of its name that has no answer yet', () => {
    const { body } = chat({ messages: [user('Hi'), asking('f'), user('Again'), asking('f'), { role: 'function', name: 'f', content: 'x' }] });
    expect((JSON.parse(textOf(body ?? new Uint8Array(0))) as ConverseBody).messages.at(-1)?.content).toMatchObject([{ toolResult: { toolUseId: 'function_call_2' } }]);
  });

  test('an answer to no call is refused', () => {
    expect(refusal({ messages: [user('Hi'), asking('f'), { role: 'function', name: 'other', content: 'x' }] })).toMatchObject({ param: 'messages[2].name' });
  });
});

describe('assistant messages', () => {
  test('white space at the end of what the model shall go on with is cut, elsewhere kept', () => {
    expect(messagesOf(user(' Hi '), { role: 'assistant', content: ' A ' }, user('x'), { role: 'assistant', content: 'The answer is: \n' })).toEqual([
      { role: 'user', content: [{ text: ' Hi ' }] },
      { role: 'assistant', content: [{ text: ' A ' }] },
      { role: 'user', content: [{ text: 'x' }] },
      { role: 'assistant', content: [{ text: 'The answer is:' }] },
    ]);
  });

  test('a refusal is text, as a member and as a part', () => {
    const [, assistant] = messagesOf(user('Hi'), { role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }], refusal: 'Never.' }, user('x'));
    expect(assistant.content).toEqual([{ text: 'No.' }, { text: 'Never.' }]);
  });

  test('audio of the assistant is refused, or left out under Lenient', () => {
    const messages = [user('Hi'), { role: 'assistant', audio: { id: 'audio_1' }, content: 'Hello.' }, user('x')];
    expect(refusal({ messages })).toMatchObject({ code: 'unsupported_parameter', param: 'messages[1].audio' });
    expect(chat({ messages }, { unsupportedParameters: 'Lenient' }).dropped)
      .toEqual([{ parameter: 'messages[].audio', reason: 'Converse takes no audio of the assistant' }]);
  });
});

test('names of participants are left out, and refused under Strict', () => {
  const messages = [{ ...user('Hi'), name: 'ann' }, { role: 'assistant', content: 'x', name: 'bot' }, user('y')];
  expect(droppedBy({ messages })).toEqual(['messages[].name']);
  expect(refusal({ messages }, { unsupportedParameters: 'Strict' })).toMatchObject({ code: 'unsupported_parameter', param: 'messages[0].name' });
});

test.each<[string, unknown, string, string]>([
  ['no messages', undefined, 'messages', 'missing_required_parameter'],
  ['messages of another type', 'Hi', 'messages', 'invalid_type'],
  ['a message of another type', ['Hi'], 'messages[0]', 'invalid_type'],
  ['no role', [{ content: 'Hi' }], 'messages[0].role', 'missing_required_parameter'],
  ['an unknown role', [{ role: 'robot', content: 'Hi' }], 'messages[0].role', 'invalid_value'],
  ['no content', [{ role: 'user' }], 'messages[0].content', 'missing_required_parameter'],
  ['content of another type', [user(5)], 'messages[0].content', 'invalid_type'],
  ['a part without a type', [user([{ text: 'Hi' }])], 'messages[0].content[0].type', 'missing_required_parameter'],
  ['a text part without text', [user([{ type: 'text' }])], 'messages[0].content[0].text', 'missing_required_parameter'],
  ['an unknown part', [user([{ type: 'video', video: {} }])], 'messages[0].content[0]', 'unsupported_parameter'],
  ['tool_calls of another type', [user('Hi'), { role: 'assistant', tool_calls: {} }], 'messages[1].tool_calls', 'invalid_type'],
  ['a tool call without a function', [user('Hi'), calling({ id: '1', type: 'function' })], 'messages[1].tool_calls[0].function', 'missing_required_parameter'],
  ['a tool call without an id', [user('Hi'), calling({ type: 'function', function: { name: 'f' } })], 'messages[1].tool_calls[0].id', 'missing_required_parameter'],
  ['a tool call with an empty name', [user('Hi'), calling(call('1', ''))], 'messages[1].tool_calls[0].function.name', 'invalid_value'],
  ['a tool result without its id', [user('Hi'), { role: 'tool', content: 'x' }], 'messages[1].tool_call_id', 'missing_required_parameter'],
])('a bad shape is a 400 that names the place: %s', (_, messages, param, code) => {
  expect(refusal({ messages })).toMatchObject({ status: 400, param, code });
});
