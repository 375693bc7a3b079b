import { chat, CONFIGURATION, DrivenExchange, errorOf, headOf, OPENAI_KEY, text } from './driven-exchange';
import { Answer, Forward, NeedBody, RequestHead } from '../../src/runtime/exchange';
import { LlmEngine } from '../../src/runtime/llm-engine';
import { openAiToOpenAiChat } from '../../src/translate/openai-to-openai/translator';

const lastValue = (pairs: Forward['setHeaders'], name: string) => pairs.filter(([key]) => key === name).at(-1)?.[1];

describe('decided in the head', () => {
  test('GET /v1/models lists the route\'s exact models', async () => {
    const driven = new DrivenExchange();
    const answer = await driven.answer('', headOf({ method: 'GET', path: '/v1/models?limit=9', endOfStream: true }));
    expect([answer.status, answer.headers, answer.details]).toEqual([200, [['content-type', 'application/json']], 'llm_models']);
    expect((JSON.parse(text(answer.body)) as { data: Array<{ id: string }> }).data.map(({ id }) => id)).toEqual(
      ['gpt', 'alias', 'claude', 'strict', 'edited', 'nokey', 'caller', 'gone', 'tenant']);
    const record = driven.close();
    expect([record.status, record.endpoint, record.errorCode, record.modelKnown]).toEqual([200, 'Models', undefined, false]);
  });

  test.each<[string, Partial<RequestHead>, Record<string, string>, number, string]>([
    ['an HTTPRoute without LLMRoute', { httpRoute: 'default/other' }, {}, 404, 'not_found'],
    ['no HTTPRoute that takes it', { httpRoute: undefined, path: '/elsewhere' }, {}, 404, 'not_found'],
    ['an unknown path', { path: '/v1/nothing?x=1' }, {}, 404, 'unknown_endpoint'],
    ['another method', { method: 'GET' }, {}, 405, 'method_not_allowed'],
    ['a body that is compressed', {}, { 'content-encoding': 'gzip' }, 415, 'unsupported_content_encoding'],
    ['a body that is compressed twice', {}, { 'content-encoding': 'identity, br' }, 415, 'unsupported_content_encoding'],
    ['no body', { endOfStream: true }, {}, 400, 'missing_body'],
    ['the header of HTTPRoute mode', {}, { 'x-envoy-ai-gateway-llm-model': 'gpt' }, 400, 'invalid_header'],
    ['the header of HTTPRoute mode on a GET', { method: 'GET', path: '/v1/models', endOfStream: true }, { 'x-envoy-ai-gateway-llm-model': 'gpt' }, 400, 'invalid_header'],
  ])('%s', async (_, more, headers, status, code) => {
    const driven = new DrivenExchange();
    const answer = await driven.answer('', headOf(more, headers));
    expect([answer.status, errorOf(answer).code, answer.details]).toEqual([status, code, `llm_${code}`]);
    expect(answer.headers).toContainEqual(['content-type', 'application/json']);
    expect(driven.close()).toMatchObject({ status, errorCode: code, outcome: 'completed' });
  });

  test.each<[Partial<RequestHead>, string]>([
    [{ method: 'GET' }, 'POST'], [{ method: 'PUT', path: '/v1/chat/completions?a=1' }, 'POST'], [{ method: 'OPTIONS' }, 'POST'], [{ method: 'HEAD' }, 'POST'], [{ method: 'POST', path: '/v1/models' }, 'GET, HEAD'],
  ])('another method is told which one it must be: %j', async (more, allow) => {
    const answer = await new DrivenExchange().answer('', headOf(more));
    expect([answer.status, answer.headers]).toEqual([405, [['content-type', 'application/json'], ['allow', allow]]]);
    expect(errorOf(answer).message).toBe(`${more.method} is not allowed for ${more.path?.split('?')[0] ?? '/v1/chat/completions'}; send ${allow.split(',')[0]}`);
  });

  test('HEAD /v1/models is answered as GET is', async () => {
    const [head, get] = await Promise.all(['HEAD', 'GET'].map((method) => new DrivenExchange().answer('', headOf({ method, path: '/v1/models', endOfStream: true }))));
    expect(head).toEqual(get);
  });

  test('content-encoding identity is no encoding', async () => {
    const need = await new DrivenExchange().exchange.requestHead(headOf({}, { 'content-encoding': ' Identity' }));
    expect(need.kind).toBe('needBody');
  });

  test('without a configuration: 503 that asks to come again', async () => {
    const exchange = new LlmEngine({ configuration: () => undefined }).exchange();
    const answer = await exchange.requestHead(headOf()) as Answer;
    expect([answer.status, errorOf(answer).code]).toEqual([503, 'not_ready']);
    expect(answer.headers).toContainEqual(['retry-after', '2']);
  });

  test('a body over the limit and one that came too late', async () => {
    const driven = new DrivenExchange(CONFIGURATION, 1_000);
    const need = await driven.exchange.requestHead(headOf()) as NeedBody;
    expect([need.kind, need.limit]).toEqual(['needBody', 1_000]);
    expect([need.tooLarge().status, errorOf(need.tooLarge())]).toEqual([413, expect.objectContaining({ code: 'request_too_large', message: expect.stringContaining('1000 bytes') })]);
    expect([need.tooSlow().status, errorOf(need.tooSlow()).code]).toEqual([504, 'credential_timeout']);
    need.tooLarge();
    expect(driven.close()).toMatchObject({ status: 413, errorCode: 'request_too_large' });
  });
});

