import { UnsupportedParameters } from '../../../src/resources/llm-route';
import { ModelEntry } from '../../../src/resources/model-entry';
import { OutputSchemaName } from '../../../src/resources/schema-name';
import { findTranslator } from '../../../src/translate/registry';
import { RequestError } from '../../../src/translate/request-error';
import { readRequestBody } from '../../../src/translate/scan-request-body';
import { Endpoint } from '../../../src/translate/translator';

const MODELS: ReadonlyArray<readonly [output: OutputSchemaName, model: string]> = [
  ['Anthropic', 'claude-sonnet-4-6'], ['AWSBedrock', 'anthropic.claude-sonnet-4-6-v1:0'], ['AWSAnthropic', 'anthropic.claude-sonnet-4-6-v1:0'],
  ['GCPVertexAI', 'gemini-3-flash'], ['GCPAnthropic', 'claude-sonnet-4-6'], ['Cohere', 'command-a-reasoning-08-2025'],
];
const SCHEMA = { name: 'answer', schema: { type: 'object', properties: { animal: { type: 'string' } }, required: ['animal'] } };
const CHAT = { model: 'asked-for', messages: [{ role: 'user', content: 'Which animal?' }], max_completion_tokens: 30_000 };

function sent(output: OutputSchemaName, model: string, fields: object, capabilities: ModelEntry['capabilities'], mode: UnsupportedParameters = 'Safe', endpoint: Endpoint = 'ChatCompletions') {
  const translated = findTranslator('OpenAI', output, endpoint)!.translate(readRequestBody(Buffer.from(JSON.stringify(fields))), {
    endpoint,
    requestedModel: 'asked-for',
    upstreamModel: model,
    modelEntry: { name: model, capabilities },
    output: { schema: output },
    gcp: { project: 'p', region: 'us-central1' },
    unsupportedParameters: mode,
    clientHeader: () => undefined,
    environment: { now: () => 0, id: (prefix) => `${prefix}1` },
  });
  return { body: Buffer.from(translated.body!).toString(), dropped: translated.dropped };
}

describe.each(MODELS)('%s', (output, model) => {
  test('a model that is said not to reason is not told to', () => {
    const fields = { ...CHAT, reasoning_effort: 'high' };
    const plain = sent(output, model, CHAT, ['Tools']).body;
    expect(sent(output, model, fields, ['Tools'])).toEqual({ body: plain, dropped: [{ parameter: 'reasoning_effort', reason: 'this model does not reason' }] });
    expect(sent(output, model, fields, ['Tools', 'Reasoning']).body).not.toBe(plain);
    expect(sent(output, model, fields, undefined).body).not.toBe(plain);
    expect(() => sent(output, model, fields, ['Tools'], 'Strict')).toThrow(RequestError);
  });

  test('a schema for an answer is refused where a model is said to take none', () => {
    const fields = { ...CHAT, response_format: { type: 'json_schema', json_schema: SCHEMA } };
    expect(() => sent(output, model, fields, ['Reasoning'])).toThrow(expect.objectContaining({
      status: 400, param: 'response_format', message: expect.stringContaining('this model takes no schema for its answer') as string,
    }) as Error);
    expect(sent(output, model, fields, ['Reasoning'], 'Lenient')).toEqual({
      body: sent(output, model, CHAT, ['Reasoning']).body, dropped: [{ parameter: 'response_format', reason: 'this model takes no schema for its answer' }],
    });
    expect(sent(output, model, fields, ['JsonSchema']).body).toContain('animal');
    expect(sent(output, model, fields, undefined).body).toContain('animal');
  });
});

test('the Responses API gets the same, in its own words', () => {
  const request = { model: 'asked-for', input: 'Which animal?', max_output_tokens: 30_000 };
  const [output, model] = MODELS[0];
  expect(sent(output, model, { ...request, reasoning: { effort: 'high' } }, [], 'Safe', 'Responses').dropped).toEqual([{ parameter: 'reasoning.effort', reason: 'this model does not reason' }]);
  expect(() => sent(output, model, { ...request, text: { format: { type: 'json_schema', ...SCHEMA } } }, [], 'Safe', 'Responses')).toThrow(expect.objectContaining({ param: 'text.format' }) as Error);
});
