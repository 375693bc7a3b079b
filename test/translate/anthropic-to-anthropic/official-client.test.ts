import Anthropic from '@anthropic-ai/sdk';
import { BedrockRuntimeClient, CountTokensCommand, InvokeModelCommand, InvokeModelWithResponseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { COUNTED, countTokens, EVENT_STREAM, fixtureBytes, framesOf, GCP, HOSTS, JSON_TYPE, messages, REQUEST, sent, SSE, translatorTo } from './messages';
import { anthropicDialect } from '../../../src/translate/anthropic/dialect';
import { readRequestBody } from '../../../src/translate/scan-request-body';
import { TranslatedRequest } from '../../../src/translate/translator';
import { answerThrough, bytesOf, textOf, translated } from '../replay';

type Host = typeof HOSTS[number];

interface Witness {
  readonly client: Anthropic;
  /** What the host was sent. */
  readonly requests: TranslatedRequest[];
}

/** The official client, with the translator between it and this answer of a host's, sent 7 bytes at a time. */
function witness(host: Host, status: number, headers: Readonly<Record<string, string>>, answer: Uint8Array): Witness {
  const requests: TranslatedRequest[] = [];
  const fetch = async (url: unknown, init?: { body?: unknown; headers?: unknown; method?: string }): Promise<Response> => {
    const { pathname, search } = new URL(String(url));
    const endpoint = anthropicDialect.endpoint(init?.method?.toUpperCase() ?? 'GET', pathname + search);
    const sentHeaders = new Headers(init?.headers as Record<string, string>);
    const request = translated(translatorTo(host, endpoint), readRequestBody(bytesOf(String(init?.body))).json(), {
      gcp: GCP, clientHeader: (name) => sentHeaders.get(name) ?? undefined,
    });
    requests.push(request);
    return answerThrough(request, status, headers, answer, headers);
  };
  return { client: new Anthropic({ apiKey: 'none', baseURL: 'http://gateway.test', maxRetries: 0, fetch }), requests };
}

const upstream = (host: Host, name: string): Uint8Array => host === 'AWSAnthropic' ? framesOf(name) : fixtureBytes(name);
const streamType = (host: Host) => host === 'AWSAnthropic' ? EVENT_STREAM : SSE;
const TOOLS = ['get_weather', 'now'].map((name): Anthropic.Tool => ({ name, input_schema: { type: 'object' } }));

describe.each(HOSTS)('with %s', (host) => {
  test('reads a whole message', async () => {
    const { client } = witness(host, 200, JSON_TYPE, fixtureBytes('message.json'));
    const message = await client.messages.create(REQUEST);
    expect([message.content, message.usage.cache_creation_input_tokens]).toEqual([[{ type: 'text', text: 'Grüße 👋 "usage":{}' }], 4511]);
  });

  test('counts tokens', async () => {
    const answer = host === 'AWSAnthropic' ? '{"inputTokens":14}' : '{"input_tokens":14}';
    expect(await witness(host, 200, JSON_TYPE, bytesOf(answer)).client.messages.countTokens(COUNTED)).toMatchObject({ input_tokens: 14 });
  });

  test('puts a stream together, thinking with its signature, tools with their input', async () => {
    const { client } = witness(host, 200, streamType(host), upstream(host, 'messages-stream-tools.sse'));
    const message = await client.messages.stream({ ...REQUEST, tools: TOOLS }).finalMessage();
    expect(message.content.map((block) => block.type === 'tool_use' ? [block.name, block.input] : block.type))
      .toEqual(['thinking', 'text', ['get_weather', { city: 'Paris' }], ['now', {}]]);
    expect(message.content[0]).toMatchObject({ signature: expect.stringMatching(/^EqQB/) as string });
    expect([message.stop_reason, message.usage.output_tokens, message.usage.cache_read_input_tokens]).toEqual(['tool_use', 89, 10536]);
  });

  test('A26 sends the betas of the beta client, which calls with a query', async () => {
    const { client, requests } = witness(host, 200, JSON_TYPE, fixtureBytes('message.json'));
    await client.beta.messages.create({ ...REQUEST, betas: ['context-1m-2025-08-07', 'b'] });
    const [{ setHeaders }] = requests;
    const header = setHeaders.find(([name]) => name === 'anthropic-beta')?.[1];
    expect(header).toBe(host === 'AWSAnthropic' ? undefined : 'context-1m-2025-08-07,b');
    expect(sent(requests[0]).includes('"anthropic_beta":["context-1m-2025-08-07","b"]')).toBe(host !== 'Anthropic');
  });

  test('A23 throws at an error inside a stream, and at a stream that was cut', async () => {
    const whole = upstream(host, 'messages-stream.sse');
    const cases: ReadonlyArray<readonly [Uint8Array, string]> = [
      [upstream(host, 'messages-stream-overloaded.sse'), 'overloaded_error'], [new Uint8Array(0), 'api_error'], [whole.subarray(0, whole.length - 40), 'api_error'],
    ];
    for (const [answer, type] of cases) {
      const read = async () => {
        for await (const _ of await witness(host, 200, streamType(host), answer).client.messages.create({ ...REQUEST, stream: true })) {
          // Read to the end.
        }
      };
      await expect(read()).rejects.toMatchObject({ constructor: Anthropic.APIError, type });
    }
  });

  test('throws the host\'s own error as the client\'s typed one', async () => {
    const headers = host === 'AWSAnthropic' ? { ...JSON_TYPE, 'x-amzn-errortype': 'ThrottlingException', 'x-amzn-requestid': 'r' } : { ...JSON_TYPE, 'request-id': 'r' };
    const body = {
      Anthropic: '{"type":"error","error":{"type":"rate_limit_error","message":"slow down"},"request_id":"r"}',
      AWSAnthropic: '{"message":"slow down"}',
      GCPAnthropic: '[{"error":{"code":429,"message":"slow down","status":"RESOURCE_EXHAUSTED"}}]',
    }[host];
    await expect(witness(host, 429, headers, bytesOf(body)).client.messages.create(REQUEST))
      .rejects.toMatchObject({ constructor: Anthropic.RateLimitError, status: 429, type: 'rate_limit_error', apiMessage: 'slow down', requestID: 'r' });
  });

  test('G14 throws a typed error for a page of HTML', async () => {
    await expect(witness(host, 529, { 'content-type': 'text/html' }, bytesOf('<h1>busy</h1>')).client.messages.create(REQUEST))
      .rejects.toMatchObject({ constructor: Anthropic.OverloadedError, status: 529, type: 'overloaded_error' });
  });
});

/** What the AWS SDK itself would send; nothing is sent. */
async function requestOfSdk(send: (client: BedrockRuntimeClient) => Promise<unknown>): Promise<{ readonly path: string; readonly body: unknown }> {
  const requests: Array<{ path: string; body: unknown }> = [];
  const client = new BedrockRuntimeClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    maxAttempts: 1,
    requestHandler: {
      handle: async (request: { readonly path: string; readonly body: unknown }) => {
        requests.push(request);
        throw new Error('not sent');
      },
    },
  });
  await expect(send(client)).rejects.toThrow('not sent');
  return requests[0];
}