describe('decided by the body', () => {
  test.each<[string, unknown, number, string, string | null]>([
    ['an unknown model', chat('gpt-none'), 404, 'model_not_found', 'model'],
    ['a model that other headers would route', chat('tenant'), 404, 'model_not_found', 'model'],
    ['no JSON', '{"model": ', 400, 'invalid_json', null],
    ['a list', '[]', 400, 'invalid_type', null],
    ['an empty body', '', 400, 'invalid_json', null],
    ['no model', '{"messages":[]}', 400, 'missing_required_parameter', 'model'],
    ['a model that is a number', '{"model":7}', 400, 'invalid_type', 'model'],
    ['a model with a line end', JSON.stringify(chat('a\r\nx-injected: 1')), 400, 'invalid_value', 'model'],
    ['a model with half a character', '{"model":"a\\ud800"}', 400, 'invalid_value', 'model'],
    ['a model that is too long', chat('m'.repeat(2049)), 400, 'invalid_value', 'model'],
    ['a long model', chat('m'.repeat(2048)), 404, 'model_not_found', 'model'],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 400, 'invalid_json', null],
    ['a backend that is not there', chat('gone'), 503, 'backend_not_found', null],
    ['a missing Secret', chat('nokey'), 502, 'backend_credential', null],
    ['a caller without the credential that the backend demands', chat('caller'), 401, 'missing_credential', null],
    ['a parameter that the provider has not', chat('claude', { n: 2 }), 400, 'unsupported_parameter', 'n'],
    ['a parameter that a strict rule does not drop', chat('strict', { seed: 1 }), 400, 'unsupported_parameter', 'seed'],
    ['broken JSON that body edits come across', '{"model":"edited","messages":[planted]}', 400, 'invalid_json', null],
    ['an endpoint that the provider has not', { model: 'claude', input: 'x' }, 400, 'unsupported_endpoint', null],
  ])('%s', async (name, body, status, code, param) => {
    const driven = new DrivenExchange();
    const answer = await driven.answer(body, name.startsWith('an endpoint') ? headOf({ path: '/v1/completions' }) : headOf());
    const error = errorOf(answer);
    expect([answer.status, error.code, error.param]).toEqual([status, code, param]);
    expect(text(answer.body)).not.toContain('planted');
    expect(driven.close()).toMatchObject({ status, errorCode: code });
    expect(driven.faults).toEqual([]);
  });

  test('G20 without a content-type the model still decides, and the provider is told what comes', async () => {
    expect((await new DrivenExchange().answer(chat('gpt-none'), headOf({}, {}))).status).toBe(404);
    expect(lastValue((await new DrivenExchange().forward(chat('gpt'), headOf({}, {}))).setHeaders, 'content-type')).toBe('application/json');
  });

  test('G17 a translator that fails: an error at once, and the fault in the log only', async () => {
    const spy = jest.spyOn(openAiToOpenAiChat, 'translate').mockImplementation(() => { throw new TypeError('planted internals'); });
    const driven = new DrivenExchange();
    const answer = await driven.answer(chat('gpt'));
    spy.mockRestore();
    expect([answer.status, errorOf(answer)]).toEqual([502, expect.objectContaining({ code: 'gateway_error', message: 'the gateway failed on this request' })]);
    expect(driven.faults).toEqual([expect.any(TypeError)]);
    expect(JSON.stringify(driven.close())).not.toContain('planted');
  });
});

