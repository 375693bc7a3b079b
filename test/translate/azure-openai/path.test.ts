import { azureKnowsStreamOptions, azurePath } from '../../../src/translate/azure-openai/path';

test.each([
  ['chat/completions', undefined, '/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21'],
  ['chat/completions', '', '/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21'],
  ['completions', '2024-06-01', '/openai/deployments/gpt-4o/completions?api-version=2024-06-01'],
  ['embeddings', '2025-04-01-preview', '/openai/deployments/gpt-4o/embeddings?api-version=2025-04-01-preview'],
  ['images/generations', '2025-04-01-preview', '/openai/deployments/gpt-4o/images/generations?api-version=2025-04-01-preview'],
  ['audio/transcriptions', undefined, '/openai/deployments/gpt-4o/audio/transcriptions?api-version=2024-10-21'],
  ['chat/completions', 'v1', '/openai/v1/chat/completions'],
  ['audio/speech', 'preview', '/openai/v1/audio/speech?api-version=preview'],
  // The Responses API came with 2025-03-01-preview; dated versions before it have none.
  ['responses', undefined, '/openai/v1/responses'],
  ['responses', '2024-10-21', '/openai/v1/responses'],
  ['responses', '2025-03-01-preview', '/openai/responses?api-version=2025-03-01-preview'],
  ['responses', 'v1', '/openai/v1/responses'],
  ['responses', 'preview', '/openai/v1/responses?api-version=preview'],
  ['responses/input_tokens', undefined, '/openai/v1/responses/input_tokens'],
])('%s of version %p: %s', (resource, version, path) => {
  expect(azurePath('gpt-4o', resource, version)).toBe(path);
});

test('the deployment is one path segment, and the version one value', () => {
  expect(azurePath('a/../b?c ü(1)', 'embeddings', 'x&y=z')).toBe('/openai/deployments/a%2F..%2Fb%3Fc%20%C3%BC%281%29/embeddings?api-version=x%26y%3Dz');
  expect(() => azurePath('..', 'embeddings', undefined)).toThrow(expect.objectContaining({ name: 'RequestError', status: 400, param: 'model' }));
});

test.each([[undefined, true], ['2024-06-01', false], ['2024-08-01-preview', true], ['2024-10-21', true], ['v1', true], ['preview', true]])('version %p can be asked for usage: %p', (version, known) => {
  expect(azureKnowsStreamOptions(version)).toBe(known);
});
