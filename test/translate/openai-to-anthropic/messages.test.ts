import { droppedBy, messagesOf, refusal, sent } from './claude';

const user = (content: unknown) => ({ role: 'user', content });
const text = (value: string) => ({ type: 'text', text: value });
const call = (id: string, name = 'get_weather', args: unknown = '{"city":"Paris"}') => ({ id, type: 'function', function: { name, arguments: args } });
const calling = (...calls: readonly object[]) => ({ role: 'assistant', content: null, tool_calls: calls });
const result = (id: string, content: unknown) => ({ role: 'tool', tool_call_id: id, content });
const use = (id: string, name = 'get_weather', input: object = { city: 'Paris' }) => ({ type: 'tool_use', id, name, input });
const toolResult = (id: string, value: string) => ({ type: 'tool_result', tool_use_id: id, content: [text(value)] });
const IMAGE = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } };
const CLAUDE_IMAGE = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } };

describe('system and developer messages', () => {
  test('at the start go to system', () => {
    const body = sent({ messages: [{ role: 'system', content: 'Be kind.' }, { role: 'developer', content: [text('Be brief.'), text(' ')] }, user('Hi')] });
    expect(body.system).toEqual([text('Be kind.'), text('Be brief.')]);
    expect(body.messages).toEqual([{ role: 'user', content: [text('Hi')] }]);
  });

  test('A8 later ones become user turns, which is a stated loss also where nothing may be lost', () => {
    for (const role of ['system', 'developer']) {
      const messages = [user('Hi'), { role: 'assistant', content: 'Hello.' }, { role, content: 'Be brief.' }, user('Go on')];
      expect(messagesOf(...messages)).toEqual([
        { role: 'user', content: [text('Hi')] },
        { role: 'assistant', content: [text('Hello.')] },
        { role: 'user', content: [text('Be brief.'), text('Go on')] },
      ]);
      expect(droppedBy({ messages }, { unsupportedParameters: 'Strict' })).toEqual(['messages[].role']);
    }
  });

  test('alone are refused: Claude begins with a user', () => {
    for (const messages of [[{ role: 'system', content: 'Be kind.' }], [], [{ role: 'assistant', content: 'Hi' }, user('Hi')], [user([text('')])]]) {
      expect(refusal({ messages })).toMatchObject({ status: 400, param: 'messages', code: 'invalid_value' });
    }
  });
});

test('G15 content as a string or as an array, for every role', () => {
  const conversation = (content: (value: string) => unknown) => sent({
    messages: [
      { role: 'system', content: content('a') }, { role: 'developer', content: content('b') }, user(content('c')),
      { role: 'assistant', content: content('d'), tool_calls: [call('1')] }, result('1', content('e')),
    ],
  });
  const asText = conversation((value) => value);
  expect(asText).toEqual(conversation((value) => [text(value)]));
  expect(asText.messages).toEqual([
    { role: 'user', content: [text('c')] },
    { role: 'assistant', content: [text('d'), use('1')] },
    { role: 'user', content: [toolResult('1', 'e')] },
  ]);
});

test('A9 neighbours of the same role are one turn', () => {
  expect(messagesOf(user('a'), user('b'), { role: 'assistant', content: 'c' }, { role: 'assistant', content: '' }, { role: 'assistant', content: 'd' }, user('e'))).toEqual([
    { role: 'user', content: [text('a'), text('b')] },
    { role: 'assistant', content: [text('c'), text('d')] },
    { role: 'user', content: [text('e')] },
  ]);
});

