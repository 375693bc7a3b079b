import OpenAI from 'openai';
import { chat, eventsOf, fixtureText, framed, HOSTS, JSON_TYPE, SentBody, SONNET_45, STREAM_TYPE } from './claude';
import { ClaudeHost } from '../../../src/translate/anthropic/hosted-target';
import { Turn } from '../../../src/translate/openai-to-anthropic/turns';
import { claudeComplaint } from '../../providers/claude-complaint';
import { witness as clientOf } from '../openai/witness';
import { bytesOf, textOf } from '../replay';

function witness(host: ClaudeHost, status: number, headers: Readonly<Record<string, string>>, answer: Uint8Array) {
  return clientOf((request) => chat(request, { host }), ({ body }) => {
    const sent = JSON.parse(textOf(body ?? new Uint8Array(0))) as SentBody;
    expect(claudeComplaint(sent, host, SONNET_45)).toBeUndefined();
    return sent;
  }, status, headers, answer);
}

const REQUEST = { model: SONNET_45, messages: [{ role: 'user' as const, content: 'Hi' }] };
const TOOLS = ['get_weather', 'now'].map((name): OpenAI.ChatCompletionFunctionTool => ({ type: 'function', function: { name, parameters: { type: 'object' } } }));
const answerOf = (name: string) => bytesOf(fixtureText(name));

describe.each(HOSTS)('with %s', (host) => {
  const streamAnswer = (name: string) => framed(host, eventsOf(name));

  test('A1 reads a plain answer', async () => {
    const { client } = witness(host, 200, JSON_TYPE, answerOf('message.json'));
    const answer = await client.chat.completions.create(REQUEST);
    expect([answer.choices[0].message.content, answer.choices[0].finish_reason, answer.usage?.total_tokens]).toEqual(['Grüße 👋 "usage":{}', 'stop', 9038]);
  });

  test('A16 A21 calls the tools of a plain answer and sends back what the client made of it', async () => {
    // GIVEN
    const { client, bodies } = witness(host, 200, JSON_TYPE, answerOf('message-tools.json'));
    const first = await client.chat.completions.create({ ...REQUEST, tools: TOOLS, reasoning_effort: 'low' });
    const { message } = first.choices[0];
    const calls = message.tool_calls ?? [];
    expect(calls.map((call) => call.type === 'function' && [call.function.name, call.function.arguments]))
      .toEqual([['get_weather', '{"city":"Paris","days":2}'], ['now', '{}']]);
    // WHEN
    const results = calls.map(({ id }): OpenAI.ChatCompletionMessageParam => ({ role: 'tool', tool_call_id: id, content: 'ok' }));
    await client.chat.completions.create({ ...REQUEST, tools: TOOLS, reasoning_effort: 'low', messages: [...REQUEST.messages, message, ...results] });
    // THEN
    expect((bodies[1].messages as readonly Turn[]).map(({ role, content }) => [role, content.map(({ type }) => type)])).toEqual([
      ['user', ['text']], ['assistant', ['thinking', 'redacted_thinking', 'text', 'tool_use', 'tool_use']], ['user', ['tool_result', 'tool_result']],
    ]);
    expect(bodies[1].thinking).toEqual({ type: 'enabled', budget_tokens: 2048 });
  });

  test('A19 parses structured output', async () => {
    const { client, bodies } = witness(host, 200, JSON_TYPE, bytesOf('{"type":"message","content":[{"type":"text","text":"{\\"city\\":\\"Paris\\"}"}],"stop_reason":"end_turn"}'));
    const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false };
    const answer = await client.chat.completions.parse({ ...REQUEST, response_format: { type: 'json_schema', json_schema: { name: 'place', strict: true, schema } } });
    expect([answer.choices[0].message.parsed, bodies[0].output_config]).toEqual([{ city: 'Paris' }, { format: { type: 'json_schema', schema } }]);
  });

  test('G2 reads a stream to its end and sees no chunk without choices', async () => {
    const { client } = witness(host, 200, STREAM_TYPE[host], streamAnswer('messages-stream.sse'));
    const chunks = [];
    for await (const chunk of await client.chat.completions.create({ ...REQUEST, stream: true })) {
      chunks.push(chunk);
    }
    expect(chunks.map(({ choices }) => choices.length)).toEqual([1, 1, 1]);
    expect(chunks.map(({ choices }) => choices[0].delta.content ?? '').join('')).toBe('Grüße 👋 "type":"error", "error": event: error\n\n');
  });

  test('G3 A12 puts a stream of tool calls together, with the usage that it asked for', async () => {
    const { client } = witness(host, 200, STREAM_TYPE[host], streamAnswer('messages-stream-tools.sse'));
    const answer = await client.chat.completions.stream({ ...REQUEST, tools: TOOLS, stream: true, stream_options: { include_usage: true } }).finalChatCompletion();
    const { message, finish_reason: reason } = answer.choices[0];
    expect([message.role, message.content, reason, answer.usage?.prompt_tokens]).toEqual(['assistant', 'Let me look.', 'tool_calls', 15_058]);
    expect(message.tool_calls?.map((call) => call.type === 'function' && [call.id, call.function.name, call.function.arguments]))
      .toEqual([['toolu_01T1x1fJ34qAmk2tNTrN7Up6', 'get_weather', '{"city": "Paris"}'], ['toolu_01A09q90qw90lq917835lq9', 'now', '{}']]);
  });

  test('A23 throws at an error in a stream, and at a stream that was cut', async () => {
    const whole = streamAnswer('messages-stream.sse');
    const cases: ReadonlyArray<readonly [Uint8Array, object]> = [
      [new Uint8Array(0), { code: 'upstream_broke_off', type: 'server_error' }],
      [whole.subarray(0, whole.length - 60), { code: 'upstream_broke_off', type: 'server_error' }],
      [streamAnswer('messages-stream-overloaded.sse'), { code: 'overloaded_error', type: 'server_error' }],
    ];
    for (const [answer, error] of cases) {
      const read = async () => {
        for await (const _ of await witness(host, 200, STREAM_TYPE[host], answer).client.chat.completions.create({ ...REQUEST, stream: true })) {
          // Read to the end.
        }
      };
      await expect(read()).rejects.toMatchObject(error);
    }
  });
});

test('G13 throws Claude\'s own errors as the client\'s typed ones', async () => {
  const limited = bytesOf('{"type":"error","error":{"type":"rate_limit_error","message":"slow down"}}');
  await expect(witness('Anthropic', 429, JSON_TYPE, limited).client.chat.completions.create(REQUEST))
    .rejects.toMatchObject({ constructor: OpenAI.RateLimitError, status: 429, code: 'rate_limit_error', type: 'rate_limit_error' });
  await expect(witness('Anthropic', 529, JSON_TYPE, answerOf('error-529.json')).client.chat.completions.create({ ...REQUEST, stream: true }))
    .rejects.toMatchObject({ constructor: OpenAI.InternalServerError, status: 529, code: 'overloaded_error' });
});
