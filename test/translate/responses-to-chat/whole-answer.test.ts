import type { Response } from 'openai/resources/responses/responses';
import { answered, itemTypes, JSON_TYPE, respond, responsesTo, TO_CHAT } from './responses';
import { keptReasoning } from '../../../src/translate/responses-to-chat/kept-reasoning';
import { bytesOf, fixture, replay, textOf } from '../replay';

const CHAT = textOf(fixture('chat.json'));

function responseOf(answer: unknown, request: object = {}): Response {
  const { text, failure } = answered(TO_CHAT, answer, request);
  expect(failure).toBeUndefined();
  return JSON.parse(text) as Response;
}

function completion(message: object, choice: object = {}): object {
  return { id: 'c', object: 'chat.completion', choices: [{ index: 0, message: { role: 'assistant', content: null, ...message }, finish_reason: 'stop', ...choice }] };
}

test('a chat completion is a response, in every field', () => {
  const tools = [{ type: 'function', name: 'now', parameters: {}, strict: false }];
  const { text, head, usage } = answered(TO_CHAT, CHAT, { instructions: 'Be kind.', temperature: 0.5, tools, metadata: { a: 'b' }, reasoning: { effort: 'low' }, store: true });
  expect(JSON.parse(text)).toEqual({
    id: 'resp_1',
    object: 'response',
    created_at: 1741569952,
    completed_at: 1741569952,
    status: 'completed',
    error: null,
    incomplete_details: null,
    model: 'a-model',
    output: [{
      id: 'msg_1',
      type: 'message',
      status: 'completed',
      role: 'assistant',
      content: [{ type: 'output_text', text: 'Hello! "usage":{} 👋', annotations: [], logprobs: [] }],
    }],
    service_tier: 'default',
    background: false,
    instructions: 'Be kind.',
    max_output_tokens: null,
    metadata: { a: 'b' },
    parallel_tool_calls: true,
    previous_response_id: null,
    prompt_cache_key: null,
    reasoning: { effort: 'low', summary: null },
    safety_identifier: null,
    temperature: 0.5,
    text: { format: { type: 'text' } },
    tool_choice: 'auto',
    tools,
    top_logprobs: 0,
    top_p: null,
    truncation: 'disabled',
    store: false,
    usage: {
      input_tokens: 19,
      input_tokens_details: { cached_tokens: 8, cache_write_tokens: 0 },
      output_tokens: 10,
      output_tokens_details: { reasoning_tokens: 3 },
      total_tokens: 29,
    },
  });
  expect(head).toMatchObject({ status: 200, bodyUnchanged: false });
  expect(usage).toMatchObject({ inputTokens: 19, outputTokens: 10 });
});

test('reasoning, text, a refusal and calls are items in this order', () => {
  const { output } = responseOf(completion({
    content: 'Let me look.',
    refusal: 'No.',
    reasoning_content: 'Hm.',
    reasoning_details: [{ type: 'reasoning.text', text: 'Hm.', signature: 's', index: 0 }],
    annotations: [{ type: 'url_citation', url_citation: { start_index: 0, end_index: 3, title: 'T', url: 'https://a.com' } }, { type: 'x' }, null],
    tool_calls: [
      { id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' }, extra_content: { google: { thought_signature: 'c2ln' } } },
      { id: 'b', type: 'custom', custom: { name: 'patch', input: 'x' } },
    ],
  }, { finish_reason: 'tool_calls', logprobs: { content: [{ token: 'Let', logprob: -0.1, bytes: [1], top_logprobs: [] }] } }));
  expect(output).toEqual([
    { id: 'rs_1', type: 'reasoning', status: 'completed', summary: [{ type: 'summary_text', text: 'Hm.' }], encrypted_content: expect.any(String) as string },
    {
      id: 'msg_1',
      type: 'message',
      status: 'completed',
      role: 'assistant',
      content: [
        {
          type: 'output_text',
          text: 'Let me look.',
          annotations: [{ type: 'url_citation', start_index: 0, end_index: 3, title: 'T', url: 'https://a.com' }],
          logprobs: [{ token: 'Let', logprob: -0.1, bytes: [1], top_logprobs: [] }],
        },
        { type: 'refusal', refusal: 'No.' },
      ],
    },
    { id: 'fc_1', type: 'function_call', status: 'completed', call_id: 'a', name: 'f', arguments: '{"x":1}', extra_content: { google: { thought_signature: 'c2ln' } } },
    { id: 'ctc_1', type: 'custom_tool_call', status: 'completed', call_id: 'b', name: 'patch', input: 'x' },
  ]);
  const [reasoning] = output;
  expect(keptReasoning(reasoning.type === 'reasoning' ? reasoning.encrypted_content ?? '' : '')).toEqual({
    details: [{ type: 'reasoning.text', text: 'Hm.', signature: 's', index: 0 }], calls: { a: { google: { thought_signature: 'c2ln' } } }, message: undefined,
  });
});

test('pictures that the model made', () => {
  const { output } = responseOf(completion({ images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }, null] }));
  expect(output).toEqual([{ id: 'ig_1', type: 'image_generation_call', status: 'completed', result: 'iVBORw0KGgo=' }]);
});

