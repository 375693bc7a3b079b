import Anthropic from '@anthropic-ai/sdk';
import { MessageEventWriter } from '../../../src/translate/anthropic/message-events';

const USAGE = { inputTokens: 30, cachedInputTokens: 10, cacheCreationInputTokens: 5, outputTokens: 7, reasoningTokens: 0, totalTokens: 37 };

function written(): string {
  const writer = new MessageEventWriter({ id: 'msg_1', model: 'mine' });
  return [
    writer.messageStart(),
    writer.blockStart({ type: 'text', text: '' }),
    writer.ping(),
    writer.blockDelta({ type: 'text_delta', text: 'Grüße\n\n' }),
    writer.blockStart({ type: 'tool_use', id: 'toolu_1', name: 'f', input: {} }),
    writer.blockDelta({ type: 'input_json_delta', partial_json: '{"a":1}' }),
    writer.end('tool_use', USAGE, { provider_finish_reason: 'tool_calls' }),
  ].join('');
}

test('blocks are numbered from 0 and each has one start and one stop', () => {
  const events = written().split('\n\n').slice(0, -1).map((event) => {
    const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(event) ?? [];
    const json = JSON.parse(data) as { readonly type: string; readonly index?: number };
    expect(json.type).toBe(name);
    return [name, json.index];
  });
  expect(events).toEqual([
    ['message_start', undefined], ['content_block_start', 0], ['ping', undefined], ['content_block_delta', 0], ['content_block_stop', 0],
    ['content_block_start', 1], ['content_block_delta', 1], ['content_block_stop', 1], ['message_delta', undefined], ['message_stop', undefined],
  ]);
});

test('the official client puts them together', async () => {
  const fetch = async () => new Response(Buffer.from(written()), { status: 200, headers: { 'content-type': 'text/event-stream' } });
  const client = new Anthropic({ apiKey: 'none', baseURL: 'http://gateway.test', maxRetries: 0, fetch });
  const message = await client.messages.stream({ model: 'mine', max_tokens: 5, messages: [{ role: 'user', content: 'Hi' }] }).finalMessage();
  expect(message).toMatchObject({
    id: 'msg_1',
    model: 'mine',
    content: [{ type: 'text', text: 'Grüße\n\n' }, { type: 'tool_use', id: 'toolu_1', name: 'f', input: { a: 1 } }],
    stop_reason: 'tool_use',
    usage: { input_tokens: 15, cache_read_input_tokens: 10, cache_creation_input_tokens: 5, output_tokens: 7 },
  });
});

test('a stream without blocks and usage ends all the same', () => {
  const writer = new MessageEventWriter({ id: 'msg_1', model: 'mine' });
  expect(writer.end('end_turn', undefined)).toBe(
    'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},'
    + '"usage":{"input_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":0}}\n\n'
    + 'event: message_stop\ndata: {"type":"message_stop"}\n\n',
  );
});
