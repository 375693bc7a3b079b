import type OpenAI from 'openai';
import { COMPATIBLE_SERVERS, CompatibleServer, fieldFacts } from '../../../src/translate/catalog/compatible-servers';
import { foundFields, outrightRefusal } from '../../../src/translate/catalog/field-fact';
import { openAiToOpenAiChat, openAiToOpenAiCompletions } from '../../../src/translate/openai-to-openai/translator';

type Message = OpenAI.ChatCompletionMessageParam;

const servers = Object.entries<CompatibleServer>(COMPATIBLE_SERVERS);
const ask: Message = { role: 'user', content: 'Hello' };
const found = (host: string, body: object) => foundFields(fieldFacts(host), { model: 'm', messages: [ask], ...body }).map(({ field, fact }) => [field, fact.effect]);

test.each(servers)('%s: every fact has a field of chats or completions, a source and a month', (_, { fields }) => {
  const known = { ...openAiToOpenAiChat.parameters, ...openAiToOpenAiCompletions.parameters };
  for (const fact of fields) {
    expect(fact.fields.length).toBeGreaterThan(0);
    for (const field of fact.fields) expect(known).toHaveProperty([field.split(/[.[]/)[0]]);
    expect(fact.source).toMatch(/^(?:npm \S+ [\d.]+, |[a-z0-9.-]+\.[a-z]+\/)\S+$/);
    expect(fact.asOf).toMatch(/^20\d\d-(?:0[1-9]|1[0-2])$/);
    expect([fact.effect, fact.effect === 'changed' && fact.note === undefined]).toEqual([fact.effect, false]);
  }
});

test.each(servers)('%s: what each request is sent without is refused for certain', (_, { fields, removes = [] }) => {
  for (const field of removes) expect(outrightRefusal(fields, field, 'any')).toBeDefined();
});

test('each field of a request is found once, with the values that it is about', () => {
  expect(found('api.groq.com', { n: 2, logit_bias: { 50256: -100 }, messages: [ask, { ...ask, name: 'a' }, { ...ask, name: 'b' }] })).toEqual([
    ['logit_bias', 'refused'], ['messages[].name', 'refused'], ['n', 'refused'],
  ]);
  expect(found('api.groq.com', { n: 1, temperature: 0.5, logprobs: null })).toEqual([]);
  expect(found('api.groq.com', { temperature: 0 })).toEqual([['temperature', 'changed']]);
  expect(found('api.deepseek.com', { response_format: { type: 'json_object' }, tool_choice: 'auto', reasoning_effort: 'high' })).toEqual([]);
  expect(found('api.deepseek.com', { response_format: { type: 'json_schema' }, tool_choice: { type: 'function' }, reasoning_effort: 'medium' })).toEqual([
    ['response_format', 'refused'], ['tool_choice', 'refused'], ['reasoning_effort', 'changed'],
  ]);
  expect(found('api.mistral.ai', { service_tier: 'standard_only' })).toEqual([]);
  expect(found('api.mistral.ai', { service_tier: 'flex', metadata: { a: 'b' } })).toEqual([['service_tier', 'refused']]);
});

test('of other hosts nothing is known, and a body that is no object has no field', () => {
  expect(fieldFacts(undefined)).toEqual([]);
  expect(fieldFacts('llama.models.svc.cluster.local')).toEqual([]);
  for (const body of [undefined, null, 'text', 1, []]) expect(foundFields(fieldFacts('api.groq.com'), body)).toEqual([]);
  expect(foundFields(fieldFacts('api.groq.com'), { messages: 'none' })).toEqual([]);
});

test('outright is what neither a model nor another value can change', () => {
  const refusal = (host: string, field: string, value: unknown) => outrightRefusal(fieldFacts(host), field, value)?.source;
  expect(refusal('api.groq.com', 'n', 2)).toBe('console.groq.com/docs/openai');
  expect(refusal('api.groq.com', 'n', 1)).toBeUndefined();
  expect(refusal('api.groq.com', 'temperature', 0)).toBeUndefined();
  expect(refusal('api.groq.com', 'store', true)).toBeUndefined();
  expect(refusal('api.x.ai', 'stop', ['a'])).toBeUndefined();
  expect(refusal('api.x.ai', 'presence_penalty', 0)).toBeDefined();
});
