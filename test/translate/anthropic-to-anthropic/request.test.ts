import * as fc from 'fast-check';
import { bodyOf, countedBody, COUNTED, countTokens, HOSTS, messages, REQUEST, sent, translatorTo } from './messages';
import { refusalOf as refusal, translated } from '../replay';

const BETAS = { 'anthropic-beta': 'interleaved-thinking-2025-05-14, context-1m-2025-08-07,,interleaved-thinking-2025-05-14' };
const BOTH = ['interleaved-thinking-2025-05-14', 'context-1m-2025-08-07'];

describe('to Anthropic', () => {
  test('the client\'s own bytes go upstream', () => {
    const request = messages('Anthropic', '{ "model": "a", "stream": true, "messages": [] }');
    expect(request.body).toBeUndefined();
    expect(request).toMatchObject({ method: 'POST', path: '/v1/messages', stream: true, dropped: [], removeHeaders: [] });
    expect(request.setHeaders).toEqual([['content-type', 'application/json'], ['anthropic-version', '2023-06-01']]);
  });

  test('with another model name, all else as it was', () => {
    expect(sent(messages('Anthropic', '{ "top_k": 12345678901234567890,\n"model" : "a", "x": 1.0 }', { upstreamModel: '"b" ü' })))
      .toBe('{ "top_k": 12345678901234567890,\n"model" : "\\"b\\" ü", "x": 1.0 }');
  });

  test('two models: the provider reads the one that was routed', () => {
    expect(sent(messages('Anthropic', '{"model":"cheap","model":"dear","x":1}'))).toBe('{"model":"dear","x":1}');
  });

  test('A26 version and betas are the client\'s own', () => {
    expect(messages('Anthropic', REQUEST, {}, { ...BETAS, 'anthropic-version': '2026-01-01' }).setHeaders)
      .toEqual([['content-type', 'application/json'], ['anthropic-version', '2026-01-01'], ['anthropic-beta', BOTH.join(',')]]);
  });

  test.each([[undefined, '/v1/messages'], ['', '/messages'], ['anthropic/v1', '/anthropic/v1/messages']])('version %p is the path\'s prefix', (version, path) => {
    const output = { schema: 'Anthropic' as const, version };
    expect(messages('Anthropic', REQUEST, { output }).path).toBe(path);
    expect(countTokens('Anthropic', COUNTED, { output }).path).toBe(`${path}/count_tokens`);
  });

  test('a count of tokens is never a stream', () => {
    const request = countTokens('Anthropic', { ...COUNTED, stream: true });
    expect([request.stream, request.body]).toEqual([false, undefined]);
  });
});

describe('to Bedrock', () => {
  test('model and stream go into the path, anthropic_version into the body, all else as it was', () => {
    const request = messages('AWSAnthropic', '{ "max_tokens": 1.0,\n"model" : "a:1" , "stream": true, "messages": [] }');
    expect(request).toMatchObject({
      path: '/model/a%3A1/invoke-with-response-stream',
      setHeaders: [['content-type', 'application/json'], ['accept', 'application/vnd.amazon.eventstream']],
      stream: true,
      dropped: [],
    });
    expect(sent(request)).toBe('{ "max_tokens": 1.0,\n"anthropic_version":"bedrock-2023-05-31" ,  "messages": [] }');
  });

  test.each([
    ['{"stream":false,"model":"a","x":1}', '{"anthropic_version":"bedrock-2023-05-31","x":1}'],
    ['{"model":"a","stream":true}', '{"anthropic_version":"bedrock-2023-05-31"}'],
    ['{"x":[","],"stream" : null\n,"model":"a"}', '{"x":[","],"anthropic_version":"bedrock-2023-05-31"}'],
    ['{"model":"a","x":{"stream":true,"model":"b"} , "stream":true}', '{"anthropic_version":"bedrock-2023-05-31","x":{"stream":true,"model":"b"} }'],
  ])('wherever they stand: %s', (body, expected) => {
    expect(sent(messages('AWSAnthropic', body))).toBe(expected);
  });

  test('A26 betas go into the body, and their header stays behind', () => {
    const request = messages('AWSAnthropic', REQUEST, {}, BETAS);
    expect(bodyOf('AWSAnthropic', request)).toMatchObject({ anthropic_version: 'bedrock-2023-05-31', anthropic_beta: BOTH });
    expect(request.removeHeaders).toEqual(expect.arrayContaining(['anthropic-beta', 'anthropic-version']));
    expect(request.setHeaders.map(([name]) => name)).not.toContain('anthropic-beta');
  });

  test('A26 betas that the body names are joined by those of the header', () => {
    const request = messages('AWSAnthropic', { ...REQUEST, anthropic_beta: ['a', 'context-1m-2025-08-07', 5] }, {}, BETAS);
    expect(bodyOf('AWSAnthropic', request).anthropic_beta).toEqual([...BOTH, 'a']);
  });

  test('a version of the backend\'s wins over the client\'s, which wins over the default', () => {
    const own = { ...REQUEST, anthropic_version: 'bedrock-2030' };
    expect(sent(messages('AWSAnthropic', own))).toContain('"anthropic_version":"bedrock-2030"');
    expect(sent(messages('AWSAnthropic', own, { output: { schema: 'AWSAnthropic', version: 'bedrock-2031' } }))).toContain('"anthropic_version":"bedrock-2031"');
  });

  test('B29 an ARN is one segment of the path', () => {
    expect(messages('AWSAnthropic', REQUEST, { upstreamModel: 'arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude' }).path)
      .toBe('/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fus.anthropic.claude/invoke');
  });

  test('tokens are counted of the whole InvokeModel body, by the foundation model', () => {
    const request = countTokens('AWSAnthropic', { ...COUNTED, model: 'a', system: 'Be brief.' }, { upstreamModel: 'us.anthropic.claude-haiku-4-5-20251001-v1:0' }, BETAS);
    expect(request.path).toBe('/model/anthropic.claude-haiku-4-5-20251001-v1%3A0/count-tokens');
    expect(countedBody(request)).toEqual({
      messages: COUNTED.messages, system: 'Be brief.', max_tokens: 1, anthropic_version: 'bedrock-2023-05-31', anthropic_beta: BOTH,
    });
  });

  test('tokens are counted with thinking, whose budget lies below max_tokens', () => {
    expect(countedBody(countTokens('AWSAnthropic', { ...COUNTED, thinking: { type: 'enabled', budget_tokens: 2048 } })).max_tokens).toBe(2049);
  });
});