test.each([
  ['stop', 'completed', null], ['tool_calls', 'completed', null], ['a_new_reason', 'completed', null],
  ['length', 'incomplete', { reason: 'max_output_tokens' }], ['content_filter', 'incomplete', { reason: 'content_filter' }],
])('finish_reason %s: %s', (finishReason, status, details) => {
  const message = { content: 'Hi', tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{"x"' } }] };
  const response = responseOf(completion(message, { finish_reason: finishReason, provider_finish_reason: 'said_so' }));
  expect(response).toMatchObject({ status, incomplete_details: details, provider_finish_reason: 'said_so' });
  expect(response.completed_at).toBe(status === 'completed' ? 1741569952 : undefined);
  expect(response.output).toMatchObject([{ type: 'message', status: 'completed' }, { type: 'function_call', status }]);
});

test('an answer without anything in it has no items', () => {
  expect(responseOf(completion({ content: '' }))).toMatchObject({ status: 'completed', output: [], usage: null });
});

describe('errors are those of a chat, with their status', () => {
  test('of the provider', () => {
    const { text, head, failure } = answered(responsesTo('Anthropic'), { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }, {}, 529);
    expect(head.status).toBe(529);
    expect(JSON.parse(text)).toEqual({ error: { message: 'Overloaded', type: 'server_error', param: null, code: 'overloaded_error' } });
    expect(failure).toMatchObject({ status: 529, code: 'overloaded_error' });
  });

  test.each([['no JSON', '<html>'], ['no choices', { object: 'chat.completion' }], ['no reason', completion({}, { finish_reason: null })], ['null', 'null'], ['choices of another type', { choices: 5 }]])(
    'an answer with %s', (_, answer) => {
      const { text, failure } = answered(TO_CHAT, answer);
      expect(JSON.parse(text)).toMatchObject({ error: { type: 'server_error', code: 'upstream_broke_off' } });
      expect(failure).toMatchObject({ status: 502 });
    });

  test('a malformed answer behind the chat translator', () => {
    const { text, failure } = answered(responsesTo('AWSBedrock'), { output: { message: { role: 'assistant', content: [] } }, stopReason: 'malformed_tool_use' });
    expect(JSON.parse(text)).toMatchObject({ error: { code: 'malformed_function_call' } });
    expect(failure).toMatchObject({ status: 502, code: 'malformed_function_call' });
  });

  test('a connection that broke', () => {
    const { text, failure } = replay(respond(responsesTo('AWSBedrock'), {}).response, 200, JSON_TYPE, [bytesOf('{"output"')], 'connection reset');
    expect(JSON.parse(text)).toMatchObject({ error: { message: 'connection reset', code: 'upstream_broke_off' } });
    expect(failure).toMatchObject({ status: 502 });
  });
});

test('the plain answers of Bedrock, Anthropic and Gemini', () => {
  const bedrock = { output: { message: { role: 'assistant', content: [{ text: 'Hi' }, { toolUse: { toolUseId: 't', name: 'f', input: {} } }] } }, stopReason: 'tool_use', usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 } };
  const anthropic = { id: 'm', type: 'message', role: 'assistant', model: 'c', content: [{ type: 'text', text: 'Hi' }, { type: 'tool_use', id: 't', name: 'f', input: {} }], stop_reason: 'tool_use', stop_sequence: null, usage: { input_tokens: 1, output_tokens: 2 } };
  const gemini = { candidates: [{ content: { role: 'model', parts: [{ text: 'Hi' }, { functionCall: { name: 'f', args: {} } }] }, finishReason: 'STOP' }], usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 2, totalTokenCount: 3 } };
  for (const [to, answer] of [['AWSBedrock', bedrock], ['Anthropic', anthropic], ['AWSAnthropic', anthropic], ['GCPAnthropic', anthropic], ['GCPVertexAI', gemini]] as const) {
    const { text, usage } = answered(responsesTo(to), answer, { tools: [{ type: 'function', name: 'f', parameters: {}, strict: false }] });
    const response = JSON.parse(text) as Response;
    expect([response.status, itemTypes(response.output), response.usage?.total_tokens]).toEqual(['completed', ['message', 'function_call'], 3]);
    expect(usage).toMatchObject({ inputTokens: 1, outputTokens: 2 });
  }
});
