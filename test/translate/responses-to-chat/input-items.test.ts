import { chatOf, droppedBy, messagesOf, refusal, TO_CHAT } from './responses';
import { findTranslator } from '../../../src/translate/registry';
import { chatComplaint } from '../../providers/chat-complaint';
import { textOf, translated } from '../replay';

test('G16 input as a string is a user message', () => {
  expect(chatOf({ input: 'Hi', instructions: 'Be kind.' }).messages).toEqual([{ role: 'system', content: 'Be kind.' }, { role: 'user', content: 'Hi' }]);
});

describe('G16 input as an array', () => {
  test('messages with and without type, content as string or parts, for every role (G15)', () => {
    expect(messagesOf(
      { role: 'developer', content: [{ type: 'input_text', text: 'Be kind.' }] }, { role: 'user', content: 'Hi' },
      { type: 'message', role: 'assistant', content: 'Hello' }, { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Bye' }] },
      { type: 'message', id: 'msg_1', status: 'completed', role: 'assistant', content: [{ type: 'output_text', text: 'Bye', annotations: [] }, { type: 'refusal', refusal: 'No.' }] },
    )).toEqual([
      { role: 'developer', content: [{ type: 'text', text: 'Be kind.' }] }, { role: 'user', content: 'Hi' }, { role: 'assistant', content: 'Hello' },
      { role: 'user', content: [{ type: 'text', text: 'Bye' }] }, { role: 'assistant', content: [{ type: 'text', text: 'Bye' }, { type: 'refusal', refusal: 'No.' }] },
    ]);
  });

  test('what the model wrote in a row is one message, and results follow it', () => {
    const messages = messagesOf(
      { role: 'user', content: 'Weather?' }, { type: 'message', role: 'assistant', content: 'Let me' }, { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'look.' }] },
      { type: 'function_call', id: 'fc_1', call_id: 'a', name: 'get_weather', arguments: '{}', status: 'completed' },
      { type: 'function_call', call_id: 'b', name: 'now', arguments: '' },
      { type: 'function_call_output', call_id: 'a', output: 'sun' }, { type: 'function_call_output', call_id: 'b', output: [{ type: 'input_text', text: 'noon' }] },
      { type: 'function_call', call_id: 'c', name: 'now', arguments: '' }, { type: 'function_call_output', call_id: 'c', output: 'one' },
    );
    expect(messages).toEqual([
      { role: 'user', content: 'Weather?' },
      {
        role: 'assistant',
        content: [{ type: 'text', text: 'Let me' }, { type: 'text', text: 'look.' }],
        tool_calls: [
          { id: 'a', type: 'function', function: { name: 'get_weather', arguments: '{}' } }, { id: 'b', type: 'function', function: { name: 'now', arguments: '' } },
        ],
      },
      { role: 'tool', tool_call_id: 'a', content: 'sun' }, { role: 'tool', tool_call_id: 'b', content: [{ type: 'text', text: 'noon' }] },
      { role: 'assistant', content: null, tool_calls: [{ id: 'c', type: 'function', function: { name: 'now', arguments: '' } }] },
      { role: 'tool', tool_call_id: 'c', content: 'one' },
    ]);
    expect(chatComplaint({ model: 'm', messages })).toBeUndefined();
  });

  test('images, files and audio', () => {
    expect(messagesOf({
      role: 'user',
      content: [
        { type: 'input_image', image_url: 'data:image/png;base64,iVBORw0KGgo=', detail: 'low' }, { type: 'input_image', image_url: 'https://example.com/a.png' },
        { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0x' }, { type: 'input_file', file_id: 'file-1', detail: 'auto' },
        { type: 'input_audio', input_audio: { data: 'UklGRg', format: 'wav' } },
      ],
    })).toEqual([{
      role: 'user',
      content: [
        { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=', detail: 'low' } }, { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
        { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0x' } }, { type: 'file', file: { file_id: 'file-1' } },
        { type: 'input_audio', input_audio: { data: 'UklGRg', format: 'wav' } },
      ],
    }]);
  });

  test('an image in the output of a function stays one', () => {
    expect(messagesOf(
      { type: 'function_call', call_id: 'a', name: 'look', arguments: '{}' },
      { type: 'function_call_output', call_id: 'a', output: [{ type: 'input_image', image_url: 'data:image/png;base64,iVBORw0KGgo=' }] },
    )).toMatchObject([{}, { role: 'tool', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }] }]);
  });

  test('custom tools, and marks of the cache', () => {
    expect(messagesOf(
      { role: 'user', content: [{ type: 'input_text', text: 'Hi', cache_control: { type: 'ephemeral', ttl: '1h' } }] },
      { type: 'custom_tool_call', call_id: 'a', name: 'patch', input: 'x' }, { type: 'custom_tool_call_output', call_id: 'a', output: 'ok' },
      { role: 'user', content: [{ type: 'input_text', text: 'Hi', prompt_cache_breakpoint: { mode: 'explicit' } }], cache_control: { type: 'ephemeral' } },
    )).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Hi', cache_control: { type: 'ephemeral', ttl: '1h' } }] },
      { role: 'assistant', content: null, tool_calls: [{ id: 'a', type: 'custom', custom: { name: 'patch', input: 'x' } }] },
      { role: 'tool', tool_call_id: 'a', content: 'ok' },
      { role: 'user', content: [{ type: 'text', text: 'Hi', prompt_cache_breakpoint: { mode: 'explicit' } }], cache_control: { type: 'ephemeral' } },
    ]);
  });
});

