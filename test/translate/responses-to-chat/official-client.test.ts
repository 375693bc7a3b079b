import OpenAI from 'openai';
import { bodyOf, counting, MODELS, Output, OUTPUTS, responsesTo, toolStream } from './responses';
import { readRequestBody } from '../../../src/translate/scan-request-body';
import { exceptionFrame } from '../openai-to-bedrock/converse';
import { answerThrough, bytesOf, translated } from '../replay';

interface Witness {
  readonly client: OpenAI;
  /** What the provider was sent. */
  readonly bodies: Array<Readonly<Record<string, unknown>>>;
}

/** The official client, with the translator between it and this answer of the provider's, sent 7 bytes at a time. */
function witness(output: Output, answer: Uint8Array, status = 200): Witness {
  const bodies: Array<Readonly<Record<string, unknown>>> = [];
  const fetch = async (url: unknown, init?: { body?: unknown }): Promise<Response> => {
    const to = responsesTo(output, String(url).endsWith('/input_tokens') ? 'ResponseInputTokens' : 'Responses');
    const request = translated(to, readRequestBody(bytesOf(String(init?.body))).json(), { environment: counting(), gcp: { project: 'p', region: 'r' } });
    bodies.push(bodyOf(request));
    return answerThrough(request, status, {}, answer);
  };
  return { client: new OpenAI({ apiKey: 'none', baseURL: 'http://gateway.test/v1', maxRetries: 0, fetch }), bodies };
}

const HELLO = bytesOf(JSON.stringify({
  id: 'm', type: 'message', role: 'assistant', model: 'c', content: [{ type: 'text', text: '{"city":"Paris"}' }], stop_reason: 'end_turn', stop_sequence: null, usage: { input_tokens: 1, output_tokens: 2 },
}));
const TOOLS: OpenAI.Responses.Tool[] = ['get_weather', 'now'].map((name) => ({ type: 'function', name, parameters: { type: 'object', properties: {} }, strict: false }));

test('responses.create', async () => {
  const { client, bodies } = witness('Anthropic', HELLO);
  const response = await client.responses.create({ model: 'claude-sonnet-4-5', instructions: 'Be kind.', input: [{ role: 'user', content: 'Hi' }] });
  expect(response).toMatchObject({ status: 'completed', output_text: '{"city":"Paris"}', usage: { total_tokens: 3 } });
  expect(bodies[0]).toMatchObject({ system: [{ type: 'text', text: 'Be kind.' }], messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] });
});

test('responses.parse reads structured output', async () => {
  const { client, bodies } = witness('Anthropic', HELLO);
  const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false };
  const response = await client.responses.parse({ model: 'claude-sonnet-4-5', input: 'Where?', text: { format: { type: 'json_schema', name: 'place', schema, strict: true } } });
  expect(response.output_text).toBe('{"city":"Paris"}');
  expect(bodies[0]).toMatchObject({ output_config: { format: { type: 'json_schema', schema } } });
});

test.each(OUTPUTS)('responses.stream of %s: events, and the response at the end', async (output) => {
  const { client } = witness(output, toolStream(output));
  const stream = client.responses.stream({ model: MODELS[output], input: 'Weather?', tools: TOOLS });
  let text = '';
  let thoughts = '';
  let args = '';
  for await (const event of stream) {
    text += event.type === 'response.output_text.delta' ? event.delta : '';
    thoughts += event.type === 'response.reasoning_summary_text.delta' ? event.delta : '';
    args += event.type === 'response.function_call_arguments.delta' ? event.delta : '';
  }
  expect([text, thoughts]).toEqual(['Let me look.', 'Two cities, so two calls.']);
  const response = await stream.finalResponse();
  expect(response.status).toBe('completed');
  expect(response.output_text).toBe('Let me look.');
  expect(response.output.flatMap((item) => item.type === 'function_call' ? [[item.name, JSON.parse(item.arguments) as unknown]] : [])).toEqual([
    ['get_weather', expect.objectContaining({ city: 'Paris' })], ['now', {}],
  ]);
  expect(args).not.toBe('');
});

test('an error of the provider is an error of the client', async () => {
  const { client } = witness('AWSBedrock', bytesOf('{"message":"Too many tokens"}'), 429);
  await expect(client.responses.create({ model: 'm', input: 'Hi' })).rejects.toThrow(OpenAI.RateLimitError);
});

test('a stream that fails is thrown at the caller, at once and later', async () => {
  const failure = exceptionFrame('throttlingException', 'Too many tokens');
  const whole = toolStream('AWSBedrock');
  for (const answer of [failure, Buffer.concat([whole.subarray(0, 1200), failure]), whole.subarray(0, 1200)]) {
    const { client } = witness('AWSBedrock', answer);
    const events: string[] = [];
    const reading = async (): Promise<void> => {
      for await (const event of await client.responses.create({ model: 'm', input: 'Hi', stream: true, tools: TOOLS })) {
        events.push(event.type);
      }
    };
    await expect(reading()).rejects.toThrow(OpenAI.APIError);
    expect(events).not.toContain('response.completed');
  }
});

test('responses.inputTokens.count', async () => {
  const { client, bodies } = witness('Anthropic', bytesOf('{"input_tokens":14}'));
  expect(await client.responses.inputTokens.count({ model: 'claude-sonnet-4-5', input: 'Hi', instructions: 'Be kind.' })).toMatchObject({ object: 'response.input_tokens', input_tokens: 14 });
  expect(bodies[0]).toEqual({ model: 'claude-sonnet-4-5', system: [{ type: 'text', text: 'Be kind.' }], messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] });
});
