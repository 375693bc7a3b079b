import { anthropicToBedrockCountTokens } from '../../../src/translate/anthropic-to-bedrock/translator';
import { TranslationContext } from '../../../src/translate/translator';
import { shapeComplaint } from '../../providers/converse-shape';
import { witness } from '../anthropic-to-openai/witness';
import { CLAUDE_45, JSON_TYPE } from '../openai-to-bedrock/converse';
import { bytesOf, everySplit, replay, textOf, translated } from '../replay';

const count = (more: object = {}, context: Partial<TranslationContext> = {}) =>
  translated(anthropicToBedrockCountTokens, { model: CLAUDE_45, messages: [{ role: 'user', content: 'Hi' }], ...more }, context);
const bodyOf = (more: object) => (JSON.parse(textOf(count(more).body ?? new Uint8Array(0))) as { input: { converse: Record<string, unknown> } }).input.converse;
const answered = (status: number, body: string, headers: Readonly<Record<string, string>> = JSON_TYPE, broken?: string) =>
  replay(count().response, status, headers, [bytesOf(body)], broken);

test('asks CountTokens of the foundation model about what Converse would get', () => {
  expect(count()).toMatchObject({ method: 'POST', path: '/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/count-tokens', stream: false });
  const converse = bodyOf({
    system: 'Be brief.',
    tools: [{ name: 'f', input_schema: { type: 'object' } }],
    tool_choice: { type: 'any' },
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi', cache_control: { type: 'ephemeral' } }] }],
  });
  expect(converse).toEqual({
    system: [{ text: 'Be brief.' }],
    messages: [{ role: 'user', content: [{ text: 'Hi' }, { cachePoint: { type: 'default' } }] }],
    toolConfig: { tools: [{ toolSpec: { name: 'f', inputSchema: { json: { type: 'object' } } } }], toolChoice: { any: {} } },
  });
  expect(shapeComplaint(converse)).toBeUndefined();
});

test('no field of an answer is needed, and none is sent', () => {
  expect(Object.keys(bodyOf({ max_tokens: 5, temperature: 1 }))).toEqual(['messages']);
  expect(count({ max_tokens: 5 }).dropped.map(({ parameter }) => parameter)).toEqual(['max_tokens']);
});

test('the answer is Anthropic\'s, at every cut', () => {
  for (const chunks of everySplit(bytesOf('{"inputTokens":42}'))) {
    expect(replay(count().response, 200, JSON_TYPE, chunks)).toEqual({
      head: { status: 200, setHeaders: [['content-type', 'application/json']], removeHeaders: [], bodyUnchanged: false }, text: '{"input_tokens":42}', usage: undefined, failure: undefined,
    });
  }
});

test('B30 an error has Anthropic\'s envelope', () => {
  const { head, text, failure } = answered(400, '{"message":"The model does not support counting"}', { ...JSON_TYPE, 'x-amzn-errortype': 'ValidationException:http://x' });
  expect([head.status, JSON.parse(text)]).toEqual([400, {
    type: 'error', error: { type: 'invalid_request_error', message: 'The model does not support counting', details: { error_code: 'ValidationException' } },
  }]);
  expect(failure).toMatchObject({ status: 400, code: 'ValidationException' });
});

test.each([['{}'], ['x'], ['null'], ['{"inputTokens":"4"}'], ['{"inputTokens":-1}']])('an answer of %s is an error', (body) => {
  const { text, failure } = answered(200, body);
  expect([JSON.parse(text), failure?.status]).toMatchObject([{ type: 'error', error: { type: 'api_error' } }, 502]);
});

test('one that breaks off is an error, too', () => {
  expect(answered(200, '{"inputTok', JSON_TYPE, 'reset')).toMatchObject({ failure: { status: 502, message: 'reset' }, text: expect.stringContaining('"type":"error"') as unknown });
  expect(answered(500, '', JSON_TYPE, 'reset')).toMatchObject({ failure: { status: 500, message: 'reset' } });
});

test('the official client reads it', async () => {
  const { client } = witness(anthropicToBedrockCountTokens, 200, JSON_TYPE, bytesOf('{"inputTokens":42}'));
  expect((await client.messages.countTokens({ model: CLAUDE_45, messages: [{ role: 'user', content: 'Hi' }] })).input_tokens).toBe(42);
});
