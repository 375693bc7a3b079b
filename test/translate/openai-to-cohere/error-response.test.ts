import { chat, JSON_TYPE } from './cohere';
import { expectErrorTold, expectRefusedConnectionTold, expectUnknownErrorTold, NOTHING_SAID } from '../openai/error-answer';
import { bytesOf, replay } from '../replay';

test.each<[number, string, string | null, string]>([
  [400, 'invalid_request_error', null, 'invalid request: temperature must be between 0 and 1.0 inclusive.'],
  [401, 'authentication_error', null, 'invalid api token'],
  [404, 'invalid_request_error', 'not_found', 'model \'x\' not found'],
  [429, 'rate_limit_error', 'rate_limit_exceeded', 'You are using a Trial key, which is limited to 10 API calls / minute.'],
  [498, 'invalid_request_error', null, 'invalid token'],
  [500, 'server_error', null, 'internal server error, this has been reported to our developers.'],
])('G13 %s keeps its status and its words, at every cut', (status, type, code, message) => {
  for (const request of [{}, { stream: true }]) {
    const told = { error: { message, type, param: null, code }, failure: { status, code: null, message } };
    expectErrorTold(() => chat(request).response, { status, headers: JSON_TYPE, body: { id: 'f1', message }, ...told });
  }
});

test.each<[string, string, string]>([
  ['text/plain', ' upstream connect error ', 'upstream connect error'],
  ['application/json', '{"error":"busy"}', 'busy'],
  ['application/json', '{"error":{"message":"busy"}}', 'busy'],
  ['application/json', '{"data":"busy"}', 'busy'],
  ['text/html', '<h1>busy</h1>', NOTHING_SAID],
  ['application/json', '', NOTHING_SAID],
  ['application/json', '{"message":5}', NOTHING_SAID],
  ['text/plain', 'x'.repeat(70_000), NOTHING_SAID],
])('G14 what is no error of Cohere\'s keeps its status: %s %.40s', (type, body, message) => {
  expectUnknownErrorTold(chat({}).response, type, body, message);
});

test('an error that broke off is one, with its status; without any head it is a 502', () => {
  expect(replay(chat({}).response, 500, JSON_TYPE, [bytesOf('{"mess')], 'connection reset').failure).toEqual({ status: 500, code: 'upstream_broke_off', message: 'connection reset' });
  expectRefusedConnectionTold(chat({ stream: true }).response);
});