describe('what goes upstream', () => {
  test('same dialect, nothing to change: the client\'s own bytes', async () => {
    const forward = await new DrivenExchange().forward(chat('gpt'));
    expect(forward.body).toBeUndefined();
    expect([forward.path, forward.backend, forward.metadata]).toEqual(['/v1/chat/completions', 'default/openai', { model: 'gpt', backend: 'default/openai', rule: 'openai', total: 15, out: 0 }]);
    expect(lastValue(forward.setHeaders, 'authorization')).toBe(`Bearer ${OPENAI_KEY}`);
  });

  test('G18 a body of another length comes as a whole, and no stale content-length with it', async () => {
    const forward = await new DrivenExchange().forward(chat('alias'));
    expect(JSON.parse(text(forward.body))).toEqual({ ...chat('a-much-longer-upstream-name') });
    expect(forward.setHeaders.map(([name]) => name)).not.toContain('content-length');
  });

  test('the internal headers are always ours, whatever the client sent', async () => {
    for (const headers of [{}, { 'x-ai-gateway-llm-backend': 'default/bedrock', 'x-ai-gateway-llm-model': 'claude' }] as ReadonlyArray<Record<string, string>>) {
      const { setHeaders } = await new DrivenExchange().forward(chat('gpt'), headOf({}, headers));
      expect([lastValue(setHeaders, 'x-ai-gateway-llm-backend'), lastValue(setHeaders, 'x-ai-gateway-llm-model')]).toEqual(['default/openai', 'gpt']);
    }
    // An LLMBackend that removes or sets them changes nothing: removals come first, and ours is the last value.
    const { setHeaders } = await new DrivenExchange().forward(chat('claude'));
    expect(setHeaders.slice(-2)).toEqual([['x-ai-gateway-llm-model', 'claude'], ['x-ai-gateway-llm-backend', 'default/bedrock']]);
  });

  test('edits of headers and body', async () => {
    const forward = await new DrivenExchange().forward(chat('edited', { user: 'client', seed: 7 }));
    expect(JSON.parse(text(forward.body))).toEqual(chat('edited', { user: 'gateway' }));
    expect(lastValue(forward.setHeaders, 'x-team')).toBe('a');
    expect(forward.removeHeaders).toContain('x-debug');
    // Without a credential of the gateway's own, a header that the backend sets may be one.
    expect(lastValue(forward.setHeaders, 'authorization')).toBe('Basic own');
  });

  test('no credential of the client\'s passes, whatever header it came in and whichever backend takes it', async () => {
    const names = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key', 'cookie', 'proxy-authorization', 'x-amz-security-token',
      'x-per-request-key', 'x-own-aws-access-key-id', 'x-own-aws-secret-access-key', 'x-own-aws-session-token'];
    for (const model of ['gpt', 'claude', 'edited', 'caller']) {
      const { setHeaders, removeHeaders } = await new DrivenExchange().forward(chat(model), headOf({}, { 'x-per-request-key': 'sk-caller' }));
      const set = new Set(setHeaders.map(([name]) => name));
      expect(names.filter((name) => !removeHeaders.includes(name) && !set.has(name))).toEqual([]);
      expect(setHeaders.filter(([, value]) => value.includes('sk-caller')).map(([name]) => name)).toEqual(model === 'caller' ? ['authorization'] : []);
    }
  });

  test('what the gateway reads itself is not asked for in another encoding', async () => {
    expect((await new DrivenExchange().forward(chat('gpt'))).removeHeaders).toEqual(expect.arrayContaining(['accept-encoding', 'expect']));
  });

  test('the page of a browser that asks stays here: Anthropic takes no request that names one', async () => {
    for (const model of ['gpt', 'claude']) {
      const { removeHeaders } = await new DrivenExchange().forward(chat(model), headOf({}, { origin: 'https://app.example.com', referer: 'https://app.example.com/chat' }));
      expect(removeHeaders).toEqual(expect.arrayContaining(['origin', 'referer']));
    }
  });

  test('Bedrock: translated, signed over the body that is sent', async () => {
    const forward = await new DrivenExchange().forward(chat('claude', { stream: true }));
    expect(forward.path).toBe('/model/anthropic.claude-v1/converse-stream');
    expect(JSON.parse(text(forward.body))).toMatchObject({ messages: [{ role: 'user', content: [{ text: 'hi' }] }] });
    expect(lastValue(forward.setHeaders, 'authorization')).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIAPLANTED\//);
  });
});