describe('what there is no counterpart for', () => {
  test.each([
    ['an item reference', { type: 'item_reference', id: 'msg_1' }], ['an item of a built-in tool', { type: 'web_search_call', id: 'ws_1', status: 'completed' }],
    ['an unknown item', { type: 'tomorrow' }], ['compaction', { type: 'compaction', encrypted_content: 'x' }],
  ])('%s is refused, and left out under Lenient', (_, item) => {
    expect(refusal(TO_CHAT, { input: [{ role: 'user', content: 'Hi' }, item] })).toMatchObject({ status: 400, code: 'unsupported_parameter', param: 'input[1]' });
    expect(chatOf({ input: [{ role: 'user', content: 'Hi' }, item] }, { unsupportedParameters: 'Lenient' }).messages).toEqual([{ role: 'user', content: 'Hi' }]);
  });

  test('a part', () => {
    const input = [{ role: 'user', content: [{ type: 'input_text', text: 'Hi' }, { type: 'computer_screenshot' }] }];
    expect(refusal(TO_CHAT, { input })).toMatchObject({ code: 'unsupported_parameter', param: 'input[0].content[1]' });
    expect(droppedBy(TO_CHAT, { input }, { unsupportedParameters: 'Lenient' })).toEqual(['input[].content[]']);
  });

  test('members are named, and refused under Strict', () => {
    const input = [
      { role: 'user', content: [{ type: 'input_file', file_data: 'JVBERi0x', detail: 'high' }] }, { role: 'assistant', content: 'Hi', phase: 'commentary' },
      { 'type': 'function_call', 'call_id': 'a', 'name': 'f', 'arguments': '', 'namespace': 'crm', 'a b': 1 }, { type: 'function_call_output', call_id: 'a', output: '' },
    ];
    expect(droppedBy(TO_CHAT, { input })).toEqual(['input[].content[].detail', 'input[].phase', 'input[].namespace', 'input[].(unprintable)']);
    expect(refusal(TO_CHAT, { input }, { unsupportedParameters: 'Strict' })).toMatchObject({ param: 'input[0].content[0].detail' });
  });

  test('reasoning of another provider', () => {
    const input = [{ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAAAABpF' }, { role: 'assistant', content: 'Hi' }, { role: 'user', content: 'Go on' }];
    expect(droppedBy(TO_CHAT, { input })).toEqual(['input[].encrypted_content']);
    expect(chatOf({ input }).messages).toEqual([{ role: 'assistant', content: 'Hi' }, { role: 'user', content: 'Go on' }]);
  });

  test('reasoning that is only text goes along as text', () => {
    expect(messagesOf(
      { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'Hm.' }, { type: 'summary_text', text: 'Ah.' }] }, { role: 'assistant', content: 'Hi' },
      { role: 'user', content: 'Hi' }, { type: 'reasoning', id: 'rs_2', summary: [], content: [{ type: 'reasoning_text', text: 'Well.' }] }, { role: 'assistant', content: 'Hi' },
    )).toMatchObject([{ reasoning_content: 'Hm.\n\nAh.', content: 'Hi' }, {}, { reasoning_content: 'Well.' }]);
  });
});

test.each<[string, unknown, string]>([
  ['no input', undefined, 'input'], ['a number', 5, 'input'], ['an item without type and role', [{}], 'input[0].type'], ['another role', [{ role: 'tool', content: 'x' }], 'input[0].role'],
  ['no content', [{ role: 'user' }], 'input[0].content'], ['a part without text', [{ role: 'user', content: [{ type: 'input_text' }] }], 'input[0].content[0].text'],
  ['a call without id', [{ type: 'function_call', name: 'f', arguments: '' }], 'input[0].call_id'],
  ['a call without arguments', [{ type: 'function_call', call_id: 'a', name: 'f' }], 'input[0].arguments'],
  ['a result without output', [{ type: 'function_call_output', call_id: 'a' }], 'input[0].output'],
  ['an image by file id', [{ role: 'user', content: [{ type: 'input_image', file_id: 'file-1' }] }], 'input[0].content[0].file_id'],
])('G17 %s is a 400 that names it', (_, input, param) => {
  expect(refusal(TO_CHAT, { input })).toMatchObject({ status: 400, param });
});

test('a file by URL goes to who fetches it, and is refused by who does not', () => {
  const input = [{ role: 'user', content: [{ type: 'input_file', file_url: 'https://example.com/a.pdf', filename: 'a.pdf' }] }];
  expect(chatOf({ input }).messages).toEqual([{ role: 'user', content: [{ type: 'file', file: { file_url: 'https://example.com/a.pdf', filename: 'a.pdf' } }] }]);
  const sent = (output: 'Anthropic' | 'AWSBedrock' | 'GCPVertexAI', model: string) =>
    textOf(translated(findTranslator('OpenAI', output, 'Responses')!, { model, input, max_output_tokens: 9 }, { gcp: { project: 'p', region: 'r' } }).body ?? new Uint8Array(0));
  expect(sent('Anthropic', 'claude-sonnet-4-5')).toContain('{"type":"document","source":{"type":"url","url":"https://example.com/a.pdf"},"title":"a.pdf"}');
  expect(() => sent('AWSBedrock', 'amazon.nova-pro-v1:0')).toThrow('invalid value for \'input[0].content[0].file_url\': this model\'s provider (AWS Bedrock) takes bytes only');
  expect(() => sent('GCPVertexAI', 'gemini-2.5-flash')).toThrow('invalid value for \'input[0].content[0].file_url\': this model\'s provider (Google Gemini) gets no files from elsewhere');
});
