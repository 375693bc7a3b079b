import { openAiToAnthropicTokenize, openAiToGcpAnthropicTokenize, openAiToGeminiTokenize } from '../../../src/translate/tokenize/counters';
import { openAiToOpenAiTokenize } from '../../../src/translate/tokenize/pass-through';
import { TranslatedRequest, TranslationContext, Translator } from '../../../src/translate/translator';
import { bytesOf, everySplit, replay, textOf, translated } from '../replay';

const JSON_TYPE = { 'content-type': 'application/json' };
const GCP = { gcp: { project: 'p', region: 'r' } };
const CLAUDE = 'claude-sonnet-4-5';
const GEMINI = 'gemini-2.5-pro';
const COUNTERS: ReadonlyArray<readonly [Translator, string]> = [
  [openAiToAnthropicTokenize, CLAUDE], [openAiToGcpAnthropicTokenize, CLAUDE], [openAiToGeminiTokenize, GEMINI],
];

function tokenize(translator: Translator, request: object, context: Partial<TranslationContext> = GCP): TranslatedRequest {
  return translated(translator, { prompt: 'Hi', ...request }, context);
}

function sent(translator: Translator, request: object, context: Partial<TranslationContext> = GCP): Readonly<Record<string, unknown>> {
  return JSON.parse(textOf(tokenize(translator, request, context).body ?? new Uint8Array(0))) as Readonly<Record<string, unknown>>;
}

describe('servers that have it', () => {
  test.each([[undefined, '/tokenize'], ['v1', '/tokenize'], ['', '/tokenize'], ['proxy/v1', '/proxy/tokenize'], ['proxy', '/proxy/tokenize']])('prefix %s: %s', (version, path) => {
    expect(tokenize(openAiToOpenAiTokenize, { model: 'm' }, { output: { schema: 'OpenAI', ...version !== undefined && { version } } }).path).toBe(path);
  });

  test('get the client\'s own bytes, and answer with theirs', () => {
    const request = { model: 'm', return_token_strs: true, made_up: 1 };
    expect(tokenize(openAiToOpenAiTokenize, request)).toMatchObject({ method: 'POST', stream: false, dropped: [] });
    expect(tokenize(openAiToOpenAiTokenize, request).body).toBeUndefined();
    expect(sent(openAiToOpenAiTokenize, request, { upstreamModel: 'theirs' })).toEqual({ prompt: 'Hi', ...request, model: 'theirs' });
    const answer = '{"count":2,"max_model_len":4096,"tokens":[1,2],"token_strs":null}';
    for (const chunks of everySplit(bytesOf(answer))) {
      expect(replay(tokenize(openAiToOpenAiTokenize, request).response, 200, JSON_TYPE, chunks)).toMatchObject({ text: answer, usage: undefined, failure: undefined });
    }
  });
});

