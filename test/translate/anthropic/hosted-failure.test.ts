import * as fc from 'fast-check';
import { hostedEventFailure, hostedFailure } from '../../../src/translate/anthropic/hosted-failure';
import { bytesOf } from '../replay';

const head = (status: number, headers: Readonly<Record<string, string>> = {}) => ({ status, header: (name: string) => headers[name] });

test('the host\'s own words, type and id', () => {
  expect(hostedFailure(head(400), bytesOf('{"type":"error","error":{"type":"invalid_request_error","message":"no"},"request_id":"r"}')))
    .toEqual({ status: 400, code: 'invalid_request_error', message: 'no', type: 'invalid_request_error', requestId: 'r' });
  expect(hostedFailure(head(429, { 'x-amzn-errortype': 'ThrottlingException:http://x/', 'x-amzn-requestid': 'a' }), bytesOf('{"message":"busy"}')))
    .toEqual({ status: 429, code: 'ThrottlingException', message: 'busy', requestId: 'a' });
});

test('B30 V17 Google\'s status is the code, in an array as well', () => {
  const error = '{"error":{"code":429,"message":"quota","status":"RESOURCE_EXHAUSTED","details":[]}}';
  for (const body of [error, `[${error}]`, `[\n${error}\n]`]) {
    expect(hostedFailure(head(429), bytesOf(body))).toEqual({ status: 429, code: 'RESOURCE_EXHAUSTED', message: 'quota' });
  }
});

test('A24 an event in the body of an error', () => {
  expect(hostedFailure(head(400, { 'content-type': 'text/event-stream' }), bytesOf('event: error\r\ndata: {"type":"error","error":{"type":"x","message":"no"}}')))
    .toMatchObject({ status: 400, code: 'x', message: 'no' });
  expect(hostedFailure(head(500), bytesOf('event: error\ndata: broken off'))).toMatchObject({ status: 500, code: null });
});

test.each(['', 'null', '[]', '{}', '[null]', '{"error":null}', '{"error":{"message":5}}', '<a/>', '"x"'])('nothing usable in %j: the status only', (body) => {
  expect(hostedFailure(head(418), bytesOf(body)).message).toBe('the provider answered 418 without an error message');
});

test.each([
  ['{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}', 529], ['{"type":"error","error":{"type":"timeout_error","message":"x"}}', 504],
  ['{"error":{"code":503,"message":"x","status":"UNAVAILABLE"}}', 503], ['{"error":{"code":"nope","message":"x"}}', 502], ['{"message":"x"}', 502], ['', 502],
])('an event %s stands for status %d', (data, status) => {
  expect(hostedEventFailure(data).status).toBe(status);
});

test('G17 whatever was said, nothing is thrown, and there is a message', () => {
  const json = fc.oneof(fc.jsonValue(), fc.record({ error: fc.jsonValue(), message: fc.jsonValue(), __type: fc.jsonValue(), request_id: fc.jsonValue() }));
  fc.assert(fc.property(fc.oneof(json.map((value) => JSON.stringify(value)), fc.string()), (text) => {
    expect(hostedFailure(head(500), bytesOf(text)).message.trim()).not.toBe('');
    expect(hostedEventFailure(text).message.trim()).not.toBe('');
  }), { numRuns: 300 });
});
