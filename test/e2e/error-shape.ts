import assert from 'node:assert/strict';
import { Received } from './http-request';

/** Asserts that the answer is a whole error in OpenAI's shape; returns its code. */
export function errorCode(answer: Received): unknown {
  assert.match(answer.headers['content-type'] ?? '', /^application\/json/);
  assert.ok(answer.whole);
  const { error } = JSON.parse(answer.text) as { error: { message: unknown; type: unknown; param: unknown; code: unknown } };
  assert.deepEqual(Object.keys(error).sort(), ['code', 'message', 'param', 'type']);
  assert.equal(typeof error.message, 'string');
  assert.equal(typeof error.type, 'string');
  return error.code;
}
