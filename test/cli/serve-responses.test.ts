import { createOpenAI } from '@ai-sdk/openai';
import { ChatOpenAI } from '@langchain/openai';
import { generateText, jsonSchema, stepCountIs, streamText, tool } from 'ai';
import OpenAI from 'openai';
import { AWS_CREDENTIALS, ServedFixture } from './served-fixture';
import { startFakeAnthropic } from '../providers/fake-anthropic';
import { startFakeBedrock } from '../providers/fake-bedrock';
import { startFakeGemini } from '../providers/fake-gemini';

jest.setTimeout(60_000);

let served: ServedFixture;
let base: string;
let client: OpenAI;

beforeAll(async () => {
  const [claude, bedrock, gemini] = await Promise.all([startFakeAnthropic(), startFakeBedrock(), startFakeGemini()]);
  const upstreams = { 'anthropic': claude, bedrock, 'bedrock-claude': claude, 'vertex': gemini, 'vertex-claude': claude };
  served = await ServedFixture.start('responses.yaml', upstreams, { 'anthropic/apiKey': 'planted-anthropic-key', 'aws/credentials': AWS_CREDENTIALS, 'gcp/access_token': 'planted-gcp-token' });
  base = served.url;
  client = new OpenAI({ baseURL: `${base}/v1`, apiKey: 'none', maxRetries: 0 });
});

afterAll(() => served.stop());

const HELLO: Readonly<Record<string, string>> = {
  'anthropic': 'Hello from Claude.', 'bedrock': 'Hello from Bedrock.', 'bedrock-claude': 'Hello from Claude.', 'vertex': 'Hello from Gemini.', 'vertex-claude': 'Hello from Claude.',
};
const PARAMETERS = { type: 'object' as const, properties: { city: { type: 'string' as const } }, required: ['city'], additionalProperties: false };
const TOOL: OpenAI.Responses.FunctionTool = { type: 'function', name: 'get_weather', description: 'Weather', parameters: PARAMETERS, strict: false };

describe.each(Object.keys(HELLO))('model %s', (model) => {
  test('the official client, plain', async () => {
    const response = await client.responses.create({ model, input: 'Hi' });
    expect(response).toMatchObject({ status: 'completed', output_text: HELLO[model], model });
    expect(response.usage?.total_tokens).toBeGreaterThan(0);
  });

  test('the official client, streamed', async () => {
    const stream = client.responses.stream({ model, instructions: 'Be kind.', input: [{ role: 'user', content: [{ type: 'input_text', text: 'Hi' }] }] });
    let text = '';
    for await (const event of stream) {
      text += event.type === 'response.output_text.delta' ? event.delta : '';
    }
    const response = await stream.finalResponse();
    expect([response.status, response.output_text, text]).toEqual(['completed', HELLO[model], HELLO[model]]);
    const usage = response.usage!;
    await served.serve.says(new RegExp(`${model} .*stream  tokens=${usage.input_tokens}(?: \\(\\d+ cached\\))?\\+${usage.output_tokens}`));
  });

  test.each([false, true])('the official client, a tool and its result (stream: %s)', async (streams) => {
    const input: OpenAI.Responses.ResponseInput = [{ role: 'user', content: 'Weather in Paris?' }];
    const request = { model, input, tools: [TOOL] };
    const first = streams ? await client.responses.stream(request).finalResponse() : await client.responses.create(request);
    const calls = first.output.flatMap((item) => item.type === 'function_call' ? [item] : []);
    expect(calls).toMatchObject([{ name: 'get_weather', arguments: expect.stringMatching(/"city": ?"Paris"/) as string }]);
    input.push(...first.output as OpenAI.Responses.ResponseInput, { type: 'function_call_output', call_id: calls[0].call_id, output: 'sun' });
    const second = await client.responses.create({ model, input, tools: [TOOL], tool_choice: 'none' });
    expect(second.status).toBe('completed');
  });

  test('the official client, errors', async () => {
    await expect(client.responses.create({ model, input: 'error 429' })).rejects.toThrow(OpenAI.RateLimitError);
    await expect(client.responses.create({ model, input: 'error 500', stream: true })).rejects.toThrow(OpenAI.InternalServerError);
    await expect(client.responses.create({ model, input: 'Hi', previous_response_id: 'resp_1' })).rejects
      .toMatchObject({ status: 400, code: 'unsupported_parameter', param: 'previous_response_id' });
  });

  test('the official client counts tokens', async () => {
    expect((await client.responses.inputTokens.count({ model, input: 'Hi' })).input_tokens).toBeGreaterThan(0);
  });

  test('what was dropped is in a header', async () => {
    const { response } = await client.responses.create({ model, input: 'Hi', store: true }).withResponse();
    expect(response.headers.get('x-llm-dropped-parameters')).toBe('store');
  });

  describe('@ai-sdk/openai', () => {
    const sdk = () => createOpenAI({ baseURL: `${base}/v1`, apiKey: 'none' }).responses(model);

    test('plain and streamed', async () => {
      const { text, usage } = await generateText({ model: sdk(), prompt: 'Hi', maxRetries: 0 });
      expect([text, usage.totalTokens]).toEqual([HELLO[model], expect.any(Number)]);
      const streamed = streamText({ model: sdk(), prompt: 'Hi', maxRetries: 0 });
      expect(await streamed.text).toBe(HELLO[model]);
      expect(await streamed.finishReason).toBe('stop');
    });

    test('runs a tool and goes on with its result', async () => {
      const cities: string[] = [];
      const { steps } = await generateText({
        model: sdk(),
        prompt: 'Weather in Paris?',
        maxRetries: 0,
        stopWhen: stepCountIs(2),
        providerOptions: { openai: { store: false } },
        tools: {
          get_weather: tool({
            inputSchema: jsonSchema<{ city: string }>(PARAMETERS),
            execute: ({ city }) => {
              cities.push(city);
              return 'sun';
            },
          }),
        },
      });
      expect(steps).toHaveLength(2);
      expect(cities[0]).toBe('Paris');
    });
  });

  test('LangChain\'s ChatOpenAI, plain and streamed', async () => {
    const chat = new ChatOpenAI({ model, apiKey: 'none', useResponsesApi: true, maxRetries: 0, configuration: { baseURL: `${base}/v1` } });
    expect((await chat.invoke('Hi')).text).toBe(HELLO[model]);
    let text = '';
    for await (const chunk of await chat.stream('Hi')) {
      text += chunk.text;
    }
    expect(text).toBe(HELLO[model]);
  });
});
