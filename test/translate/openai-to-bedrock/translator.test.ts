import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { chat, CLAUDE_45, LLAMA, refusal } from './converse';
import { openAiToBedrockChat } from '../../../src/translate/openai-to-bedrock/translator';
import { translated } from '../replay';

/** The path that the AWS SDK itself asks for; nothing is sent. */
async function pathOfSdk(modelId: string, stream: boolean): Promise<string> {
  const paths: string[] = [];
  const client = new BedrockRuntimeClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    maxAttempts: 1,
    requestHandler: {
      handle: async (request: { readonly path: string }) => {
        paths.push(request.path);
        throw new Error('not sent');
      },
    },
  });
  const input = { modelId, messages: [] };
  await expect(stream ? client.send(new ConverseStreamCommand(input)) : client.send(new ConverseCommand(input))).rejects.toThrow('not sent');
  return paths[0];
}

test('a plain request', () => {
  expect(chat({ model: LLAMA })).toMatchObject({
    method: 'POST',
    path: '/model/meta.llama3-1-70b-instruct-v1%3A0/converse',
    setHeaders: [['content-type', 'application/json'], ['accept', 'application/json']],
    removeHeaders: [],
    stream: false,
    dropped: [],
  });
});

test('a stream', () => {
  expect(chat({ model: LLAMA, stream: true })).toMatchObject({
    path: '/model/meta.llama3-1-70b-instruct-v1%3A0/converse-stream',
    setHeaders: [['content-type', 'application/json'], ['accept', 'application/vnd.amazon.eventstream']],
    stream: true,
  });
});

test.each([
  LLAMA, CLAUDE_45, 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123',
  'arn:aws:bedrock:eu-west-1:123456789012:imported-model/x!y(z)*\'', 'a b/../c?d#e%2F', 'größe',
])('B29 the model %j is one path segment, as the AWS SDK writes it', async (model) => {
  expect(chat({ model }).path).toBe(await pathOfSdk(model, false));
  expect(chat({ model, stream: true }).path).toBe(await pathOfSdk(model, true));
  expect(chat({ model }).path).toMatch(/^\/model\/[^/?#]+\/converse$/);
});

test('the target\'s model name is what is asked for', () => {
  expect(chat({ model: 'mine' }, { upstreamModel: 'theirs' }).path).toBe('/model/theirs/converse');
});

test.each(['.', '..', '\ud800'])('a model name that leads elsewhere is refused: %j', (model) => {
  expect(refusal({}, { upstreamModel: model })).toMatchObject({ status: 400, param: 'model' });
});

test('G17 a body that is nested too deeply to be written is a 400', () => {
  const depth = 200_000;
  const parameters = `{"type":"object","x":${'['.repeat(depth)}${']'.repeat(depth)}}`;
  const body = `{"model":"a","messages":[{"role":"user","content":"Hi"}],"tools":[{"type":"function","function":{"name":"f","parameters":${parameters}}}]}`;
  expect(refusalOf(body)).toMatchObject({ status: 400 });
});

function refusalOf(body: string): unknown {
  try {
    return translated(openAiToBedrockChat, body);
  } catch (error) {
    return error;
  }
}

test('a message of very many parts is no fault', () => {
  const content = Array.from({ length: 200_000 }, () => ({ type: 'text', text: 'a' }));
  expect(chat({ messages: [{ role: 'system', content }, { role: 'user', content }, { role: 'user', content }] }).body?.length).toBeGreaterThan(600_000);
});
