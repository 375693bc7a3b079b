import { chat, HOSTS, refusal, sent, SONNET_45 } from './claude';
import { openAiToAnthropicChat } from '../../../src/translate/openai-to-anthropic/translator';
import { supportedOutputs } from '../../../src/translate/registry';
import { RequestError } from '../../../src/translate/request-error';
import { translated } from '../replay';

const CLOUD_MODEL = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';

test('A1 chat completions to every host of Claude are there', () => {
  expect(supportedOutputs('OpenAI', 'ChatCompletions')).toEqual(expect.arrayContaining([...HOSTS]));
});

describe('where a request goes', () => {
  test('Anthropic: model and stream in the body, the version in a header', () => {
    for (const stream of [false, true]) {
      expect(chat({ stream })).toMatchObject({
        method: 'POST',
        path: '/v1/messages',
        setHeaders: [['content-type', 'application/json'], ['anthropic-version', '2023-06-01']],
        stream,
        dropped: [],
      });
      expect(sent({ stream })).toEqual({
        model: SONNET_45, max_tokens: 64_000, messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }], ...stream && { stream },
      });
    }
  });

  test('Bedrock: model and stream in the path', () => {
    const request = { model: CLOUD_MODEL };
    expect(chat(request, { host: 'AWSAnthropic' }).path).toBe('/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/invoke');
    expect(chat({ ...request, stream: true }, { host: 'AWSAnthropic' })).toMatchObject({
      path: '/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/invoke-with-response-stream',
      setHeaders: [['content-type', 'application/json'], ['accept', 'application/vnd.amazon.eventstream']],
    });
    expect(Object.keys(sent({ ...request, stream: true }, { host: 'AWSAnthropic' }))).toEqual(['anthropic_version', 'max_tokens', 'messages']);
  });

  test('Vertex AI: model in the path', () => {
    const model = 'claude-sonnet-4-5@20250929';
    const path = `/v1/projects/p/locations/us-east5/publishers/anthropic/models/${model}`;
    expect(chat({ model }, { host: 'GCPAnthropic' }).path).toBe(`${path}:rawPredict`);
    expect(chat({ model, stream: true }, { host: 'GCPAnthropic' }).path).toBe(`${path}:streamRawPredict`);
    expect(sent({ model, stream: true }, { host: 'GCPAnthropic' })).toMatchObject({ anthropic_version: 'vertex-2023-10-16', stream: true });
  });

  test('the target\'s model name is what is asked for, and decides what the model takes', () => {
    expect(sent({ model: 'mine' }, { upstreamModel: 'claude-3-haiku-20240307' })).toMatchObject({ model: 'claude-3-haiku-20240307', max_tokens: 4096 });
  });

  test('the version of the backend', () => {
    expect(chat({}, { output: { schema: 'Anthropic', version: 'api/v2' } }).path).toBe('/api/v2/messages');
  });
});

test('A26 betas of the client: a header, on Bedrock the body, on Vertex AI both', () => {
  const headers = { 'anthropic-beta': 'a-1, b-2' };
  expect(chat({}, { headers }).setHeaders).toContainEqual(['anthropic-beta', 'a-1,b-2']);
  expect(sent({}, { headers })).not.toHaveProperty('anthropic_beta');
  expect(sent({}, { host: 'AWSAnthropic', headers }).anthropic_beta).toEqual(['a-1', 'b-2']);
  expect(sent({}, { host: 'GCPAnthropic', headers }).anthropic_beta).toEqual(['a-1', 'b-2']);
  expect(chat({}, { host: 'GCPAnthropic', headers }).setHeaders).toContainEqual(['anthropic-beta', 'a-1,b-2']);
});

test('a backend on Google Cloud without its project is no fault of ours', () => {
  expect(refusal({}, { host: 'GCPAnthropic', gcp: undefined })).toBeInstanceOf(RequestError);
});

test('G17 a body that is nested too deeply to be written is a 400', () => {
  const nested = `{"type":"object","x":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
  const tools = `[{"type":"function","function":{"name":"f","parameters":${nested}}}]`;
  const format = `{"type":"json_schema","json_schema":{"name":"a","schema":{"items":${'{"items":'.repeat(100_000)}1${'}'.repeat(100_000)}}}}`;
  for (const member of [`"tools":${tools}`, `"response_format":${format}`]) {
    const body = `{"model":"${SONNET_45}","messages":[{"role":"user","content":"Hi"}],${member}}`;
    expect(() => translated(openAiToAnthropicChat, body)).toThrow(RequestError);
  }
});

test('a message of very many parts is no fault', () => {
  const content = Array.from({ length: 200_000 }, () => ({ type: 'text', text: 'a' }));
  expect(chat({ messages: [{ role: 'system', content }, { role: 'user', content }, { role: 'user', content }] }).body?.length).toBeGreaterThan(600_000);
});
