import { chat, JSON_TYPE } from './gemini';
import { errorIn, expectErrorTold, expectRefusedConnectionTold, expectUnknownErrorTold, NOTHING_SAID } from '../openai/error-answer';
import { bytesOf, Replayed, replay } from '../replay';

function refused(status: number, headers: Readonly<Record<string, string>>, body: string, request: object = {}, broken?: string): Replayed {
  return replay(chat(request).response, status, headers, [bytesOf(body)], broken);
}

test.each<[number, string, string, string]>([
  [400, 'INVALID_ARGUMENT', 'invalid_request_error', 'Request contains an invalid argument.'],
  [401, 'UNAUTHENTICATED', 'authentication_error', 'Request had invalid authentication credentials.'],
  [403, 'PERMISSION_DENIED', 'permission_error', 'Permission denied on resource.'],
  [404, 'NOT_FOUND', 'invalid_request_error', 'Publisher Model was not found.'],
  [429, 'RESOURCE_EXHAUSTED', 'rate_limit_error', 'Resource exhausted. Please try again later.'],
  [500, 'INTERNAL', 'server_error', 'Internal error encountered.'],
  [503, 'UNAVAILABLE', 'server_error', 'The service is currently unavailable.'],
])('G13 V17 %s %s keeps its status, its name is the code, plain and in an array, at every cut', (status, name, type, message) => {
  const body = { error: { code: status, message, status: name, details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', 'reason': 'X' }] } };
  for (const [request, json] of [[{}, body], [{ stream: true }, [body]]] as const) {
    const told = { error: { message, type, param: null, code: name }, failure: { status, code: name, message } };
    expectErrorTold(() => chat(request).response, { status, headers: JSON_TYPE, body: json, ...told });
  }
});

test('V18 a 429 without retry-after is a failure of that status, so another backend may answer', () => {
  expect(refused(429, {}, '{"error":{"code":429,"message":"x","status":"RESOURCE_EXHAUSTED"}}').failure).toMatchObject({ status: 429 });
  expect(errorIn(refused(429, {}, ''))).toMatchObject({ type: 'rate_limit_error', code: 'rate_limit_exceeded' });
});

test('an error of OAuth\'s', () => {
  expect(refused(401, JSON_TYPE, '{"error":"invalid_grant","error_description":"Bad Request"}').failure).toEqual({ status: 401, code: 'invalid_grant', message: 'Bad Request' });
});

describe('G14 what is no JSON of Google\'s keeps its status', () => {
  test.each<[string, string, string]>([
    ['text/plain', ' upstream connect error ', 'upstream connect error'], ['text/html', '<h1>busy</h1>', NOTHING_SAID], ['', '<!DOCTYPE html>', NOTHING_SAID],
    ['application/json', '', NOTHING_SAID], ['application/json', '{}', NOTHING_SAID], ['application/json', '{"error":{}}', NOTHING_SAID], ['application/json', '{"error":null}', NOTHING_SAID],
    ['application/json', '[]', NOTHING_SAID], ['application/json', '[null]', NOTHING_SAID], ['application/json', '{"error":{"message":5,"code":"x","status":7}}', NOTHING_SAID],
    ['text/plain', 'x'.repeat(2000), 'x'.repeat(1000)], ['text/plain', 'x'.repeat(70_000), NOTHING_SAID],
  ])('%s %.40s', (type, body, message) => {
    expectUnknownErrorTold(chat({}).response, type, body, message);
  });
});

test('an error that broke off is one, with its status', () => {
  expect(refused(500, JSON_TYPE, '{"err', {}, 'connection reset').failure).toEqual({ status: 500, code: 'upstream_broke_off', message: 'connection reset' });
});

test('an answer without any head is a 502', () => {
  expectRefusedConnectionTold(chat({ stream: true }).response);
});
