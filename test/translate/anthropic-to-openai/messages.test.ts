import { anthropicToOpenAiMessages } from '../../../src/translate/anthropic-to-openai/translator';
import { RequestError } from '../../../src/translate/request-error';
import { translated } from '../replay';
import { chatMessages, droppedBy, GPT, messages, refusal, sent, userTurn } from './messages';

const PNG = 'iVBORw0KGgo=';
const IMAGE = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } };
const IMAGE_PART = { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } };
const PDF = { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0x' } };
const CALL = { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'look', input: { a: 1 } }] };
const result = (content: unknown, more: object = {}) => ({ type: 'tool_result', tool_use_id: 'toolu_1', content, ...more });

test('goes to chat/completions of the configured prefix, without Anthropic\'s own headers', () => {
  expect(messages({})).toMatchObject({ method: 'POST', path: '/v1/chat/completions', stream: false });
  expect(messages({}, { output: { schema: 'OpenAI', version: 'openai/v1' } }).path).toBe('/openai/v1/chat/completions');
  expect(messages({}).removeHeaders).toEqual(expect.arrayContaining(['anthropic-version', 'anthropic-beta']));
  expect(sent({}, { upstreamModel: 'gpt-5.5' }).model).toBe('gpt-5.5');
});

test('G15 content as a string or as blocks, system as a string or as blocks', () => {
  expect(sent({ system: 'Be brief.', messages: [{ role: 'user', content: 'Hi' }, { role: 'assistant', content: 'Hello' }, { role: 'user', content: 'Bye' }] }).messages).toEqual([
    { role: 'system', content: 'Be brief.' }, { role: 'user', content: 'Hi' }, { role: 'assistant', content: 'Hello' }, { role: 'user', content: 'Bye' },
  ]);
  const blocks = (text: string) => [{ type: 'text', text }, { type: 'text', text: '' }, { type: 'text', text: 'End.' }];
  expect(sent({ system: blocks('Be brief.'), messages: [{ role: 'user', content: blocks('Hi') }, { role: 'system', content: blocks('Now') }] }).messages)
    .toEqual([{ role: 'system', content: 'Be brief.\n\nEnd.' }, { role: 'user', content: 'Hi\n\nEnd.' }, { role: 'system', content: 'Now\n\nEnd.' }]);
  expect(sent({ system: '' }).messages).toEqual([{ role: 'user', content: 'Hi' }]);
});

test('C10 images, documents and calls of tools are kept', () => {
  expect(userTurn({ type: 'text', text: 'See' }, IMAGE, { type: 'image', source: { type: 'url', url: 'https://a.test/b.png' } }, PDF)).toEqual([{
    role: 'user',
    content: [
      { type: 'text', text: 'See' }, IMAGE_PART, { type: 'image_url', image_url: { url: 'https://a.test/b.png' } },
      { type: 'file', file: { filename: 'document.pdf', file_data: 'data:application/pdf;base64,JVBERi0x' } },
    ],
  }]);
  expect(chatMessages({ role: 'user', content: 'Hi' }, { role: 'assistant', content: [{ type: 'text', text: 'Wait.' }, ...CALL.content] }, { role: 'user', content: [result('ok')] })).toEqual([
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: 'Wait.', tool_calls: [{ id: 'toolu_1', type: 'function', function: { name: 'look', arguments: '{"a":1}' } }] },
    { role: 'tool', tool_call_id: 'toolu_1', content: 'ok' },
  ]);
});

