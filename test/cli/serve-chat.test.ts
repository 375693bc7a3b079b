import { createOpenAI } from '@ai-sdk/openai';
import { AIMessageChunk, BaseMessage, HumanMessage, ToolMessage } from '@langchain/core/messages';
import { ChatOpenAI } from '@langchain/openai';
import { APICallError, generateText, jsonSchema, Output, stepCountIs, streamText, tool, ToolSet } from 'ai';
import OpenAI from 'openai';
import { makeParseableResponseFormat } from 'openai/lib/parser';
import { RunnableToolFunctionWithParse } from 'openai/lib/RunnableFunction';
import { AWS_CREDENTIALS, ServedFixture } from './served-fixture';
import { startFakeAnthropic } from '../providers/fake-anthropic';
import { startFakeAzureOpenAi } from '../providers/fake-azure-openai';
import { startFakeBedrock } from '../providers/fake-bedrock';
import { startFakeCohere } from '../providers/fake-cohere';
import { startFakeGemini } from '../providers/fake-gemini';
import { startFakeOpenAi } from '../providers/fake-openai';

jest.setTimeout(60_000);

let served: ServedFixture;
let base: string;
let client: OpenAI;

beforeAll(async () => {
  const [openai, azure, claude, bedrock, gemini, cohere] = await Promise.all([
    startFakeOpenAi(), startFakeAzureOpenAi(), startFakeAnthropic(), startFakeBedrock(), startFakeGemini(), startFakeCohere(),
  ]);
  const upstreams = { openai, azure, 'anthropic': claude, bedrock, 'bedrock-claude': claude, 'vertex': gemini, 'vertex-claude': claude, cohere };
  served = await ServedFixture.start('chat-everywhere.yaml', upstreams, { 'keys/apiKey': 'planted-api-key', 'aws/credentials': AWS_CREDENTIALS, 'gcp/access_token': 'planted-gcp-token' });
  base = served.url;
  client = new OpenAI({ baseURL: `${base}/v1`, apiKey: 'none', maxRetries: 0 });
});

afterAll(() => served.stop());

interface Said {
  readonly plain: string;
  readonly streamed: string;
}
const OPENAI: Said = { plain: 'Hello from the OpenAI-compatible server.', streamed: 'Hello from the stream.' };
const CLAUDE: Said = { plain: 'Hello from Claude.', streamed: 'Hello from Claude.' };
const HELLO: Readonly<Record<string, Said>> = {
  'openai': OPENAI,
  'azure': OPENAI,
  'anthropic': CLAUDE,
  'bedrock': { plain: 'Hello from Bedrock.', streamed: 'Hello from Bedrock.' },
  'bedrock-claude': CLAUDE,
  'vertex': { plain: 'Hello from Gemini.', streamed: 'Hello from Gemini.' },
  'vertex-claude': CLAUDE,
  'cohere': { plain: 'Hello from Cohere.', streamed: 'Hello from Cohere.' },
};
const PARAMETERS = { type: 'object' as const, properties: { city: { type: 'string' as const } }, required: ['city'], additionalProperties: false };
const TOOL: OpenAI.ChatCompletionFunctionTool = { type: 'function', function: { name: 'get_weather', description: 'Weather', parameters: PARAMETERS } };
const FORMAT = makeParseableResponseFormat<{ city: string }>(
  { type: 'json_schema', json_schema: { name: 'place', strict: true, schema: PARAMETERS } }, (text) => JSON.parse(text) as { city: string },
);
const USER = { role: 'user' as const, content: 'Hi' };

async function whole(stream: AsyncIterable<AIMessageChunk>): Promise<AIMessageChunk> {
  let message = new AIMessageChunk('');
  for await (const chunk of stream) message = message.concat(chunk);
  return message;
}

