import { chat, JSON_TYPE } from './converse';
import { errorIn, expectErrorTold, expectRefusedConnectionTold, expectUnknownErrorTold, NOTHING_SAID } from '../openai/error-answer';
import { bytesOf, Replayed, replay } from '../replay';

function refused(status: number, headers: Readonly<Record<string, string>>, body: string, request: object = {}, broken?: string): Replayed {
  return replay(chat(request).response, status, headers, [bytesOf(body)], broken);
}

test.each<[number, string, string, string]>([
  [400, 'ValidationException', 'invalid_request_error', 'messages.1: text must not be blank'],
  [403, 'AccessDeniedException', 'permission_error', 'You don\'t have access to the model.'],
  [404, 'ResourceNotFoundException', 'invalid_request_error', 'Could not resolve the model.'],
  [408, 'ModelTimeoutException', 'invalid_request_error', 'The model took too long.'],
  [424, 'ModelErrorException', 'invalid_request_error', 'The model failed.'],
  [429, 'ThrottlingException', 'rate_limit_error', 'Too many tokens, please wait before trying again.'],
  [500, 'InternalServerException', 'server_error', 'Internal.'],
  [503, 'ServiceUnavailableException', 'server_error', 'Too many connections.'],
])('G13 %s %s keeps its status, its name is the code, at every cut', (status, name, type, message) => {
  for (const request of [{}, { stream: true }]) {
    const headers = { ...JSON_TYPE, 'x-amzn-errortype': name };
    const told = { error: { message, type, param: null, code: name }, failure: { status, code: name, message } };
    expectErrorTold(() => chat(request).response, { status, headers, body: { message }, ...told });
  }
});

test.each<[string, Readonly<Record<string, string>>, string, string]>([
  ['a header with an address behind it', { 'x-amzn-errortype': 'ThrottlingException:http://internal.amazon.com/coral/' }, '{"message":"x"}', 'ThrottlingException'],
  ['a type in the body', {}, '{"__type":"com.amazon.coral.service#UnrecognizedClientException","message":"x"}', 'UnrecognizedClientException'],
  ['a header in lower camel case', { 'x-amzn-errortype': 'throttlingException' }, '{"message":"x"}', 'ThrottlingException'],
])('the name comes from %s', (_, headers, body, code) => {
  expect(refused(400, headers, body).failure).toEqual({ status: 400, code, message: 'x' });
});

test('IAM\'s denials have a capital Message', () => {
  expect(refused(403, { 'x-amzn-errortype': 'AccessDeniedException' }, '{"Message":"User is not authorized"}').failure?.message).toBe('User is not authorized');
});

describe('G14 what is no JSON of Bedrock\'s keeps its status', () => {
  test.each<[string, string, string]>([
    ['text/plain', ' upstream connect error ', 'upstream connect error'],
    ['text/html', '<h1>busy</h1>', NOTHING_SAID],
    ['', '<h1>busy</h1>', NOTHING_SAID],
    ['application/json', '', NOTHING_SAID],
    ['application/json', '{}', NOTHING_SAID],
    ['application/json', '{"message":5}', NOTHING_SAID],
    ['application/json', '[]', NOTHING_SAID],
    ['text/plain', 'x'.repeat(2000), 'x'.repeat(1000)],
    ['text/plain', 'x'.repeat(70_000), NOTHING_SAID],
  ])('%s', (type, body, message) => {
    expectUnknownErrorTold(chat({}).response, type, body, message);
  });

  test('a 429 without a name has OpenAI\'s code for it', () => {
    expect(errorIn(refused(429, {}, ''))).toMatchObject({ type: 'rate_limit_error', code: 'rate_limit_exceeded' });
  });
});

test('an error that broke off is one, with its status', () => {
  const replayed = refused(500, JSON_TYPE, '{"mess', {}, 'connection reset');
  expect([replayed.failure, errorIn(replayed)]).toEqual([
    { status: 500, code: 'upstream_broke_off', message: 'connection reset' },
    { message: 'connection reset', type: 'server_error', param: null, code: 'upstream_broke_off' },
  ]);
});

test('an answer without any head is a 502', () => {
  expectRefusedConnectionTold(chat({ stream: true }).response);
});
