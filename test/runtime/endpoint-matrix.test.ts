import { backendManifest, configurationOf } from './configuration-of';
import { DrivenExchange, headOf } from './driven-exchange';
import { InputSchemaName, OUTPUT_SCHEMAS, OutputSchemaName } from '../../src/resources/schema-name';
import { Configuration } from '../../src/runtime/configuration';
import { findTranslator } from '../../src/translate/registry';
import { Endpoint, Translator } from '../../src/translate/translator';
import { requestBytes } from '../translate/pair-traffic';

/** Every endpoint of every dialect of clients, with its path and the columns that answer it, in the order of `OUTPUT_SCHEMAS`: `x` yes, `-` no. */
const MATRIX: ReadonlyArray<readonly [InputSchemaName, Endpoint, path: string, cells: string]> = [
  //                                                                     OpenAI Azure Anthropic Bedrock AWSAnthropic Vertex GCPAnthropic Cohere
  ['OpenAI', 'ChatCompletions', '/v1/chat/completions', 'x x x x x x x x'],
  ['OpenAI', 'Responses', '/v1/responses', 'x x x x x x x -'],
  ['OpenAI', 'ResponseInputTokens', '/v1/responses/input_tokens', 'x x x x x x x -'],
  ['OpenAI', 'Completions', '/v1/completions', 'x x - - - - - -'],
  ['OpenAI', 'Embeddings', '/v1/embeddings', 'x x - x - x - x'],
  ['Anthropic', 'Messages', '/v1/messages', 'x x x x x x x -'],
  ['Anthropic', 'CountTokens', '/v1/messages/count_tokens', '- - x x x x x -'],
  ['OpenAI', 'ImageGenerations', '/v1/images/generations', 'x x - - - - - -'],
  ['OpenAI', 'Speech', '/v1/audio/speech', 'x x - - - - - -'],
  ['OpenAI', 'Transcriptions', '/v1/audio/transcriptions', 'x x - - - - - -'],
  ['OpenAI', 'Translations', '/v1/audio/translations', 'x x - - - - - -'],
  ['Cohere', 'Rerank', '/v2/rerank', 'x - - - - - - x'],
  ['OpenAI', 'Tokenize', '/tokenize', 'x - x - - x x -'],
];
const CELLS = MATRIX.flatMap(([input, endpoint, path, cells]) => cells.split(' ').map((cell, index) => [input, endpoint, OUTPUT_SCHEMAS[index], cell === 'x', path] as const));

function configuration(input: InputSchemaName, output: OutputSchemaName): Configuration {
  return configurationOf(`${backendManifest('a', output)}---
apiVersion: aigateway.envoyproxy.io/v1alpha1
kind: LLMRoute
metadata: {name: chat}
spec: {inputSchema: {schema: ${input}}, httpRouteRef: {name: chat}, rules: [{backendRefs: [{name: a}]}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: chat}
spec: {rules: [{matches: [{path: {value: /}}]}]}
`);
}

test.each(CELLS.filter(([, , , answered]) => answered))('%s %s on %s has a translator', (input, endpoint, output) => {
  expect(findTranslator(input, output, endpoint)).toBeDefined();
});

test.each(CELLS.filter(([, , , answered]) => !answered))('%s %s on %s is refused with 400, and what is supported is said', async (input, endpoint, output, _, path) => {
  const { bytes, contentType } = requestBytes({ input, endpoint } as Translator, 'Hi');
  const answer = await new DrivenExchange(configuration(input, output)).answer(bytes, headOf({ path }, { 'content-type': contentType }));
  const said = Buffer.from(answer.body).toString();
  expect(answer.status).toBe(400);
  const supported = CELLS.filter((cell) => cell[1] === endpoint && cell[3]).map((cell) => cell[2]);
  expect(said).toContain(`${endpoint} is not available for model \`asked-for\`: its provider speaks ${output}; supported: `);
  for (const one of supported) expect(said).toContain(one);
});

test('there is no pair beside these', () => {
  const known = new Set(CELLS.filter(([, , , answered]) => answered).map(([input, endpoint, output]) => `${input} ${endpoint} ${output}`));
  const endpoints: readonly Endpoint[] = [...MATRIX.map(([, endpoint]) => endpoint), 'Models'];
  const found = (['OpenAI', 'Anthropic', 'Cohere'] as const).flatMap((input) => endpoints.flatMap((endpoint) => OUTPUT_SCHEMAS.flatMap(
    (output) => (findTranslator(input, output, endpoint) === undefined ? [] : [`${input} ${endpoint} ${output}`]),
  )));
  expect(new Set(found)).toEqual(known);
});