describe('tool calls and results', () => {
  test('two calls are two tool_use blocks, their results one user turn with what the user says after them', () => {
    expect(messagesOf(user('Hi'), calling(call('1'), call('2', 'now', '{}')), result('1', 'sunny'), result('2', 'noon'), user('Thanks'))).toEqual([
      { role: 'user', content: [text('Hi')] },
      { role: 'assistant', content: [use('1'), use('2', 'now', {})] },
      { role: 'user', content: [toolResult('1', 'sunny'), toolResult('2', 'noon'), text('Thanks')] },
    ]);
  });

  test('results come before what stands between them and the calls', () => {
    const [, , last] = messagesOf(user('Hi'), calling(call('1'), call('2')), { role: 'system', content: 'Be brief.' }, result('1', 'a'), user('So?'), result('2', 'b'));
    expect(last.content).toEqual([toolResult('1', 'a'), toolResult('2', 'b'), text('Be brief.'), text('So?')]);
  });

  test.each([[null], [''], [' \n'], [undefined], [[text('')]]])('content %j beside tool calls gives no text block', (content) => {
    const [, assistant] = messagesOf(user('Hi'), { ...calling(call('1')), content }, result('1', 'sunny'));
    expect(assistant.content).toEqual([use('1')]);
  });

  test.each([[''], [[]], [[text('')]]])('the empty tool result %j has no content', (content) => {
    const [, , results] = messagesOf(user('Hi'), calling(call('1')), result('1', content));
    expect(results.content).toEqual([{ type: 'tool_result', tool_use_id: '1' }]);
  });

  test('an image in a tool result is an image block in it', () => {
    const [, , results] = messagesOf(user('Hi'), calling(call('1')), result('1', [text('A map:'), IMAGE]));
    expect(results.content).toEqual([{ type: 'tool_result', tool_use_id: '1', content: [text('A map:'), CLAUDE_IMAGE] }]);
  });

  test.each([['', {}], ['  ', {}], [undefined, {}], ['{"a":[1]}', { a: [1] }]])('arguments %j', (args, input) => {
    const [, assistant] = messagesOf(user('Hi'), calling({ id: '1', type: 'function', function: { name: 'f', arguments: args } }), result('1', 'x'));
    expect(assistant.content).toEqual([use('1', 'f', input)]);
  });

  test.each(['{"city":"Par', '[1]', '"x"', 'null'])('arguments that are no object (%s) are wrapped, which is a stated loss', (args) => {
    const messages = [user('Hi'), calling(call('1', 'f', args)), result('1', 'x')];
    expect(messagesOf(...messages)[1].content).toEqual([use('1', 'f', { arguments: args })]);
    expect(droppedBy({ messages })).toEqual(['messages[].tool_calls[].function.arguments']);
  });

  test('a custom tool\'s call in the history is a call with one argument', () => {
    const messages = [user('Hi'), calling({ id: '1', type: 'custom', custom: { name: 'run', input: 'ls' } }), result('1', 'x')];
    expect(messagesOf(...messages)[1].content).toEqual([use('1', 'run', { input: 'ls' })]);
    expect(droppedBy({ messages })).toEqual(['messages[].tool_calls[].custom.input']);
  });

  test('the deprecated function_call belongs to the last call of its name that has no answer yet', () => {
    const asking = (name: string) => ({ role: 'assistant', content: null, function_call: { name, arguments: '{"a":1}' } });
    const answer = (name: string, content: string) => ({ role: 'function', name, content });
    expect(messagesOf(user('Hi'), asking('f'), answer('f', 'one'), asking('g.h'), answer('g.h', 'two'))).toEqual([
      { role: 'user', content: [text('Hi')] },
      { role: 'assistant', content: [use('function_call_1', 'f', { a: 1 })] },
      { role: 'user', content: [toolResult('function_call_1', 'one')] },
      { role: 'assistant', content: [use('function_call_2', 'g_h', { a: 1 })] },
      { role: 'user', content: [toolResult('function_call_2', 'two')] },
    ]);
    expect(refusal({ messages: [user('Hi'), asking('f'), answer('other', 'x')] })).toMatchObject({ param: 'messages[2].name' });
  });
});

describe('assistant messages', () => {
  test('A7 white space at the end of what the model shall go on with is cut, elsewhere kept', () => {
    const thought = { type: 'reasoning.text', text: ' Hm. ', signature: 's', index: 0 };
    expect(messagesOf(user(' Hi '), { role: 'assistant', content: ' A ' }, user('x'), { role: 'assistant', content: [text(' B '), text('Is: \n')], reasoning_details: [thought] })).toEqual([
      { role: 'user', content: [text(' Hi ')] },
      { role: 'assistant', content: [text(' A ')] },
      { role: 'user', content: [text('x')] },
      { role: 'assistant', content: [{ type: 'thinking', thinking: ' Hm. ', signature: 's' }, text(' B '), text('Is:')] },
    ]);
  });

  test('a refusal is text, as a member and as a part', () => {
    const [, assistant] = messagesOf(user('Hi'), { role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }], refusal: 'Never.' }, user('x'));
    expect(assistant.content).toEqual([text('No.'), text('Never.')]);
  });

  test('audio of the assistant is refused, or left out under Lenient', () => {
    const messages = [user('Hi'), { role: 'assistant', audio: { id: 'audio_1' }, content: 'Hello.' }, user('x')];
    expect(refusal({ messages })).toMatchObject({ code: 'unsupported_parameter', param: 'messages[1].audio' });
    expect(droppedBy({ messages }, { unsupportedParameters: 'Lenient' })).toEqual(['messages[].audio']);
  });
});

