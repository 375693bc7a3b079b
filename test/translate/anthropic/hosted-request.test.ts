import { hostedRequest as hosted } from '../../../src/translate/anthropic/hosted-request';
import { ClaudeHost, HostedOptions } from '../../../src/translate/anthropic/hosted-target';
import { textOf } from '../replay';

const OPTIONS: HostedOptions = { model: 'claude', stream: true, betas: [], gcp: { project: 'my project', region: 'global' } };
const BODY = { max_tokens: 5, messages: [] };

function hostedRequest(host: ClaudeHost, options: HostedOptions, fields: object) {
  const request = hosted(host, options, fields);
  return { ...request, body: JSON.parse(textOf(request.body)) as Record<string, unknown> };
}

test('Anthropic takes model and stream in the body', () => {
  expect(hostedRequest('Anthropic', OPTIONS, BODY)).toEqual({
    path: '/v1/messages',
    body: { model: 'claude', stream: true, ...BODY },
    setHeaders: [['content-type', 'application/json'], ['anthropic-version', '2023-06-01']],
    removeHeaders: [],
  });
  expect(hostedRequest('Anthropic', { ...OPTIONS, stream: false }, BODY).body).toEqual({ model: 'claude', ...BODY });
});

test('Bedrock takes both in the path', () => {
  expect(hostedRequest('AWSAnthropic', OPTIONS, BODY)).toMatchObject({ path: '/model/claude/invoke-with-response-stream', body: { anthropic_version: 'bedrock-2023-05-31', ...BODY } });
  expect(Object.keys(hostedRequest('AWSAnthropic', OPTIONS, BODY).body)).toEqual(['anthropic_version', 'max_tokens', 'messages']);
});

test('Vertex AI takes the model in the path, the stream in both', () => {
  expect(hostedRequest('GCPAnthropic', OPTIONS, BODY)).toMatchObject({
    path: '/v1/projects/my%20project/locations/global/publishers/anthropic/models/claude:streamRawPredict',
    body: { anthropic_version: 'vertex-2023-10-16', stream: true, ...BODY },
  });
});

test.each(['Anthropic', 'AWSAnthropic', 'GCPAnthropic'] as const)('a count of %s is never a stream', (host) => {
  const { path, body } = hostedRequest(host, { ...OPTIONS, countTokens: true }, { messages: [] });
  expect(path).toMatch(/count[-_]tokens/);
  expect(JSON.stringify(body)).not.toContain('stream');
});

test('betas become a header, an array, or both', () => {
  const options = { ...OPTIONS, betas: ['a', 'b'] };
  const shown = (host: ClaudeHost) => {
    const { body, setHeaders } = hostedRequest(host, options, BODY);
    return [setHeaders.find(([name]) => name === 'anthropic-beta')?.[1], body.anthropic_beta];
  };
  expect(shown('Anthropic')).toEqual(['a,b', undefined]);
  expect(shown('AWSAnthropic')).toEqual([undefined, ['a', 'b']]);
  expect(shown('GCPAnthropic')).toEqual(['a,b', ['a', 'b']]);
});

test.each(['.', '..', '\ud800'])('a model name that leads elsewhere is refused: %j', (model) => {
  expect(() => hostedRequest('AWSAnthropic', { ...OPTIONS, model }, BODY)).toThrow(expect.objectContaining({ status: 400, param: 'model' }) as Error);
  expect(() => hostedRequest('GCPAnthropic', { ...OPTIONS, model }, BODY)).toThrow(expect.objectContaining({ status: 400, param: 'model' }) as Error);
});

test('a model name cannot bring a method or a query with it', () => {
  expect(hostedRequest('GCPAnthropic', { ...OPTIONS, model: 'a:rawPredict?b#c/d' }, BODY).path).toMatch(/models\/a%3ArawPredict%3Fb%23c%2Fd:streamRawPredict$/);
});
