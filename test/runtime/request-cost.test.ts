import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { backendManifest, configurationOf, routeManifest } from './configuration-of';
import { chat, DrivenExchange } from './driven-exchange';
import { tokenPrices } from '../../src/runtime/model-prices';

const CONFIGURATION = configurationOf([
  backendManifest('openai', 'OpenAI', '', { host: 'api.openai.com' }),
  backendManifest('own', 'OpenAI', '', { host: 'llama.models.svc.cluster.local' }),
  routeManifest(`[
    {name: openai, models: [{value: alias}], backendRefs: [{name: openai, model: gpt-5.2}]},
    {name: own, models: [{value: gpt-5.2}], backendRefs: [{name: own}]}]`),
].join(''));
const JSON_TYPE = { 'content-type': 'application/json' };
const ANSWER = readFileSync(join(__dirname, '..', 'fixtures', 'openai', 'chat.json'));

async function answered(model: string, status: number, body: Uint8Array): Promise<ReturnType<DrivenExchange['close']>> {
  const driven = new DrivenExchange(CONFIGURATION);
  await driven.forward(chat(model));
  driven.head(status, JSON_TYPE);
  driven.bytes(body);
  return driven.close();
}

test('a request costs what the list of the provider says of the model that it was sent to', async () => {
  const { usage, cost } = await answered('alias', 200, ANSWER);
  const { input, cachedInput, output } = tokenPrices({ schema: 'OpenAI', origin: 'https://api.openai.com' }, 'gpt-5.2', 1)!;
  const { inputTokens, cachedInputTokens, outputTokens } = usage!;
  expect(cachedInputTokens).toBeGreaterThan(0);
  expect(cost).toBeCloseTo(((inputTokens - cachedInputTokens) * input + cachedInputTokens * cachedInput + outputTokens * output) / 1e6, 12);
});

test('a server of one\'s own has no price, whatever its models are called', async () => {
  const { usage, cost } = await answered('gpt-5.2', 200, ANSWER);
  expect([usage?.inputTokens, cost]).toEqual([expect.any(Number), undefined]);
});

test('a server of one\'s own has the prices that its LLMBackend names', async () => {
  const configuration = configurationOf(backendManifest('own', 'OpenAI', 'models: [{name: in-house, prices: {input: "3", output: "7"}}]') + routeManifest('[{backendRefs: [{name: own}]}]'));
  const driven = new DrivenExchange(configuration);
  await driven.forward(chat('in-house'));
  driven.head(200, JSON_TYPE);
  driven.bytes(ANSWER);
  const { usage, cost } = driven.close();
  expect(usage!.outputTokens).toBeGreaterThan(0);
  expect(cost).toBeCloseTo((usage!.inputTokens * 3 + usage!.outputTokens * 7) / 1e6, 12);
});

test('an answer without usage costs nothing that is known', async () => {
  const { cost, status } = await answered('alias', 429, Buffer.from('{"error":{"message":"slow down"}}'));
  expect([cost, status]).toEqual([undefined, 429]);
});
