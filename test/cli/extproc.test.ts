import { join } from 'node:path';
import { startExtProc } from './running-extproc';
import { EnvoyClient } from '../extproc/envoy-client';

const ROOT = join(__dirname, '..', '..');
const KEY = 'sk-planted-key';

jest.setTimeout(60_000);

test('serves gRPC and its admin port, logs what fails, drains on SIGTERM and ends with 0', async () => {
  // GIVEN
  const extProc = startExtProc(
    { KEY }, '--source', `directory:${join(ROOT, 'test', 'fixtures', 'gateway', 'chat.yaml')}`, '--secret', 'demo/kserve/apiKey=env:KEY', '--drain-delay', '50ms', '--log-level', 'debug',
  );
  const { listen, admin } = await extProc.line('listening') as { listen: string; admin: string };
  const get = async (path: string) => {
    const response = await fetch(`http://${admin}${path}`);
    return { status: response.status, text: await response.text() };
  };
  const client = new EnvoyClient(Number(listen.split(':')[1]));

  // THEN
  expect(await client.check()).toBe('SERVING');
  expect(await get('/readyz')).toEqual({ status: 200, text: 'ready\n' });
  expect(await get('/healthz')).toEqual({ status: 200, text: 'ok\n' });
  expect(JSON.parse((await get('/config')).text)).toMatchObject({
    generation: 1, routes: [{ name: 'demo/chat' }], backends: expect.arrayContaining([{ name: 'demo/kserve', schema: 'OpenAI', origin: 'http://llama.models.svc.cluster.local:8080' }]),
  });
  expect((await get('/elsewhere')).status).toBe(404);
  expect((await fetch(`http://${admin}/metrics`, { method: 'POST' })).status).toBe(405);

  // WHEN
  const stream = client.stream();
  stream.requestHeaders();
  await stream.reply();
  stream.requestBody('{"model":"only-bedrock","messages":[{"role":"user","content":"hi"}]}');
  // Its Secret is not there.
  expect((await stream.reply()).immediateResponse?.status.code).toBe(502);
  stream.halfClose();
  expect(await extProc.line('request failed')).toMatchObject({ level: 'warn', model: 'only-bedrock', backend: 'demo/bedrock', status: 502, errorCode: 'backend_credential' });
  expect((await get('/metrics')).text).toMatch(/llm_gateway_requests_total\{route="demo\/chat",model="only-bedrock",backend="demo\/bedrock",status="502",outcome="completed"\} 1/);
  const metrics = (await get('/metrics')).text;
  // One of the fixture's Secrets is not there.
  for (const line of [
    'llm_gateway_build_info{version="development"} 1', 'llm_gateway_configuration_generation 1', 'llm_gateway_configuration_problems 1',
    'llm_gateway_configuration_loads_total{result="loaded"} 1', 'llm_gateway_configuration_loads_total{result="refused"} 0', 'llm_gateway_request_body_bytes 0',
  ]) expect(metrics).toContain(`${line}\n`);
  expect(metrics).toMatch(/^llm_gateway_open_streams \d+$/m);
  expect(Number(/^process_cpu_seconds_total (.+)$/m.exec(metrics)?.[1])).toBeGreaterThan(0);
  expect(Number(/^process_resident_memory_bytes (.+)$/m.exec(metrics)?.[1])).toBeGreaterThan(10_000_000);
  expect(Number(/^llm_gateway_configuration_loaded_timestamp_seconds (.+)$/m.exec(metrics)?.[1])).toBeGreaterThanOrEqual(Number(/^process_start_time_seconds (.+)$/m.exec(metrics)?.[1]));

  // WHEN
  extProc.child.kill('SIGTERM');
  await extProc.line('draining');
  client.close();
  expect(await extProc.ended).toBe(0);
  expect(extProc.lines.at(-1)).toMatchObject({ msg: 'stopped', cutOff: 0 });
  expect(JSON.stringify(extProc.lines)).not.toContain(KEY);
});
