import { configurationOf, routeManifest, backendManifest } from './configuration-of';
import { Answer } from '../../src/runtime/exchange';
import { LlmEngine } from '../../src/runtime/llm-engine';

const CONFIGURATION = configurationOf(backendManifest('main', 'OpenAI') + routeManifest(
  '[{models: [{value: gpt}, {value: llama-8b}, {value: llama-70b}], backendRefs: [{name: main}]}]',
  ', modelAccess: [{clients: [team-a], models: [{type: Prefix, value: llama-}]}, {clients: [team-b]}]',
));

async function listed(headers: Record<string, string>, clientsAreKnown?: boolean): Promise<string[]> {
  const engine = new LlmEngine({ configuration: () => CONFIGURATION, clientsAreKnown });
  const answer = await engine.exchange().requestHead({
    method: 'GET', path: '/v1/models', authority: 'any', httpRoute: 'default/chat', endOfStream: true, header: (name) => headers[name],
  }) as Answer;
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
