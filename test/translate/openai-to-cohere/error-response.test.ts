import { chat, JSON_TYPE } from './cohere';
import { bytesOf, everySplit, Replayed, replay } from '../replay';

function refused(status: number, headers: Readonly<Record<string, string>>, body: string, request: object = {}, broken?: string): Replayed {
  return replay(chat(request).response, status, headers, [bytesOf(body)], broken);
}

const errorIn = ({ text }: Replayed): unknown => (JSON.parse(text) as { readonly error: unknown }).error;

test.each<[number, string, string | null, string]>([
  [400, 'invalid_request_error', null, 'invalid request: temperature must be between 0 and 1.0 inclusive.'],
  [401, 'authentication_error', null, 'invalid api token'],
  [404, 'invalid_request_error', 'not_found', 'model \'x\' not found'],
  [429, 'rate_limit_error', 'rate_limit_exceeded', 'You are using a Trial key, which is limited to 10 API calls / minute.'],
  [498, 'invalid_request_error', null, 'invalid token'],
  [500, 'server_error', null, 'internal server error, this has been reported to our developers.'],
])('G13 %s keeps its status and its words, at every cut', (status, type, code, message) => {
  for (const request of [{}, { stream: true }]) {
    for (const chunks of everySplit(bytesOf(JSON.stringify({ id: 'f1', message })))) {
      const replayed = replay(chat(request).response, status, JSON_TYPE, chunks);
      expect(replayed.head).toMatchObject({ status, setHeaders: [['content-type', 'application/json']] });
      expect(errorIn(replayed)).toEqual({ message, type, param: null, code });
      expect(replayed.failure).toEqual({ status, code: null, message });
    }
  }
});

test.each<[string, string, string]>([
  ['text/plain', ' upstream connect error ', 'upstream connect error'],
  ['application/json', '{"error":"busy"}', 'busy'],
  ['application/json', '{"error":{"message":"busy"}}', 'busy'],
  ['application/json', '{"data":"busy"}', 'busy'],
  ['text/html', '<h1>busy</h1>', 'the provider answered 503 without an error message'],
  ['application/json', '', 'the provider answered 503 without an error message'],
  ['application/json', '{"message":5}', 'the provider answered 503 without an error message'],
  ['text/plain', 'x'.repeat(70_000), 'the provider answered 503 without an error message'],
])('G14 what is no error of Cohere\'s keeps its status: %s %.40s', (type, body, message) => {
  const replayed = refused(503, { 'content-type': type }, body);
  expect([replayed.head.status, errorIn(replayed)]).toEqual([503, { message, type: 'server_error', param: null, code: null }]);
});

test('an error that broke off is one, with its status; without any head it is a 502', () => {
  expect(refused(500, JSON_TYPE, '{"mess', {}, 'connection reset').failure).toEqual({ status: 500, code: 'upstream_broke_off', message: 'connection reset' });
  const { response } = chat({ stream: true });
  expect(new TextDecoder().decode(response.fail('connection refused'))).toContain('"connection refused"');
  expect(response.failure).toMatchObject({ status: 502, code: 'upstream_broke_off' });
});