test('C10 documents of text and of blocks, and search results, are sent as what they hold', () => {
  const text = { type: 'document', title: 'T', context: 'C', source: { type: 'text', media_type: 'text/plain', data: 'Long.' } };
  expect(userTurn(text)).toEqual([{ role: 'user', content: 'Title: T\nContext: C\n\nLong.' }]);
  expect(droppedBy({ messages: [{ role: 'user', content: [text] }] })).toEqual(['messages[].content[].source']);
  expect(userTurn({ type: 'document', title: 'T', source: { type: 'content', content: [{ type: 'text', text: 'A' }, IMAGE] } }))
    .toEqual([{ role: 'user', content: [{ type: 'text', text: 'Title: T' }, { type: 'text', text: 'A' }, IMAGE_PART] }]);
  expect(userTurn({ type: 'document', source: { type: 'content', content: 'A' } })).toEqual([{ role: 'user', content: 'A' }]);
  expect(userTurn({ type: 'search_result', title: 'T', source: 's', content: [{ type: 'text', text: 'A' }] }))
    .toEqual([{ role: 'user', content: 'Search result: T\nSource: s\n\nA' }]);
  expect(userTurn({ ...PDF, title: 'T', context: 'C' })).toEqual([{
    role: 'user',
    content: [{ type: 'text', text: 'Title: T\nContext: C' }, { type: 'file', file: { filename: 'T.pdf', file_data: 'data:application/pdf;base64,JVBERi0x' } }],
  }]);
});

test('C9 results of tools come before what the user said', () => {
  expect(chatMessages(CALL, { role: 'user', content: [{ type: 'text', text: 'And?' }, result([{ type: 'text', text: 'ok' }])] }).slice(1))
    .toEqual([{ role: 'tool', tool_call_id: 'toolu_1', content: 'ok' }, { role: 'user', content: 'And?' }]);
});

test('C8 an image in a tool result is kept: in a user message behind the results', () => {
  const request = { messages: [CALL, { role: 'user', content: [result([{ type: 'text', text: 'see' }, IMAGE]), { type: 'text', text: 'And?' }] }] };
  expect(sent(request).messages.slice(1)).toEqual([
    { role: 'tool', tool_call_id: 'toolu_1', content: 'see' },
    { role: 'user', content: [{ type: 'text', text: 'Content of the result of tool call toolu_1:' }, IMAGE_PART, { type: 'text', text: 'And?' }] },
  ]);
  expect(droppedBy(request)).toEqual(['messages[].content[].content']);
});

test('a result without content is empty, one of an error says so', () => {
  expect(chatMessages(CALL, { role: 'user', content: [result(undefined)] })[1]).toEqual({ role: 'tool', tool_call_id: 'toolu_1', content: '' });
  const failed = { messages: [CALL, { role: 'user', content: [result('no file', { is_error: true })] }] };
  expect(sent(failed).messages[1]).toEqual({ role: 'tool', tool_call_id: 'toolu_1', content: 'Error: no file' });
  expect(droppedBy(failed)).toEqual(['messages[].content[].is_error']);
});

test.each(['audio', 'resource', 'container_upload', 'tool_reference'])('C11 a block of type %s is refused, never made an image', (type) => {
  const request = { messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }, { type, data: 'x', source: { type: 'base64', data: 'x' } }] }] };
  expect(refusal(request)).toMatchObject({ status: 400, code: 'unsupported_parameter', param: 'messages[0].content[1]' });
  const context = { unsupportedParameters: 'Lenient' as const };
  expect(sent(request, context).messages).toEqual([{ role: 'user', content: 'Hi' }]);
  expect(droppedBy(request, context)).toEqual(['messages[].content[]']);
});

test.each(['server_tool_use', 'web_search_tool_result'])('C11 a block of type %s in the history is refused', (type) => {
  expect(refusal({ messages: [{ role: 'assistant', content: [{ type }] }, { role: 'user', content: 'Hi' }] })).toMatchObject({ param: 'messages[0].content[0]' });
});

test('citations that are asked for are refused', () => {
  expect(refusal({ messages: [{ role: 'user', content: [{ ...PDF, citations: { enabled: true } }] }] }).param).toBe('messages[0].content[0].citations');
  expect(userTurn({ ...PDF, citations: { enabled: false } })).toHaveLength(1);
});

test.each([
  ['a file of an image', { type: 'image', source: { type: 'file', file_id: 'f' } }, 'messages[0].content[0].source'],
  ['a file of a document', { type: 'document', source: { type: 'file', file_id: 'f' } }, 'messages[0].content[0].source'],
  ['a document by URL', { type: 'document', source: { type: 'url', url: 'https://a.test/b.pdf' } }, 'messages[0].content[0].source'],
  ['an image of another type', { type: 'image', source: { type: 'base64', media_type: 'image/tiff', data: PNG } }, 'messages[0].content[0].source.media_type'],
  ['data that is no base64', { type: 'image', source: { type: 'base64', media_type: 'image/png', data: '%' } }, 'messages[0].content[0].source.data'],
])('%s is a 400', (_, block, param) => {
  expect(refusal({ messages: [{ role: 'user', content: [block] }] })).toMatchObject({ status: 400, param });
});

