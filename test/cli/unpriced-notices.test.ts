import { unpricedNotices } from '../../src/cli/unpriced-notices';
import { RequestRecord } from '../../src/runtime/request-record';

const record = (more: Partial<RequestRecord>): RequestRecord => ({
  modelKnown: true, stream: false, status: 200, outcome: 'completed', unpriced: true, droppedParameters: [], duration: 1, backend: 'llm/own', upstreamModel: 'llama', ...more,
});

test('each backend and model is named once, and nothing else', () => {
  const notice = unpricedNotices();
  expect(notice(record({ unpriced: false }))).toBeUndefined();
  expect(notice(record({}))).toBe('no price list has model llama of LLMBackend llm/own: budgets of money do not count its requests');
  expect(notice(record({}))).toBeUndefined();
  expect(notice(record({ upstreamModel: 'other' }))).toContain('model other');
});

test('names without end are not kept', () => {
  const notice = unpricedNotices();
  const said = Array.from({ length: 2_000 }, (_, index) => notice(record({ upstreamModel: `m${index}` }))).filter((text) => text !== undefined);
  expect(said).toHaveLength(1_000);
});