describe('providers that count', () => {
  test('Anthropic: count_tokens', () => {
    expect(tokenize(openAiToAnthropicTokenize, { model: CLAUDE })).toMatchObject({
      method: 'POST', path: '/v1/messages/count_tokens', setHeaders: expect.arrayContaining([['anthropic-version', '2023-06-01']]) as unknown, stream: false, dropped: [],
    });
    expect(sent(openAiToAnthropicTokenize, { model: CLAUDE })).toEqual({ model: CLAUDE, messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] });
  });

  test('Claude on Vertex AI: count-tokens:rawPredict', () => {
    expect(tokenize(openAiToGcpAnthropicTokenize, { model: CLAUDE }).path).toBe('/v1/projects/p/locations/r/publishers/anthropic/models/count-tokens:rawPredict');
    expect(sent(openAiToGcpAnthropicTokenize, { model: CLAUDE })).toMatchObject({ model: CLAUDE, messages: [{ role: 'user' }] });
    expect(sent(openAiToGcpAnthropicTokenize, { model: CLAUDE })).not.toHaveProperty('max_tokens');
  });

  test('Gemini: countTokens, of Vertex AI and of the Gemini API', () => {
    expect(tokenize(openAiToGeminiTokenize, { model: GEMINI }).path).toBe(`/v1/projects/p/locations/r/publishers/google/models/${GEMINI}:countTokens`);
    expect(sent(openAiToGeminiTokenize, { model: GEMINI })).toEqual({ contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] });
    expect(tokenize(openAiToGeminiTokenize, { model: GEMINI }, {}).path).toBe(`/v1beta/models/${GEMINI}:countTokens`);
    expect(sent(openAiToGeminiTokenize, { model: GEMINI }, {})).toEqual({ generateContentRequest: { model: `models/${GEMINI}`, contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] } });
  });

  test.each(COUNTERS)('a chat with a system message and tools: $output', (translator, model) => {
    const messages = [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: 'Hi' }];
    const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } }];
    const body = JSON.stringify(sent(translator, { model, prompt: undefined, messages, tools }));
    expect([body.includes('Be brief.'), body.includes('"name":"f"'), body.includes('max_tokens')]).toEqual([true, true, false]);
  });

  test.each(COUNTERS)('G21 the defaults are no loss, what changes the count or the answer is refused: $output', (translator, model) => {
    const defaults = { model, add_special_tokens: true, add_generation_prompt: true, return_token_strs: false, continue_final_message: false, chat_template: null };
    expect(tokenize(translator, defaults).dropped).toEqual([]);
    for (const [name, value] of Object.entries({ return_token_strs: true, continue_final_message: true, chat_template: '{{x}}', mm_processor_kwargs: { a: 1 } })) {
      expect(() => tokenize(translator, { model, [name]: value })).toThrow(expect.objectContaining({ status: 400, code: 'unsupported_parameter', param: name }));
      expect(tokenize(translator, { model, [name]: value }, { ...GCP, unsupportedParameters: 'Lenient' }).dropped).toMatchObject([{ parameter: name }]);
    }
    expect(tokenize(translator, { model, add_special_tokens: false, made_up: 1 }).dropped.map(({ parameter }) => parameter).sort()).toEqual(['add_special_tokens', 'made_up']);
  });

  test.each(COUNTERS)('what is neither a prompt nor a chat is a 400: $output', (translator, model) => {
    for (const request of [{ prompt: undefined }, { prompt: 5 }, { prompt: ['a'] }, { prompt: ' ' }, { messages: [] }]) {
      expect(() => tokenize(translator, { model, ...request })).toThrow(expect.objectContaining({ status: 400, param: 'prompt' }));
    }
    expect(() => tokenize(translator, { model, prompt: undefined, messages: 5 })).toThrow(expect.objectContaining({ status: 400, param: 'messages' }));
  });

  test.each<[Translator, string, string, number]>([
    [openAiToAnthropicTokenize, CLAUDE, '{"input_tokens":9}', 9], [openAiToGcpAnthropicTokenize, CLAUDE, '{"input_tokens":9}', 9],
    [openAiToGeminiTokenize, GEMINI, '{"totalTokens":9,"totalBillableCharacters":2}', 9], [openAiToGeminiTokenize, GEMINI, '{}', 0],
  ])('G1 the count of $output, at every cut', (translator, model, body, count) => {
    for (const chunks of everySplit(bytesOf(body))) {
      const { text, usage, failure } = replay(tokenize(translator, { model }).response, 200, JSON_TYPE, chunks);
      expect(JSON.parse(text)).toEqual({ count, tokens: [], token_strs: null });
      expect([usage, failure]).toEqual([undefined, undefined]);
    }
  });

  test.each(['', 'null', '5', '{"input_tokens":"9","totalTokens":-1}'])('an answer that is no count is an error: %s', (body) => {
    for (const [translator, model] of COUNTERS) {
      const { text, failure } = replay(tokenize(translator, { model }).response, 200, JSON_TYPE, [bytesOf(body)]);
      expect([JSON.parse(text), failure]).toMatchObject([{ error: { code: 'upstream_broke_off' } }, { status: 502 }]);
    }
  });

  test('G13 errors keep status and name', () => {
    const anthropic = '{"type":"error","error":{"type":"rate_limit_error","message":"slow down"}}';
    expect(JSON.parse(replay(tokenize(openAiToAnthropicTokenize, { model: CLAUDE }).response, 429, JSON_TYPE, [bytesOf(anthropic)]).text))
      .toEqual({ error: { message: 'slow down', type: 'rate_limit_error', param: null, code: 'rate_limit_error' } });
    const google = '{"error":{"code":404,"message":"no such model","status":"NOT_FOUND"}}';
    expect(JSON.parse(replay(tokenize(openAiToGeminiTokenize, { model: GEMINI }).response, 404, JSON_TYPE, [bytesOf(google)]).text))
      .toMatchObject({ error: { message: 'no such model', code: 'NOT_FOUND' } });
  });
});
