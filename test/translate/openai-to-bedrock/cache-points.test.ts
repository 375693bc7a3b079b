import { messagesOf, refusal, sent } from './converse';

const MARK = { cache_control: { type: 'ephemeral' } };
const HOUR = { cache_control: { type: 'ephemeral', ttl: '1h' } };
const POINT = { cachePoint: { type: 'default' } };
const HOUR_POINT = { cachePoint: { type: 'default', ttl: '1h' } };
const text = (value: string, mark: object = {}) => ({ type: 'text', text: value, ...mark });
const tool = (name: string, mark: object = {}) => ({ type: 'function', function: { name, parameters: { type: 'object' } }, ...mark });
const toolSpec = (name: string) => ({ toolSpec: { name, inputSchema: { json: { type: 'object' } } } });
const CALLS = { role: 'assistant', content: null, tool_calls: ['1', '2'].map((id) => ({ id, type: 'function', function: { name: 'f' } })) };

test('B16 on a tool: an element of its own after the tool', () => {
  expect(sent({ tools: [tool('a', MARK), tool('b'), tool('c', HOUR)] }).toolConfig).toEqual({ tools: [toolSpec('a'), POINT, toolSpec('b'), toolSpec('c'), HOUR_POINT] });
});

test('a tool that tool_choice leaves out takes its cache point along', () => {
  const allowed = { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'b' } }] } };
  expect(sent({ tools: [tool('a', MARK), tool('b')], tool_choice: allowed }).toolConfig?.tools).toEqual([toolSpec('b')]);
});

test('B17 on a tool result: beside it, not in it, and its ttl is kept', () => {
  const results = (first: object, second: object) =>
    messagesOf({ role: 'user', content: 'Hi' }, CALLS, { role: 'tool', tool_call_id: '1', ...first }, { role: 'tool', tool_call_id: '2', ...second })[2].content;
  const result = (toolUseId: string, ...texts: readonly string[]) => ({ toolResult: { toolUseId, content: texts.map((value) => ({ text: value })) } });
  expect(results({ content: [text('a', HOUR), text('b', MARK)] }, { content: 'c' })).toEqual([result('1', 'a', 'b'), HOUR_POINT, result('2', 'c')]);
  expect(results({ content: 'a', ...HOUR }, { content: [text('b')], ...MARK })).toEqual([result('1', 'a'), HOUR_POINT, result('2', 'b'), POINT]);
});

test('B17 the longest ttl of those in a tool result counts', () => {
  const short = { cache_control: { type: 'ephemeral', ttl: '5m' } };
  const marks: ReadonlyArray<readonly [object, object, object]> = [
    [short, HOUR, HOUR_POINT], [MARK, short, { cachePoint: { type: 'default', ttl: '5m' } }], [MARK, MARK, POINT],
  ];
  for (const [inner, outer, point] of marks) {
    const calls = { ...CALLS, tool_calls: CALLS.tool_calls.slice(0, 1) };
    const result = { role: 'tool', tool_call_id: '1', content: [text('a', inner), text('b')], ...outer };
    expect(messagesOf({ role: 'user', content: 'Hi' }, calls, result)[2].content[1]).toEqual(point);
  }
});

test('B18 ttl on messages and parts of every role', () => {
  const body = sent({
    messages: [
      { role: 'system', content: [text('a', HOUR), text('b')] }, { role: 'system', content: 'c', ...MARK },
      { role: 'user', content: [text('d', { cache_control: { type: 'ephemeral', ttl: '5m' } })] }, { role: 'assistant', content: 'e', ...HOUR },
      { role: 'user', content: 'f', ...HOUR },
    ],
  });
  expect(body.system).toEqual([{ text: 'a' }, HOUR_POINT, { text: 'b' }, { text: 'c' }, POINT]);
  expect(body.messages).toEqual([
    { role: 'user', content: [{ text: 'd' }, { cachePoint: { type: 'default', ttl: '5m' } }] },
    { role: 'assistant', content: [{ text: 'e' }, HOUR_POINT] },
    { role: 'user', content: [{ text: 'f' }, HOUR_POINT] },
  ]);
});

test('one point, where a message and its last part, or a blank part, are marked', () => {
  expect(messagesOf({ role: 'user', content: [text('a', HOUR)], ...MARK })[0].content).toEqual([{ text: 'a' }, HOUR_POINT]);
  expect(messagesOf({ role: 'user', content: [text('a'), text(' ', MARK)] })[0].content).toEqual([{ text: 'a' }, POINT]);
  expect(messagesOf({ role: 'user', content: [text(' ', MARK), text('a')] })[0].content).toEqual([{ text: 'a' }]);
});

test('OpenAI\'s own prompt_cache_breakpoint', () => {
  expect(messagesOf({ role: 'user', content: [text('a', { prompt_cache_breakpoint: { mode: 'explicit' } }), text('b')] })[0].content)
    .toEqual([{ text: 'a' }, POINT, { text: 'b' }]);
});

test('white space at the end of an answer to go on with is cut before a cache point as well', () => {
  expect(messagesOf({ role: 'user', content: 'a' }, { role: 'assistant', content: 'b ', ...MARK })[1].content).toEqual([{ text: 'b' }, POINT]);
});

test.each([[{ type: 'forever' }, 'type'], [{}, 'type'], [{ type: 'ephemeral', ttl: '2h' }, 'ttl']])('%j is refused', (control, member) => {
  expect(refusal({ messages: [{ role: 'user', content: [text('a', { cache_control: control })] }] }))
    .toMatchObject({ param: `messages[0].content[0].cache_control.${member}` });
});
