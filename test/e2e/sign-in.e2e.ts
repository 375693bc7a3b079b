import assert from 'node:assert/strict';
import { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { after, before, test } from 'node:test';
import { eventually } from './process';
import { chatBody, GATEWAY_PORT, RunningApp, synthesized } from './running-app';
import { signInApp } from '../apps/sign-in';
import { Certificate, CertificateAuthority } from '../providers/certificate';
import { FakeOpenAi, startFakeOpenAi } from '../providers/fake-openai';

/** Client certificates and a login page, as real Envoy asks for them. */

const authority = new CertificateAuthority();
const client = authority.issue(['client.example.com']);
const KEY = { 'x-api-key': 'key-of-team-a-000000' };

let app: RunningApp;
let main: FakeOpenAi;

/** Rejects where the TLS connection does not come about. */
function send(
  host: string, path: string, certificate: Certificate | undefined, headers: Record<string, string>, body?: string,
): Promise<{ status: number; headers: IncomingHttpHeaders; text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      host: '127.0.0.1',
      port: GATEWAY_PORT,
      servername: host,
      path,
      method: body === undefined ? 'GET' : 'POST',
      agent: false,
      timeout: 10_000,
      headers: { host, ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ca: authority.certificate,
      ...(certificate === undefined ? {} : { cert: certificate.certificate, key: certificate.privateKey }),
    }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text: Buffer.concat(chunks).toString('utf8') }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

before(async () => {
  main = await startFakeOpenAi();
  app = await RunningApp.start({ manifests: synthesized(signInApp(authority)), backends: { main: main.port } });
  await eventually('the route answers', async () => (await send('keys.example.com', '/v1/models', client, KEY).catch(() => ({ status: 0 }))).status === 200);
});

after(async () => {
  await app?.stop();
  await main?.close();
});

test('a client with a certificate and a key gets its answer; the provider hears of neither', async () => {
  const answer = await send('keys.example.com', '/v1/chat/completions', client, { ...KEY, 'x-forwarded-client-cert': 'Subject="CN=somebody"' }, chatBody('gpt-small', 'hi'));
  assert.equal(answer.status, 200, answer.text);
  const { headers } = main.requests.at(-1) ?? { headers: {} };
  assert.deepEqual(Object.keys(headers).filter((name) => /^x-llm-|^x-api-key$|client-cert/.test(name)), []);
});

test('a certificate does not stand in for the key', async () => {
  assert.equal((await send('keys.example.com', '/v1/models', client, {})).status, 401);
});

test('without a certificate, with one of another authority, with one of another name there is no connection', async () => {
  for (const certificate of [undefined, new CertificateAuthority().issue(['client.example.com']), authority.issue(['other.example.com'])]) {
    await assert.rejects(send('keys.example.com', '/v1/models', certificate, KEY));
  }
});

test('who has no session is sent to the login page, and from there to a path that the route takes', async () => {
  const answer = await send('page.example.com', '/v1/models', client, { accept: 'text/html' });
  assert.equal(answer.status, 302);
  const target = new URL(String(answer.headers.location));
  assert.equal(`${target.origin}${target.pathname}`, 'https://issuer.example.com/authorize');
  assert.equal(target.searchParams.get('client_id'), 'gateway');
  assert.equal(target.searchParams.get('redirect_uri'), 'https://page.example.com/v1/oauth2/callback');
  // Answered by Envoy's OAuth filter (no such session), not by ExtProc (unknown endpoint).
  assert.notEqual((await send('page.example.com', '/v1/oauth2/callback?code=a&state=b', client, {})).status, 404);
});
