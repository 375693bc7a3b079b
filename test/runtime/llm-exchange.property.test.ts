import * as fc from 'fast-check';
import { backendManifest, configurationOf, routeManifest, secretManifest } from './configuration-of';
import { Exchange } from '../../src/runtime/exchange';
import { LlmEngine } from '../../src/runtime/llm-engine';
import { RequestRecord } from '../../src/runtime/request-record';

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
    {models: [{value: broken}], backendRefs: [{name: broken}]}, {models: [{value: gone}], backendRefs: [{name: gone}]}]`, ', costs: [{metadataKey: total, type: TotalToken}]'),
].join(''));

/** A call of one method; what it returns is looked at for credentials. */
type Event = (exchange: Exchange) => unknown;

const model = fc.constantFrom('gpt', 'claude', 'broken', 'gone', 'none');
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
  fc.record({ headers, endOfStream: fc.boolean(), status: fc.constantFrom(200, 204, 301, 401, 429, 500, 504), codeDetails: fc.constantFrom(undefined, 'via_upstream', 'no_healthy_upstream') })
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

/** Everything that a client, a log or a metric may see; the headers of a request that goes upstream are for the provider alone. */
function visible(result: unknown): string {
  return JSON.stringify(result, (key, value: unknown) => {
    if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
    return key === 'setHeaders' && (result as { kind?: string }).kind === 'forward' ? undefined : value;
  }) ?? '';
}

test('whatever comes in whatever order: no method throws, one record, and no credential in what is seen', async () => {
  await fc.assert(fc.asyncProperty(fc.oneof(fc.array(event, { maxLength: 10 }), inOrder), fc.boolean(), async (events, listenerFails) => {
    const records: RequestRecord[] = [];
    const faults: unknown[] = [];
    const exchange = new LlmEngine({
      configuration: () => CONFIGURATION,
      random: () => 0,
      now: () => 0,
      id: (prefix) => prefix,
      onFault: (fault) => faults.push(fault),
      onRecord: (record) => {
        records.push(record);
        if (listenerFails) throw new Error('a listener that fails');
      },
    }).exchange();
    let seen = '';
    for (const call of events) seen += visible(await call(exchange));
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
