import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { errorCode } from './error-shape';
import { Manifest } from './file-mode-manifests';
import { Received } from './http-request';
import { eventually } from './process';
import { chatBody, RunningApp, synthesized } from './running-app';
import { crossNamespaceApp } from '../apps/cross-namespace';
import { eventFrame } from '../providers/fake-bedrock';
import { ScriptedAnswer, ScriptedProvider } from '../providers/scripted-provider';

/** Answers of providers that are out of the ordinary, on their way through Envoy and ExtProc. The last user message names the answer. */

const OPENAI = 'llama3-70b';
const BEDROCK = 'nova-pro';
const HOST = 'any.example.com';

const USAGE = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };
const COMPLETION = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: OPENAI,
  usage: USAGE,
  choices: [{ index: 0, message: { role: 'assistant', content: 'Grüße 👋', refusal: null }, logprobs: null, finish_reason: 'stop' }],
};
const CONVERSE = {
  output: { message: { role: 'assistant', content: [{ text: 'Grüße 👋' }] } }, stopReason: 'end_turn', usage: { inputTokens: 11, outputTokens: 7, totalTokens: 18 }, metrics: { latencyMs: 5 },
};
const BIG = 'x'.repeat(100 * 1024);
const HTML = '<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr>nginx/1.25.3</body></html>';

function event(content: string, finish: string | null = null): string {
  return `data: ${JSON.stringify({
    id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_700_000_000, model: OPENAI, choices: [{ index: 0, delta: { content }, finish_reason: finish }],
  })}\n\n`;
}

const SSE = [event('Grüße '), event('👋'), event('', 'stop'), 'data: [DONE]\n\n'];
const DELTA = eventFrame('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Grüße 👋' } });
const START = eventFrame('messageStart', { role: 'assistant' });