describe.each(Object.keys(HELLO))('model %s', (model) => {
  describe('openai', () => {
    test('plain', async () => {
      const { object, choices: [choice], usage } = await client.chat.completions.create({ model, messages: [{ role: 'system', content: 'Be kind.' }, USER] });
      expect([object, choice.message.content, choice.message.role, choice.finish_reason]).toEqual(['chat.completion', HELLO[model].plain, 'assistant', 'stop']);
      expect(usage?.total_tokens).toBe((usage?.prompt_tokens ?? 0) + (usage?.completion_tokens ?? 0));
      await served.serve.says(new RegExp(`${model}  rule=${model} .*  200  tokens=${usage?.prompt_tokens}(?: \\(\\d+ cached\\))?\\+${usage?.completion_tokens}`));
    });

    test('streamed, with usage', async () => {
      const stream = client.chat.completions.stream({ model, messages: [USER], stream_options: { include_usage: true } });
      let text = '';
      stream.on('content', (delta) => { text += delta; });
      const { choices: [choice], usage } = await stream.finalChatCompletion();
      expect([text, choice.message.content, choice.finish_reason]).toEqual([HELLO[model].streamed, HELLO[model].streamed, 'stop']);
      expect(usage?.total_tokens).toBeGreaterThan(0);
    });

    test.each([false, true])('runs a tool and goes on with its result (stream: %s)', async (stream) => {
      const cities: string[] = [];
      const runnable: RunnableToolFunctionWithParse<{ city: string }> = {
        type: 'function',
        function: {
          name: 'get_weather',
          description: 'Weather',
          parameters: PARAMETERS,
          parse: (text) => JSON.parse(text) as { city: string },
          function: ({ city }) => {
            cities.push(city);
            return 'sun';
          },
        },
      };
      const request = { model, messages: [{ role: 'user' as const, content: 'Weather in Paris?' }], tools: [runnable] as const };
      const runner = stream ? client.chat.completions.runTools({ ...request, stream: true }) : client.chat.completions.runTools(request);
      expect([await runner.finalContent(), cities]).toEqual([HELLO[model][stream ? 'streamed' : 'plain'], ['Paris']]);
    });

    test.each([false, true])('structured output (stream: %s)', async (streams) => {
      const request = { model, messages: [USER], response_format: FORMAT };
      const completion = streams ? await client.chat.completions.stream(request).finalChatCompletion() : await client.chat.completions.parse(request);
      expect(completion.choices[0].message.parsed).toEqual({ city: 'Paris' });
    });

    test.each([[400, OpenAI.BadRequestError], [429, OpenAI.RateLimitError], [500, OpenAI.InternalServerError]] as const)('an error of the provider: %d', async (status, type) => {
      const request = { model, messages: [{ role: 'user' as const, content: `error ${status}` }] };
      for (const call of [() => client.chat.completions.create(request), () => client.chat.completions.create({ ...request, stream: true })]) {
        const error = await Promise.resolve(call()).then(() => undefined, (reason: unknown) => reason);
        expect(error).toBeInstanceOf(type);
        expect((error as InstanceType<typeof OpenAI.APIError>).message).toContain(`as asked: ${status}`);
      }
    });
  });

  describe('@ai-sdk/openai', () => {
    const sdk = () => createOpenAI({ baseURL: `${base}/v1`, apiKey: 'none' }).chat(model);
    const weather = (cities: string[]): ToolSet => ({
      get_weather: tool({
        description: 'Weather',
        inputSchema: jsonSchema<{ city: string }>(PARAMETERS),
        execute: ({ city }) => {
          cities.push(city);
          return 'sun';
        },
      }),
    });

    test('plain and streamed', async () => {
      const { text, usage, finishReason } = await generateText({ model: sdk(), system: 'Be kind.', prompt: 'Hi', maxRetries: 0 });
      expect([text, finishReason, usage.totalTokens]).toEqual([HELLO[model].plain, 'stop', expect.any(Number)]);
      const streamed = streamText({ model: sdk(), prompt: 'Hi', maxRetries: 0 });
      expect(await streamed.text).toBe(HELLO[model].streamed);
      expect([await streamed.finishReason, (await streamed.usage).totalTokens]).toEqual(['stop', expect.any(Number)]);
    });

    test.each([false, true])('runs a tool and goes on with its result (stream: %s)', async (streams) => {
      const cities: string[] = [];
      const request = { model: sdk(), prompt: 'Weather in Paris?', maxRetries: 0, stopWhen: stepCountIs(5), tools: weather(cities) };
      const result = streams ? streamText(request) : await generateText(request);
      const [text, steps] = [await result.text, await result.steps];
      expect([text, cities, steps.map(({ finishReason }) => finishReason)]).toEqual([HELLO[model][streams ? 'streamed' : 'plain'], ['Paris'], ['tool-calls', 'stop']]);
    });

    test.each([false, true])('structured output (stream: %s)', async (streams) => {
      const request = { model: sdk(), prompt: 'Where?', maxRetries: 0, output: Output.object({ schema: jsonSchema<{ city: string }>(PARAMETERS) }) };
      expect(await (streams ? streamText(request) : await generateText(request)).output).toEqual({ city: 'Paris' });
    });

    test('an error of the provider', async () => {
      const error = await generateText({ model: sdk(), prompt: 'error 429', maxRetries: 0 }).catch((reason: unknown) => reason);
      expect(APICallError.isInstance(error) && [error.statusCode, error.isRetryable, error.message]).toEqual([429, true, expect.stringContaining('as asked: 429')]);
    });
  });

  describe('LangChain\'s ChatOpenAI', () => {
    const chat = (more: object = {}) => new ChatOpenAI({ model, apiKey: 'none', maxRetries: 0, configuration: { baseURL: `${base}/v1` }, ...more });

    test('plain and streamed', async () => {
      const { text, usage_metadata: usage } = await chat().invoke('Hi');
      expect([text, usage?.total_tokens]).toEqual([HELLO[model].plain, expect.any(Number)]);
      const streamed = await whole(await chat().stream('Hi'));
      expect([streamed.text, streamed.usage_metadata?.total_tokens]).toEqual([HELLO[model].streamed, expect.any(Number)]);
    });

    test.each([false, true])('calls a tool and goes on with its result (stream: %s)', async (streams) => {
      const bound = chat().bindTools([TOOL]);
      // `streaming: true` would fetch a tokenizer from the network.
      const ask = async (messages: BaseMessage[]) => (streams ? whole(await bound.stream(messages)) : bound.invoke(messages));
      const question = new HumanMessage('Weather in Paris?');
      const answer = await ask([question]);
      expect(answer.tool_calls).toMatchObject([{ name: 'get_weather', args: { city: 'Paris' } }]);
      const result = new ToolMessage({ content: 'sun', tool_call_id: answer.tool_calls?.[0].id ?? '' });
      expect((await ask([question, answer, result])).text).toBe(HELLO[model][streams ? 'streamed' : 'plain']);
    });

    test.each(['jsonSchema', 'functionCalling'] as const)('structured output by %s', async (method) => {
      const structured = chat().withStructuredOutput<{ city: string }>({ title: 'place', ...PARAMETERS }, { method, name: 'place' });
      expect(await structured.invoke('Where?')).toEqual({ city: 'Paris' });
    });

    test('an error of the provider', async () => {
      await expect(chat().invoke('error 429')).rejects.toMatchObject({ status: 429, message: expect.stringContaining('as asked: 429') as string });
    });
  });
});

test('what a provider has no counterpart for is refused, or named in a header', async () => {
  await expect(client.chat.completions.create({ model: 'bedrock', messages: [USER], n: 2 })).rejects
    .toMatchObject({ constructor: OpenAI.BadRequestError, code: 'unsupported_parameter', param: 'n' });
  const { response } = await client.chat.completions.create({ model: 'cohere', messages: [USER], store: true, user: 'u' }).withResponse();
  expect(response.headers.get('x-llm-dropped-parameters')?.split(', ').sort()).toEqual(['store', 'user']);
});