test('names of participants are left out, and refused under Strict', () => {
  const messages = [{ ...user('Hi'), name: 'ann' }, { role: 'assistant', content: 'x', name: 'bot' }, user('y')];
  expect(droppedBy({ messages })).toEqual(['messages[].name']);
  expect(refusal({ messages }, { unsupportedParameters: 'Strict' })).toMatchObject({ code: 'unsupported_parameter', param: 'messages[0].name' });
});

describe('cache_control', () => {
  const mark = (ttl?: string) => ({ cache_control: { type: 'ephemeral', ...ttl !== undefined && { ttl } } });

  test('of parts, messages, tool results and tools stays with its ttl', () => {
    const body = sent({
      messages: [
        { role: 'system', content: [{ ...text('a'), ...mark('1h') }] },
        { role: 'user', content: [{ ...IMAGE, ...mark() }, text('b')], ...mark('5m') },
        { role: 'assistant', content: 'c', tool_calls: [call('1')], ...mark() },
        { ...result('1', [{ ...text('d'), ...mark('1h') }, { ...text('e'), ...mark() }]) },
      ],
      tools: [{ type: 'function', function: { name: 'get_weather' }, ...mark('1h') }],
    });
    expect(body.system).toEqual([{ ...text('a'), ...mark('1h') }]);
    expect(body.messages).toEqual([
      { role: 'user', content: [{ ...CLAUDE_IMAGE, ...mark() }, { ...text('b'), ...mark('5m') }] },
      { role: 'assistant', content: [text('c'), { ...use('1'), ...mark() }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: '1', content: [text('d'), text('e')], ...mark('1h') }] },
    ]);
    expect(body.tools).toEqual([{ name: 'get_weather', input_schema: { type: 'object', properties: {} }, ...mark('1h') }]);
  });

  test('of blank text goes to the block before, and to none where there is none', () => {
    expect(messagesOf(user([{ ...text(''), ...mark() }, text('a'), { ...text(' '), ...mark('1h') }]))[0].content).toEqual([{ ...text('a'), ...mark('1h') }]);
  });

  test('OpenAI\'s own mark counts, too', () => {
    expect(messagesOf(user([{ ...text('a'), prompt_cache_breakpoint: { mode: 'explicit' } }]))[0].content).toEqual([{ ...text('a'), ...mark() }]);
  });

  test.each([[{ cache_control: { type: 'forever' } }, 'type'], [{ cache_control: { type: 'ephemeral', ttl: '2h' } }, 'ttl']])('%j is refused', (bad, member) => {
    expect(refusal({ messages: [user([{ ...text('a'), ...bad }])] })).toMatchObject({ param: `messages[0].content[0].cache_control.${member}` });
  });
});

test.each<[string, unknown, string, string]>([
  ['no messages', undefined, 'messages', 'missing_required_parameter'],
  ['messages of another type', 'Hi', 'messages', 'invalid_type'],
  ['an unknown role', [{ role: 'robot', content: 'Hi' }], 'messages[0].role', 'invalid_value'],
  ['no content', [{ role: 'user' }], 'messages[0].content', 'missing_required_parameter'],
  ['content of another type', [user(5)], 'messages[0].content', 'invalid_type'],
  ['a part without a type', [user([{ text: 'Hi' }])], 'messages[0].content[0].type', 'missing_required_parameter'],
  ['an unknown part', [user([{ type: 'video', video: {} }])], 'messages[0].content[0]', 'unsupported_parameter'],
  ['audio', [user([{ type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } }])], 'messages[0].content[0]', 'unsupported_parameter'],
  ['a tool call without an id', [user('Hi'), calling({ type: 'function', function: { name: 'f' } })], 'messages[1].tool_calls[0].id', 'missing_required_parameter'],
  ['a tool result without its id', [user('Hi'), { role: 'tool', content: 'x' }], 'messages[1].tool_call_id', 'missing_required_parameter'],
])('a bad shape is a 400 that names the place: %s', (_, messages, param, code) => {
  expect(refusal({ messages })).toMatchObject({ status: 400, param, code });
});
