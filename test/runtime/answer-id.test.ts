import { answerId } from '../../src/runtime/answer-id';

test('prefix and 32 hex digits, never the same', () => {
  const ids = Array.from({ length: 2_000 }, () => answerId('chatcmpl-'));
  expect(ids.every((id) => /^chatcmpl-[0-9a-f]{32}$/.test(id))).toBe(true);
  expect(new Set(ids).size).toBe(2_000);
});
