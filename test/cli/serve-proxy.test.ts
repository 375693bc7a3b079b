import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunningServe } from './running-serve';
import { startConnectProxy } from '../providers/connect-proxy';
import { startFaultyOpenAi } from '../providers/faulty-provider';
import { backendManifest, routeManifest } from '../runtime/configuration-of';

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'llmgw-proxy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the proxy of the environment takes the first call and those after it, its password is in no output', async () => {
  // GIVEN
  const [first, second] = await Promise.all([startFaultyOpenAi(() => '503'), startFaultyOpenAi(() => undefined)]);
  const proxy = await startConnectProxy({ 'first.example:80': first.port, 'second.example:80': second.port });
  writeFileSync(join(folder, 'chat.yaml'), [
    backendManifest('first', 'OpenAI'), backendManifest('second', 'OpenAI'), routeManifest('[{models: [{value: m}], backendRefs: [{name: first}, {name: second, priority: 1}], failover: {}}]'),
  ].join(''));
  const serve = await RunningServe.start(
    [folder, '--upstream', 'default/first=http://first.example', '--upstream', 'default/second=http://second.example'],
    { http_proxy: `http://user:planted@127.0.0.1:${proxy.port}`, no_proxy: '' },
  );
  try {
    // WHEN
    const base = await serve.says(/listening on (\S+)/);
    const response = await fetch(`${base}/v1/chat/completions`, { method: 'POST', body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hi' }] }), headers: { 'content-type': 'application/json' } });
    // THEN
    expect([response.status, response.headers.get('x-llm-attempts')]).toEqual([200, '2']);
    await response.text();
    expect(proxy.tunnels.map(({ target }) => target)).toEqual(['first.example:80', 'second.example:80']);
    expect(serve.output).not.toContain('planted');
  } finally {
    await serve.stop();
    await Promise.all([proxy.close(), first.close(), second.close()]);
  }
});

test('a proxy that is no URL ends it at once, without showing it', async () => {
  writeFileSync(join(folder, 'chat.yaml'), [backendManifest('first', 'OpenAI'), routeManifest('[{backendRefs: [{name: first}]}]')].join(''));
  const ended = await RunningServe.start([folder], { https_proxy: 'socks5://user:planted@proxy' }).then((serve) => serve.stop().then(() => 'it listens'), (error: Error) => error.message);
  expect(ended).toMatch(/https_proxy must be a URL such as/);
  expect(ended).not.toContain('planted');
});
