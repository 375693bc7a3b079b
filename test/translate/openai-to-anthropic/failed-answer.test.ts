import { chat, fixtureText, HOSTS, JSON_TYPE } from './claude';
import { ClaudeHost } from '../../../src/translate/anthropic/hosted-target';
import { errorIn, expectErrorTold, expectRefusedConnectionTold, expectUnknownErrorTold, NOTHING_SAID } from '../openai/error-answer';
import { bytesOf, Replayed, replay } from '../replay';

function refused(host: ClaudeHost, status: number, headers: Readonly<Record<string, string>>, body: string, request: object = {}, broken?: string): Replayed {
  return replay(chat(request, { host }).response, status, headers, [bytesOf(body)], broken);
}

test.each<[number, string, string]>([
  [400, 'invalid_request_error', 'invalid_request_error'], [401, 'authentication_error', 'authentication_error'], [403, 'permission_error', 'permission_error'],
  [404, 'not_found_error', 'invalid_request_error'], [413, 'request_too_large', 'invalid_request_error'], [429, 'rate_limit_error', 'rate_limit_error'],
  [500, 'api_error', 'server_error'], [504, 'timeout_error', 'server_error'], [529, 'overloaded_error', 'server_error'],
])('G13 Anthropic\'s %s %s keeps its status, its type is the code, at every cut', (status, code, type) => {
  const message = 'as it was said';
  const body = { type: 'error', error: { type: code, message }, request_id: 'req_1' };
  for (const request of [{}, { stream: true }]) {
    expectErrorTold(() => chat(request).response, { status, headers: JSON_TYPE, body, error: { message, type, param: null, code }, failure: { status, code, message } });
  }
});

test('A23 overloaded before any output keeps its 529', () => {
  expect(refused('Anthropic', 529, JSON_TYPE, fixtureText('error-529.json'), { stream: true }).failure).toEqual({ status: 529, code: 'overloaded_error', message: 'Overloaded' });
});

test('an exception of AWS is told by its name', () => {
  const replayed = refused('AWSAnthropic', 429, { ...JSON_TYPE, 'x-amzn-errortype': 'ThrottlingException:http://internal.amazon.com/' }, '{"message":"Too many tokens"}');
  expect(errorIn(replayed)).toEqual({ message: 'Too many tokens', type: 'rate_limit_error', param: null, code: 'ThrottlingException' });
});

test.each([
  '{"error":{"code":429,"message":"Quota exceeded","status":"RESOURCE_EXHAUSTED"}}', '[{"error":{"code":429,"message":"Quota exceeded","status":"RESOURCE_EXHAUSTED"}}]',
])('an error of Google\'s is told by its status: %s', (body) => {
  expect(errorIn(refused('GCPAnthropic', 429, JSON_TYPE, body))).toEqual({ message: 'Quota exceeded', type: 'rate_limit_error', param: null, code: 'RESOURCE_EXHAUSTED' });
});

test('A24 the text of an error event with another status than 200 is an error', () => {
  const body = 'event: error\ndata: {"type":"error","error":{"type":"invalid_request_error","message":"messages: roles must alternate"}}\n\n';
  for (const type of ['text/event-stream', 'application/json']) {
    expect(errorIn(refused('GCPAnthropic', 400, { 'content-type': type }, body, { stream: true })))
      .toEqual({ message: 'messages: roles must alternate', type: 'invalid_request_error', param: null, code: 'invalid_request_error' });
  }
});

describe.each(HOSTS)('G14 what is no JSON of %s keeps its status', (host) => {
  test.each<[string, string, string]>([
    ['text/plain', ' upstream connect error ', 'upstream connect error'], ['text/html', '<h1>busy</h1>', NOTHING_SAID], ['', '<h1>busy</h1>', NOTHING_SAID],
    ['application/json', '', NOTHING_SAID], ['application/json', '{}', NOTHING_SAID], ['application/json', '[]', NOTHING_SAID], ['text/plain', 'x'.repeat(70_000), NOTHING_SAID],
  ])('%s %.20s', (type, body, message) => {
    expectUnknownErrorTold(chat({}, { host }).response, type, body, message);
  });
});

test('an error that broke off is one, with its status; an answer without any head is a 502', () => {
  expect(refused('Anthropic', 500, JSON_TYPE, '{"mess', {}, 'connection reset').failure).toEqual({ status: 500, code: 'upstream_broke_off', message: 'connection reset' });
  expectRefusedConnectionTold(chat({ stream: true }).response);
});
