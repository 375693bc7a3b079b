import * as fc from 'fast-check';
import { backendManifest, configurationOf, routeManifest, secretManifest } from './configuration-of';
import { Exchange, Takeover } from '../../src/runtime/exchange';
import { LlmEngine } from '../../src/runtime/llm-engine';
import { RequestRecord } from '../../src/runtime/request-record';
import { UpstreamAnswer, UpstreamClient, UpstreamError, UpstreamFailure } from '../../src/runtime/upstream-client';

const SECRETS = ['planted-openai-key', 'planted-aws-secret', 'AKIAPLANTED', 'planted-caller-key'];
const CONFIGURATION = configurationOf([
  backendManifest('openai', 'OpenAI', 'credential: {apiKey: {secretRef: {name: openai, key: k}}, fromRequestHeader: {name: x-own}}'),
  backendManifest('bedrock', 'AWSBedrock', 'credential: {aws: {region: us-east-1, secretRef: {name: aws, key: k}}}'),
  backendManifest('broken', 'OpenAI', 'credential: {apiKey: {secretRef: {name: broken, key: k}}}'),
  secretManifest('openai', 'k', SECRETS[0]),
  secretManifest('aws', 'k', `[default]\naws_access_key_id = ${SECRETS[2]}\naws_secret_access_key = ${SECRETS[1]}\n`),
  secretManifest('broken', 'k', `${SECRETS[0]}\n${SECRETS[1]}`),
  routeManifest(`[
    {models: [{value: gpt}], backendRefs: [{name: openai}]}, {models: [{value: claude}], backendRefs: [{name: bedrock}]},
    {models: [{value: broken}], backendRefs: [{name: broken}]}, {models: [{value: gone}], backendRefs: [{name: gone}]},
    {models: [{value: failing}], backendRefs: [{name: openai}, {name: bedrock, priority: 1}, {name: broken, priority: 2}], failover: {}}]`, ', costs: [{metadataKey: total, type: TotalToken}]'),
].join(''));

/** A call of one method; what it returns is looked at for credentials. */
type Event = (exchange: Exchange) => unknown;

const model = fc.constantFrom('gpt', 'claude', 'broken', 'gone', 'none', 'failing');
const headers = fc.constantFrom<Readonly<Record<string, string>>>({}, { 'content-type': 'application/json' }, { 'content-type': 'text/event-stream' },
  { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' }, { 'content-encoding': 'br' }, { 'x-own': SECRETS[3], 'authorization': `Bearer ${SECRETS[3]}` }, { 'x-envoy-ai-gateway-llm-model': 'gpt' });
const bytes = fc.oneof(
  fc.constantFrom('data: [DONE]\n\n', 'data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}\n\n', '{"error":{"message":"m"}}', '', '\0').map((text) => new Uint8Array(Buffer.from(text))),
  fc.uint8Array({ maxLength: 40 }),
);
const body = fc.oneof(
  fc.tuple(model, fc.boolean(), fc.boolean()).map(([name, stream, odd]) => JSON.stringify({ model: name, stream, messages: [{ role: 'user', content: 'hi' }], ...(odd ? { n: 2, seed: 1 } : {}) })),
  fc.string({ maxLength: 20 }),
).map((text) => new Uint8Array(Buffer.from(text)));

const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ headers, endOfStream: fc.boolean(), path: fc.constantFrom('/v1/chat/completions', '/v1/models', '/v1/embeddings', '/'), method: fc.constantFrom('POST', 'GET') })
    .map((head): Event => (exchange) => exchange.requestHead({ ...head, authority: 'a', httpRoute: 'default/chat', header: (name) => head.headers[name] })),
  body.map((sent): Event => (exchange) => exchange.requestBody(sent)),
  fc.record({ headers, endOfStream: fc.boolean(), status: fc.constantFrom(200, 204, 301, 401, 429, 500, 504), codeDetails: fc.constantFrom(undefined, 'via_upstream', 'no_healthy_upstream', 'upstream_per_try_timeout', 'request_rate_limited') })
    .map((head): Event => (exchange) => exchange.responseHead({ ...head, header: (name) => head.headers[name] })),
  bytes.map((chunk): Event => (exchange) => exchange.responseChunk(chunk)),
  fc.constant<Event>((exchange) => exchange.responseEnd()),
  fc.constant<Event>((exchange) => exchange.responseFailed('connection lost')),
  fc.constantFrom('completed', 'aborted').map((outcome): Event => (exchange) => exchange.close(outcome)),
);

/** In the order of the interface, so that the later events matter too. */
const inOrder: fc.Arbitrary<Event[]> = fc.tuple(model, fc.boolean(), fc.array(event, { maxLength: 8 })).map(([name, stream, rest]) => [
  (exchange: Exchange) => exchange.requestHead({ method: 'POST', path: '/v1/chat/completions', authority: 'a', httpRoute: 'default/chat', endOfStream: false, header: () => undefined }),
  (exchange: Exchange) => exchange.requestBody(Buffer.from(JSON.stringify({ model: name, stream, messages: [{ role: 'user', content: 'hi' }] }))),
  ...rest,
]);

