import { configurationOf, routeManifest, backendManifest } from './configuration-of';
import { Answer } from '../../src/runtime/exchange';
import { LlmEngine } from '../../src/runtime/llm-engine';

const CONFIGURATION = configurationOf(backendManifest('main', 'OpenAI') + routeManifest(
  '[{models: [{value: gpt}, {value: llama-8b}, {value: llama-70b}], backendRefs: [{name: main}]}]',
  ', modelAccess: [{clients: [team-a], models: [{type: Prefix, value: llama-}]}, {clients: [team-b]}]',
));

async function asked(path: string, headers: Record<string, string>, clientsAreKnown?: boolean): Promise<Answer> {
  const engine = new LlmEngine({ configuration: () => CONFIGURATION, clientsAreKnown });
  return await engine.exchange().requestHead({
    method: 'GET', path, authority: 'any', httpRoute: 'default/chat', endOfStream: true, header: (name) => headers[name],
  }) as Answer;
}

async function listed(headers: Record<string, string>, clientsAreKnown?: boolean): Promise<string[]> {
  const answer = await asked('/v1/models', headers, clientsAreKnown);
  return (JSON.parse(Buffer.from(answer.body).toString('utf8')) as { data: Array<{ id: string }> }).data.map(({ id }) => id);
}

test('holds what the client may call', async () => {
  expect(CONFIGURATION.problems).toEqual([]);
  expect(await listed({ 'x-llm-client-id': 'team-a' })).toEqual(['llama-8b', 'llama-70b']);
  expect(await listed({ 'x-llm-client-id': 'team-b' })).toEqual(['gpt', 'llama-8b', 'llama-70b']);
  expect(await listed({ 'x-llm-client-id': 'team-c' })).toEqual([]);
  expect(await listed({})).toEqual([]);
});

test('holds everything where nobody has checked who the client is', async () => {
  expect(await listed({ 'x-llm-client-id': 'team-a' }, false)).toEqual(['gpt', 'llama-8b', 'llama-70b']);
});

test.each<[string, string, number, string]>([
  ['a model that the client may call', 'llama-8b', 200, '{"id":"llama-8b","object":"model","created":0,"owned_by":"main"}'],
  ['one that it may not', 'gpt', 404, 'model_not_found'],
  ['one that there is not', 'nowhere', 404, 'model_not_found'],
])('one model: %s', async (_, name, status, part) => {
  const answer = await asked(`/v1/models/${name}`, { 'x-llm-client-id': 'team-a' });
  expect([answer.status, Buffer.from(answer.body).toString()]).toEqual([status, expect.stringContaining(part)]);
});