test.each(['anthropic.claude-haiku-4-5-20251001-v1:0', 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123', 'größe (1)'])(
  'B29 the AWS SDK would call the same paths for %j, with the same bodies', async (modelId) => {
    const context = { upstreamModel: modelId };
    const invoked = messages('AWSAnthropic', REQUEST, context);
    expect(await requestOfSdk((client) => client.send(new InvokeModelCommand({ modelId, body: sent(invoked) })))).toMatchObject({ path: invoked.path });
    const streaming = messages('AWSAnthropic', { ...REQUEST, stream: true }, context);
    expect(await requestOfSdk((client) => client.send(new InvokeModelWithResponseStreamCommand({ modelId, body: sent(streaming) }))))
      .toMatchObject({ path: streaming.path });
    const counting = countTokens('AWSAnthropic', COUNTED, context);
    const body = Buffer.from((JSON.parse(sent(counting)) as { input: { invokeModel: { body: string } } }).input.invokeModel.body, 'base64');
    const ofSdk = await requestOfSdk((client) => client.send(new CountTokensCommand({ modelId, input: { invokeModel: { body } } })));
    expect(ofSdk.path).toBe(counting.path);
    const bytes = typeof ofSdk.body === 'string' ? ofSdk.body : textOf(ofSdk.body as Uint8Array);
    expect(JSON.parse(bytes)).toEqual(JSON.parse(sent(counting)));
  });