describe('to Vertex AI', () => {
  test('the model goes into the path, anthropic_version into the body, all else as it was', () => {
    const request = messages('GCPAnthropic', '{"stream": true, "model":"a@1","messages": [] }');
    expect(request.path).toBe('/v1/projects/p/locations/us-east5/publishers/anthropic/models/a@1:streamRawPredict');
    expect(sent(request)).toBe('{"stream": true, "anthropic_version":"vertex-2023-10-16","messages": [] }');
    expect(messages('GCPAnthropic').path).toMatch(/:rawPredict$/);
  });

  test('A26 betas go into body and header', () => {
    const request = messages('GCPAnthropic', REQUEST, {}, BETAS);
    expect(bodyOf('GCPAnthropic', request)).toMatchObject({ anthropic_version: 'vertex-2023-10-16', anthropic_beta: BOTH });
    expect(request.setHeaders).toContainEqual(['anthropic-beta', BOTH.join(',')]);
    expect(request.removeHeaders).toEqual(['anthropic-version', 'anthropic-user-profile-id', 'anthropic-workspace-id']);
  });

  test('a body that is written anew keeps its stream', () => {
    expect(bodyOf('GCPAnthropic', messages('GCPAnthropic', { ...REQUEST, stream: true, service_tier: 'auto' }))).toMatchObject({ stream: true });
  });

  test('tokens are counted under a name of their own, with the model in the body', () => {
    const request = countTokens('GCPAnthropic', '{"model":"a","messages":[]}', { upstreamModel: 'b' });
    expect(request.path).toBe('/v1/projects/p/locations/us-east5/publishers/anthropic/models/count-tokens:rawPredict');
    expect(sent(request)).toBe('{"model":"b","anthropic_version":"vertex-2023-10-16","messages":[]}');
  });

  test('without project and region nothing can be asked', () => {
    expect(refusal(() => messages('GCPAnthropic', REQUEST, { gcp: undefined }))).toMatchObject({ status: 404, code: 'backend_incomplete' });
  });
});