const anyOrder = fc.oneof(fc.array(event, { maxLength: 10 }), inOrder);

/** Everything that a client, a log or a metric may see; the headers of a request that goes upstream are for the provider alone. */
function visible(result: unknown): string {
  return JSON.stringify(result, (key, value: unknown) => {
    if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
    return key === 'setHeaders' && (result as { kind?: string }).kind === 'forward' ? undefined : value;
  }) ?? '';
}

type Script = { readonly failure: UpstreamFailure } | { readonly status: number; readonly type: string; readonly body: readonly Uint8Array[]; readonly breaks: boolean };

const script: fc.Arbitrary<Script> = fc.oneof(
  fc.record({ failure: fc.constantFrom<UpstreamFailure>('refused', 'reset', 'timeout', 'dns', 'tls', 'aborted') }),
  fc.record({
    status: fc.constantFrom(200, 204, 400, 429, 500, 503), type: fc.constantFrom('application/json', 'text/event-stream', 'text/html'), body: fc.array(bytes, { maxLength: 4 }), breaks: fc.boolean(),
  }),
);

/** Answers as the scripts say, and refuses when there is none left. */
function scripted(scripts: readonly Script[]): UpstreamClient {
  const left = [...scripts];
  const call = async (): Promise<UpstreamAnswer> => {
    const next = left.shift() ?? { failure: 'refused' as const };
    if ('failure' in next) throw new UpstreamError(next.failure, 'as asked');
    const pieces = async function* (): AsyncGenerator<Uint8Array> {
      yield* next.body;
      if (next.breaks) throw new Error('connection lost');
    };
    return { status: next.status, headers: new Map([['content-type', next.type]]), body: pieces() };
  };
  return { call, close: () => Promise.resolve() } as unknown as UpstreamClient;
}

/** What a takeover gives the client, to its end. */
async function taken(takeover: Takeover): Promise<unknown[]> {
  const all: unknown[] = [await takeover.head()];
  for (let piece = await takeover.next(); piece !== undefined; piece = await takeover.next()) all.push(piece);
  return all;
}

test('whatever comes in whatever order: no method throws, one record, and no credential in what is seen', async () => {
  await fc.assert(fc.asyncProperty(anyOrder, fc.boolean(), fc.array(script, { maxLength: 3 }), async (events, listenerFails, scripts) => {
    const records: RequestRecord[] = [];
    const faults: unknown[] = [];
    const exchange = new LlmEngine({
      configuration: () => CONFIGURATION,
      random: () => 0,
      now: () => 0,
      id: (prefix) => prefix,
      upstream: scripted(scripts),
      onFault: (fault) => faults.push(fault),
      onRecord: (record) => {
        records.push(record);
        if (listenerFails) throw new Error('a listener that fails');
      },
    }).exchange();
    let seen = '';
    for (const call of events) {
      const result = await call(exchange) as { takeover?: Takeover } | undefined;
      if (result?.takeover === undefined) seen += visible(result);
      else for (const one of await taken(result.takeover)) seen += visible(one);
    }
    exchange.close('completed');
    exchange.close('aborted');
    expect(records).toHaveLength(1);
    seen += JSON.stringify(records) + faults.map(String).join();
    for (const secret of SECRETS) expect(seen).not.toContain(secret);
  }), { numRuns: 400 });
});

test('random Secrets: none of their lines is in an answer, a record or a fault', async () => {
  const secret = fc.string({ minLength: 8, maxLength: 60 }).map((text) => `planted${text}`);
  await fc.assert(fc.asyncProperty(secret, fc.boolean(), fc.constantFrom('apiKey', 'aws'), async (value, severalLines, kind) => {
    const seen: unknown[] = [];
    const configuration = configurationOf([
      backendManifest('b', kind === 'aws' ? 'AWSBedrock' : 'OpenAI', `credential: {${kind}: {${kind === 'aws' ? 'region: us-east-1, ' : ''}secretRef: {name: s, key: k}}}`),
      secretManifest('s', 'k', severalLines ? `${value}\nplanted` : value),
      routeManifest('[{backendRefs: [{name: b}]}]'),
    ].join(''));
    const exchange = new LlmEngine({
      configuration: () => configuration, onRecord: (record) => seen.push(record), onFault: (fault) => seen.push(String(fault)),
    }).exchange();
    await exchange.requestHead({ method: 'POST', path: '/v1/chat/completions', authority: 'a', httpRoute: 'default/chat', endOfStream: false, header: () => undefined });
    const next = await exchange.requestBody(Buffer.from('{"model":"m","messages":[{"role":"user","content":"hi"}]}'));
    exchange.close('completed');
    expect(next.kind).toBe(kind === 'apiKey' && !severalLines && !/[\r\n\0]/.test(value.trim()) ? 'forward' : 'answer');
    expect(visible(next) + visible(seen) + visible(configuration.problems)).not.toContain('planted');
  }), { numRuns: 60 });
});
