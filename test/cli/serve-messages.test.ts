import Anthropic from '@anthropic-ai/sdk';
import { AWS_CREDENTIALS, ServedFixture } from './served-fixture';
import { chatComplaint } from '../providers/chat-complaint';
import { startFakeAzureOpenAi } from '../providers/fake-azure-openai';
import { startFakeBedrock } from '../providers/fake-bedrock';
import { startFakeGemini } from '../providers/fake-gemini';
import { startFakeOpenAi } from '../providers/fake-openai';
import { FakeProvider } from '../providers/fake-provider';

jest.setTimeout(30_000);

const MODELS = ['openai', 'azure', 'bedrock', 'vertex'] as const;
type Model = typeof MODELS[number];

let providers: Record<Model, FakeProvider>;
let served: ServedFixture;
let client: Anthropic;

beforeAll(async () => {
  const [openai, azure, bedrock, vertex] = await Promise.all([startFakeOpenAi(), startFakeAzureOpenAi(), startFakeBedrock(), startFakeGemini()]);
  providers = { openai, azure, bedrock, vertex };
  served = await ServedFixture.start('messages.yaml', providers, {
    'openai/apiKey': 'planted-openai-key', 'azure/apiKey': 'planted-azure-key', 'aws/credentials': AWS_CREDENTIALS, 'gcp/access_token': 'planted-gcp-token',
  });
  client = new Anthropic({ baseURL: served.url, apiKey: 'planted-client-key', maxRetries: 0 });
});

afterAll(() => served.stop());

const ask = (model: string, content = 'Hi') => ({ model, max_tokens: 100, messages: [{ role: 'user' as const, content }] });
const TOOL: Anthropic.Tool = { name: 'get_weather', input_schema: { type: 'object', properties: { city: { type: 'string' } } } };

function textOf({ content }: Anthropic.Message): string {
  return content.map((block) => block.type === 'text' ? block.text : '').join('');
}

describe.each(MODELS)('the official client, model %s', (model) => {
  test('plain', async () => {
    const message = await client.messages.create({ ...ask(model), system: 'Be brief.' });
    expect(textOf(message)).toMatch(/^Hello/);
    expect(message).toMatchObject({ type: 'message', role: 'assistant', model, stop_reason: 'end_turn' });
    expect(message.usage.input_tokens).toBeGreaterThan(0);
  });

  test('C1 streamed', async () => {
    const message = await client.messages.stream(ask(model)).finalMessage();
    expect(textOf(message)).toMatch(/^Hello/);
    expect(message).toMatchObject({ model, stop_reason: 'end_turn' });
    expect(message.usage.input_tokens).toBeGreaterThan(0);
    expect(message.usage.output_tokens).toBeGreaterThan(0);
  });

  test('C2 C10 with a tool, streamed; the result goes back with all of the turn', async () => {
    const request = { ...ask(model), tools: [TOOL] };
    const message = await client.messages.stream(request).finalMessage();
    const calls = message.content.flatMap((block) => block.type === 'tool_use' ? [block] : []);
    expect([calls.map(({ name, input }) => [name, input]), message.stop_reason]).toEqual([[['get_weather', { city: 'Paris' }]], 'tool_use']);
    const answer = await client.messages.create({
      ...request,
      tool_choice: { type: 'none' },
      messages: [...request.messages, { role: 'assistant', content: message.content }, { role: 'user', content: [{ type: 'tool_result', tool_use_id: calls[0].id, content: 'Sunny.' }] }],
    });
    expect(answer.type).toBe('message');
    if (model === 'openai' || model === 'azure') {
      expect(chatComplaint(JSON.parse(providers[model].requests.at(-1)!.body.toString()))).toBeUndefined();
    }
    if (model === 'vertex') {
      // The signature of the call came back in the block that carried it.
      expect(providers[model].requests.at(-1)!.body.toString()).toContain('"thoughtSignature":"c2lnbmF0dXJl"');
    }
  });

  test.each([[400, 'invalid_request_error'], [429, 'rate_limit_error'], [500, 'api_error']])('G13 an error of the provider keeps its status: %d', async (status, type) => {
    const asked = ask(model, `error ${status}`);
    // One after the other: a promise that fails while another is awaited fails the test.
    for (const failing of [() => client.messages.create(asked), () => client.messages.stream(asked).finalMessage()]) {
      await expect(failing()).rejects.toMatchObject({ status, type, message: expect.stringContaining(`as asked: ${status}`) as unknown });
    }
  });

  test('the client\'s key and Anthropic\'s headers stay here', async () => {
    await client.messages.create(ask(model));
    const { headers } = providers[model].requests.at(-1)!;
    expect(JSON.stringify(headers)).not.toContain('planted-client-key');
    expect(Object.keys(headers).filter((name) => name.startsWith('anthropic-'))).toEqual([]);
  });
});

test('what is dropped is told in a header', async () => {
  const { response } = await client.messages.create({ ...ask('openai'), speed: 'fast', metadata: { user_id: 'u'.repeat(70) } }).withResponse();
  expect(response.headers.get('x-llm-dropped-parameters')).toBe('speed, metadata.user_id');
});

test('what cannot be translated is the client\'s typed error', async () => {
  await expect(client.messages.create({ ...ask('openai'), container: 'c' })).rejects.toMatchObject({ constructor: Anthropic.BadRequestError, errorCode: 'unsupported_parameter' });
  await expect(client.messages.countTokens({ model: 'openai', messages: ask('openai').messages })).rejects.toMatchObject({ constructor: Anthropic.BadRequestError, errorCode: 'unsupported_endpoint' });
});

test('count_tokens where the provider counts', async () => {
  for (const model of ['bedrock', 'vertex']) {
    expect((await client.messages.countTokens({ model, messages: ask(model).messages, system: 'Be brief.', tools: [TOOL] })).input_tokens).toBeGreaterThan(0);
  }
});