describe.each(['AWSAnthropic', 'GCPAnthropic'] as const)('G21 what %s has no counterpart for', (host) => {
  const dropped = (request: object, context: object = {}, headers = {}) =>
    messages(host, { ...REQUEST, ...request }, context, headers).dropped.map(({ parameter }) => parameter);
  const refused = (request: object, context: object = {}) => refusal(() => messages(host, { ...REQUEST, ...request }, context));

  test('is dropped with a signal where the answer stays as it is', () => {
    const request = messages(host, { ...REQUEST, diagnostics: { previous_message_id: 'a' }, speed: 'fast' });
    expect(request.dropped.map(({ parameter }) => parameter)).toEqual(['diagnostics', 'speed']);
    expect(Object.keys(bodyOf(host, request)).sort()).toEqual(['anthropic_version', 'max_tokens', 'messages']);
  });

  test('is no loss where the value is what it does anyway', () => {
    for (const harmless of [{ speed: 'standard' }, { service_tier: 'auto' }, { service_tier: 'standard_only' }, { container: null }]) {
      const request = messages(host, { ...REQUEST, ...harmless }, { unsupportedParameters: 'Strict' });
      expect([request.dropped, Object.keys(bodyOf(host, request)).sort()]).toEqual([[], ['anthropic_version', 'max_tokens', 'messages']]);
    }
  });

  test('is refused where the answer would be another one', () => {
    expect(refused({ inference_geo: 'eu' })).toMatchObject({ status: 400, code: 'unsupported_parameter', param: 'inference_geo' });
    expect(refused({ container: 'container_1' })).toMatchObject({ status: 400, param: 'container' });
    expect(refused({ speed: 'fast' }, { unsupportedParameters: 'Strict' })).toMatchObject({ status: 400, param: 'speed' });
    expect(dropped({ inference_geo: 'eu', container: 'c' }, { unsupportedParameters: 'Lenient' })).toEqual(['inference_geo', 'container']);
  });

  test('as a header is dropped with a signal, too', () => {
    const headers = { 'anthropic-user-profile-id': 'up_1', 'anthropic-workspace-id': 'w_1' };
    expect(dropped({}, {}, headers)).toEqual(['user_profile_id', 'workspace_id']);
    expect(messages(host, REQUEST, {}, headers).removeHeaders).toEqual(expect.arrayContaining(Object.keys(headers)));
  });

  test('A27 tools of Anthropic\'s own and fields that nobody knows are sent, for the host to take or to refuse', () => {
    const tools = [{ type: 'web_search_20260209', name: 'web_search' }];
    expect(JSON.parse(sent(messages(host, { ...REQUEST, tools, context_management: { edits: [] }, x: 1 }))))
      .toMatchObject({ tools, context_management: { edits: [] }, x: 1 });
  });
});

test.each(HOSTS)('G17 to %s: a body that cannot be read is a 400', (host) => {
  for (const body of ['', '[]', '{"messages":[]}', '{"model":5}', '{"model":"a"', '{"model":"a","stream":"yes"}']) {
    expect(refusal(() => translated(translatorTo(host), body, { gcp: { project: 'p', region: 'r' } }))).toMatchObject({ status: 400 });
  }
});

test.each(['AWSAnthropic', 'GCPAnthropic'] as const)('G17 to %s: one that is nested too deeply to be written is a 400', (host) => {
  const depth = 200_000;
  expect(refusal(() => messages(host, `{"model":"a","speed":"fast","x":${'['.repeat(depth)}${']'.repeat(depth)}}`))).toMatchObject({ status: 400 });
});

test.each(HOSTS)('G15 G21 to %s: every field of any request arrives, known or not, whatever its value', (host) => {
  const { parameters } = translatorTo(host);
  const lost = Object.keys(parameters).filter((name) => !parameters[name].treatment.startsWith('mapped'));
  const elsewhere = ['model', 'stream', 'service_tier', 'anthropic_version', 'anthropic_beta', ...lost];
  const field = fc.oneof(fc.constantFrom(...Object.keys(parameters), 'a_new_field'), fc.string());
  const entry = fc.tuple(field.filter((name) => !elsewhere.includes(name) && name !== '__proto__'), fc.jsonValue());
  const own = fc.constantFrom<readonly [string, unknown]>(['model', 'a'], ['stream', true], ['stream', false], ['service_tier', 'auto']);
  fc.assert(fc.property(fc.array(fc.oneof(entry, own), { maxLength: 8 }), fc.boolean(), (entries, pretty) => {
    // GIVEN
    const given = { ...Object.fromEntries(entries), model: 'a' } as Readonly<Record<string, unknown>>;
    // WHEN
    const request = messages(host, JSON.stringify(given, null, pretty ? 2 : undefined), { upstreamModel: 'b' });
    // THEN
    const { model: _, stream, service_tier: tier, ...rest } = given;
    const isStream = stream === true && { stream };
    const expected = host === 'Anthropic' ? { ...rest, ...isStream, model: 'b', ...tier !== undefined && { service_tier: tier } }
      : host === 'AWSAnthropic' ? { ...rest, anthropic_version: 'bedrock-2023-05-31' } : { ...rest, ...isStream, anthropic_version: 'vertex-2023-10-16' };
    const { stream: sentStream, ...sentRest } = JSON.parse(sent(request)) as Readonly<Record<string, unknown>>;
    // `false` is what the host does anyway.
    expect({ ...sentRest, ...sentStream !== false && { stream: sentStream } }).toEqual(JSON.parse(JSON.stringify(expected)));
  }), { numRuns: 300 });
});