const ANSWERS: Readonly<Record<string, ScriptedAnswer>> = {
  'gzip JSON': (response) => {
    response.head(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    response.end(gzipSync(JSON.stringify(COMPLETION)));
  },
  'gzip JSON in pieces': async (response) => {
    response.head(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    await response.inPieces(gzipSync(JSON.stringify(COMPLETION)), 5);
    response.end();
  },
  'gzip SSE': async (response) => {
    response.head(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' });
    await response.inPieces(gzipSync(SSE.join('')), 4);
    response.end();
  },
  'JSON with trailers': async (response) => {
    response.head(200, { 'content-type': 'application/json', 'trailer': 'x-checksum' });
    await response.inPieces(Buffer.from(JSON.stringify(COMPLETION)), 3);
    response.endWithTrailers({ 'x-checksum': 'abc' });
  },
  'SSE with trailers': async (response) => {
    response.head(200, { 'content-type': 'text/event-stream', 'trailer': 'x-checksum' });
    for (const part of SSE) await response.inPieces(Buffer.from(part), 1);
    response.endWithTrailers({ 'x-checksum': 'abc' });
  },
  'an error with trailers': (response) => {
    response.head(429, { 'content-type': 'text/plain', 'trailer': 'x-checksum' });
    response.write('slow down');
    response.endWithTrailers({ 'x-checksum': 'abc' });
  },
  '204': (response) => {
    response.head(204, {});
    response.end();
  },
  '304': (response) => {
    response.head(304, {});
    response.end();
  },
  'an empty answer': (response) => {
    response.head(200, { 'content-length': '0' });
    response.end();
  },
  'an empty 503': (response) => {
    response.head(503, { 'content-length': '0', 'retry-after': '7' });
    response.end();
  },
  'a reset in JSON': async (response) => {
    response.head(200, { 'content-type': 'application/json', 'content-length': '10000' });
    response.write(JSON.stringify(COMPLETION).slice(0, 50));
    await sleep(50);
    response.reset();
  },
  'a reset in chunked JSON': async (response) => {
    response.head(200, { 'content-type': 'application/json' });
    response.write(JSON.stringify(COMPLETION).slice(0, 50));
    await sleep(50);
    response.reset();
  },
  'a reset between events': async (response) => {
    response.head(200, { 'content-type': 'text/event-stream' });
    response.write(SSE[0]);
    await sleep(50);
    response.reset();
  },
  'a reset within an event': async (response) => {
    response.head(200, { 'content-type': 'text/event-stream' });
    response.write(SSE[0] + SSE[1].slice(0, 20));
    await sleep(50);
    response.reset();
  },
  'a reset before any byte': async (response) => {
    await sleep(10);
    response.reset();
  },
  'an end before [DONE]': (response) => {
    response.head(200, { 'content-type': 'text/event-stream' });
    response.write(SSE[0]);
    response.end();
  },
  'an HTML error page': (response) => {
    response.head(502, { 'content-type': 'text/html' });
    response.end(HTML);
  },
  'an HTML error page with its length': (response) => {
    response.head(502, { 'content-type': 'text/html', 'content-length': String(HTML.length) });
    response.end(HTML);
  },
  'an event of 100 KB': async (response) => {
    response.head(200, { 'content-type': 'text/event-stream' });
    for (const part of [SSE[0], event(BIG), ...SSE.slice(2)]) await response.inPieces(Buffer.from(part), 1);
    response.end();
  },
  'JSON of 1 MB': (response) => {
    response.head(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ ...COMPLETION, padding: 'x'.repeat(1 << 20) }));
  },
  'Converse in gzip': (response) => {
    response.head(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    response.end(gzipSync(JSON.stringify(CONVERSE)));
  },
  'JSON of somebody else': (response) => {
    response.head(200, { 'content-type': 'application/json' });
    response.end('{"hello":"world"}');
  },
  'Converse with a reset': async (response) => {
    response.head(200, { 'content-type': 'application/json' });
    response.write(JSON.stringify(CONVERSE).slice(0, 50));
    await sleep(50);
    response.reset();
  },
  'ConverseStream with a reset': async (response) => {
    response.head(200, { 'content-type': 'application/vnd.amazon.eventstream' });
    response.write(Buffer.concat([START, DELTA]));
    await sleep(50);
    response.reset();
  },
  'ConverseStream that ends in a frame': (response) => {
    response.head(200, { 'content-type': 'application/vnd.amazon.eventstream' });
    response.write(Buffer.concat([START, DELTA, DELTA.subarray(0, 30)]));
    response.end();
  },
};

function events(answer: Received): string[] {
  return answer.text.split('\n\n').filter((text) => text !== '');
}

/** The text of the deltas; an error event counts as none. */
function deltas(answer: Received): string {
  return events(answer).filter((text) => text.startsWith('data: {"id"'))
    .map((text) => (JSON.parse(text.slice(6)) as { choices: Array<{ delta: { content?: string } }> }).choices[0]?.delta.content ?? '').join('');
}

/** The client can tell that this is not all: the connection broke, or an error event is the last thing that it got. */
function assertBroken(answer: Received): void {
  assert.ok(!answer.text.includes('[DONE]'), answer.text);
  if (answer.whole) assert.match(events(answer).at(-1) ?? '', /^(event: error\n)?data: \{"error":/);
}

/** What a Gateway's owner sets to see Envoy's own response headers and trailers, which Envoy Gateway holds back by default. */
function headersAndTrailers(manifests: readonly Manifest[]): Manifest {
  const gateway = manifests.find(({ kind }) => kind === 'Gateway')?.metadata;
  assert.ok(gateway);
  return {
    apiVersion: 'gateway.envoyproxy.io/v1alpha1',
    kind: 'ClientTrafficPolicy',
    metadata: gateway,
    spec: { targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: gateway.name }], headers: { enableEnvoyHeaders: true }, http1: { enableTrailers: true } },
  };
}

for (const protocol of ['HTTP/1.1', 'HTTP/2'] as const) {
  describe(`a provider that speaks ${protocol}`, () => {
    let app: RunningApp;
    let openAi: ScriptedProvider;
    let bedrock: ScriptedProvider;
    const chat = (model: string, content: string, stream = false) => app.chat(HOST, chatBody(model, content, { stream }), { 'accept-encoding': 'gzip' });

    before(async () => {
      [openAi, bedrock] = await Promise.all([ScriptedProvider.start(protocol, ANSWERS), ScriptedProvider.start(protocol, ANSWERS)]);
      const manifests = synthesized(crossNamespaceApp());
      const backends = manifests.filter(({ apiVersion, kind }) => kind === 'Backend' && apiVersion.startsWith('gateway.envoyproxy.io')).map(({ metadata }) => {
        const { port } = metadata.namespace === 'models' ? openAi : bedrock;
        return [metadata.name, protocol === 'HTTP/2' ? { h2c: port } : port] as const;
      });
      app = await RunningApp.start({ manifests: [...manifests, headersAndTrailers(manifests)], backends: Object.fromEntries(backends) });
      await eventually('the route answers', async () => (await app.send(HOST, '/v1/models')).status === 200);
    });
    after(async () => {
      await app?.stop();
      await Promise.all([openAi?.close(), bedrock?.close()]);
    });

    for (const content of ['gzip JSON', 'gzip JSON in pieces', 'JSON with trailers']) {
      test(`${content} arrives as plain JSON`, async () => {
        const answer = await chat(OPENAI, content);

        assert.equal(answer.status, 200, answer.text);
        assert.ok(answer.whole);
        assert.deepEqual(JSON.parse(answer.text), COMPLETION);
        assert.equal(answer.headers['content-encoding'], undefined);
        assert.match(answer.headers['x-envoy-upstream-service-time'] as string, /^\d+$/);
        assert.equal(openAi.lastHeaders['accept-encoding'], undefined);
        if (content.includes('trailers')) assert.equal(answer.trailers['x-checksum'], 'abc');
      });
    }

    for (const content of ['gzip SSE', 'SSE with trailers']) {
      test(`${content} arrives event by event, to its end`, async () => {
        const answer = await chat(OPENAI, content, true);

        assert.equal(answer.status, 200, answer.text);
        assert.ok(answer.whole);
        assert.equal(answer.text, SSE.join(''));
        assert.equal(answer.headers['content-encoding'], undefined);
        assert.equal(answer.headers['content-type'], 'text/event-stream');
        if (content.includes('trailers')) assert.equal(answer.trailers['x-checksum'], 'abc');
        assert.match(answer.headers['x-envoy-upstream-service-time'] as string, /^\d+$/);
      });
    }

    test('an error with trailers keeps its status and message', async () => {
      const answer = await chat(OPENAI, 'an error with trailers');

      assert.equal(answer.status, 429);
      errorCode(answer);
      assert.match(answer.text, /slow down/);
      assert.equal(answer.trailers['x-checksum'], 'abc');
    });

    for (const stream of [false, true]) {
      for (const status of ['204', '304']) {
        test(`${status} ends with its head, ${stream ? 'streamed' : 'plain'}`, async () => {
          // Whatever came behind the head would be the answer to the connection's next request.
          const bytes = await app.rawChat(HOST, chatBody(OPENAI, status, { stream }));

          assert.match(bytes, new RegExp(`^HTTP/1\\.1 ${status} [^]*\r\n\r\n$`));
          assert.equal(bytes.indexOf('\r\n\r\n'), bytes.length - 4, bytes);
        });
      }

      test(`an empty 503 gets a body in OpenAI's shape, ${stream ? 'streamed' : 'plain'}`, async () => {
        const answer = await chat(OPENAI, 'an empty 503', stream);

        assert.equal(answer.status, 503);
        errorCode(answer);
        assert.equal(answer.headers['retry-after'], '7');
      });
    }

    test('an empty answer stays empty, and a stream says that it is not complete', async () => {
      const plain = await chat(OPENAI, 'an empty answer');
      assert.deepEqual([plain.status, plain.text, plain.whole], [200, '', true]);

      const streamed = await chat(OPENAI, 'an empty answer', true);
      assert.equal(streamed.status, 200);
      assert.ok(streamed.whole);
      assertBroken(streamed);
    });

    for (const content of ['a reset in JSON', 'a reset in chunked JSON']) {
      test(`${content}: the client sees that the answer is cut`, async () => {
        const answer = await chat(OPENAI, content);

        assert.ok(!answer.whole, `${answer.status} ${JSON.stringify(answer.headers)} ${answer.text}`);
      });
    }

    for (const content of ['a reset between events', 'a reset within an event', 'an end before [DONE]']) {
      test(`${content}: what came arrives, and no normal end`, async () => {
        const answer = await chat(OPENAI, content, true);

        assert.equal(answer.status, 200);
        assert.equal(deltas(answer), 'Grüße ');
        assertBroken(answer);
      });
    }

    test('a reset before any byte: 502 or 503 in OpenAI\'s shape', async () => {
      const answer = await chat(OPENAI, 'a reset before any byte');

      assert.ok([502, 503].includes(answer.status), String(answer.status));
      errorCode(answer);
    });

    for (const content of ['an HTML error page', 'an HTML error page with its length']) {
      for (const model of [OPENAI, BEDROCK]) {
        test(`${content}: an error in OpenAI's shape, nothing of the page, ${model}`, async () => {
          const answer = await chat(model, content);

          assert.equal(answer.status, 502);
          errorCode(answer);
          assert.ok(!/html|nginx/.test(answer.text), answer.text);
          assert.match(answer.headers['x-envoy-upstream-service-time'] as string, /^\d+$/);
        });
      }
    }

    test('an event of 100 KB arrives whole', async () => {
      const answer = await chat(OPENAI, 'an event of 100 KB', true);

      assert.equal(answer.text, [SSE[0], event(BIG), ...SSE.slice(2)].join(''));
      assert.ok(answer.whole);
    });

    test('a success that is no Converse answer is an error with its status', async () => {
      const answer = await chat(BEDROCK, 'JSON of somebody else');

      assert.equal(answer.status, 502, answer.text);
      assert.equal(errorCode(answer), 'upstream_broke_off');
      assert.ok(answer.whole);
    });

    test('JSON of 1 MB arrives whole', async () => {
      const answer = await chat(OPENAI, 'JSON of 1 MB');

      assert.ok(answer.whole);
      assert.equal((JSON.parse(answer.text) as { padding: string }).padding.length, 1 << 20);
    });

    test('Bedrock: a gzip answer is translated', async () => {
      const answer = await chat(BEDROCK, 'Converse in gzip');

      assert.equal(answer.status, 200, answer.text);
      const { choices, usage } = JSON.parse(answer.text) as typeof COMPLETION;
      assert.equal(choices[0].message.content, 'Grüße 👋');
      assert.equal(usage.total_tokens, 18);
      assert.equal(answer.headers['content-encoding'], undefined);
    });

    test('Bedrock: an empty answer becomes an error', async () => {
      assert.equal(errorCode(await chat(BEDROCK, 'an empty answer')), 'upstream_broke_off');
      assertBroken(await chat(BEDROCK, 'an empty answer', true));
    });

    test('Bedrock: a reset in the answer is no normal end', async () => {
      const answer = await chat(BEDROCK, 'Converse with a reset');

      assert.ok(!answer.whole || answer.status >= 500, `${answer.status} ${answer.text}`);
    });

    for (const content of ['ConverseStream with a reset', 'ConverseStream that ends in a frame']) {
      test(`Bedrock: ${content}: what came arrives, and no normal end`, async () => {
        const answer = await chat(BEDROCK, content, true);

        assert.equal(answer.status, 200);
        assert.equal(deltas(answer), 'Grüße 👋');
        assertBroken(answer);
      });
    }
  });
}