test('thinking of other models is not sent, and that is said', () => {
  const history = [
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: [{ type: 'thinking', thinking: 'Hm.', signature: 's' }, { type: 'redacted_thinking', data: 'x' }, { type: 'text', text: 'Hello' }] },
    { role: 'user', content: 'Bye' },
  ];
  expect(sent({ messages: history }).messages[1]).toEqual({ role: 'assistant', content: 'Hello' });
  expect(droppedBy({ messages: history })).toEqual(['messages[].content[]']);
  expect(refusal({ messages: history }, { unsupportedParameters: 'Strict' })).toMatchObject({ param: 'messages[1].content[0]' });
});

test('an assistant message at the end is not gone on with, and so refused', () => {
  const prefilled = { messages: [{ role: 'user', content: 'Hi' }, { role: 'assistant', content: '{' }] };
  expect(refusal(prefilled)).toMatchObject({ status: 400, param: 'messages[1].role' });
  expect(sent(prefilled, { unsupportedParameters: 'Lenient' }).messages).toHaveLength(2);
});

test.each([[[]], [[{ role: 'user', content: '' }]], [[{ role: 'user', content: [] }]], [[{ role: 'system', content: 'x' }]]])('no message with content: %j', (turns) => {
  expect(refusal({ messages: turns })).toMatchObject({ status: 400, param: 'messages' });
});

test('cache marks have no counterpart', () => {
  const control = { type: 'ephemeral', ttl: '1h' };
  const request = {
    cache_control: control,
    system: [{ type: 'text', text: 'a', cache_control: control }],
    tools: [{ name: 'f', input_schema: { type: 'object' }, cache_control: control }],
    messages: [{ role: 'user', content: [{ type: 'text', text: 'b', cache_control: control }] }],
  };
  expect(JSON.stringify(sent(request))).not.toContain('ephemeral');
  expect(droppedBy(request)).toEqual(['cache_control', 'system[].cache_control', 'messages[].content[].cache_control', 'tools[].cache_control']);
  expect(refusal({ ...request, cache_control: undefined }, { unsupportedParameters: 'Strict' }).param).toBe('system[0].cache_control');
});

test('G17 a body that is nested too deeply is a 400', () => {
  const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
  const turns = `[{"role":"assistant","content":[{"type":"tool_use","id":"1","name":"f","input":${deep}}]},{"role":"user","content":"x"}]`;
  expect(() => translated(anthropicToOpenAiMessages, `{"model":"${GPT}","max_tokens":1,"messages":${turns}}`)).toThrow(RequestError);
});

test('what Anthropic would do with a picture that is too large is lost where it is not what everybody does', () => {
  const picture = (oversized: string) => ({
    messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'url', url: 'https://example.com/a.png' }, transformations: { oversized_image: oversized } }] }],
  });
  expect(droppedBy(picture('error'))).toEqual(['messages[].content[].transformations']);
  expect(droppedBy(picture('downsize'))).toEqual([]);
});

test('citations of an earlier answer are named as lost', () => {
  const citation = { type: 'char_location', cited_text: 'It rains.', document_index: 0, document_title: null, start_char_index: 0, end_char_index: 9 };
  const answered = (citations: unknown) => ({ messages: [{ role: 'user', content: 'Hi' }, { role: 'assistant', content: [{ type: 'text', text: 'Rain.', citations }] }, { role: 'user', content: 'So?' }] });
  expect(sent(answered([citation]))).toEqual(sent(answered(null)));
  expect(droppedBy(answered([citation]))).toEqual(['messages[].content[].citations']);
  for (const none of [null, [], undefined]) expect(droppedBy(answered(none))).toEqual([]);
});
