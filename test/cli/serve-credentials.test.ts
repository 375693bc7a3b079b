import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RunningServe } from './running-serve';
import { CloudLab } from '../providers/clouds/cloud-lab';
import { checkSignature } from '../providers/clouds/fake-aws';
import { startFakeAzureOpenAi } from '../providers/fake-azure-openai';
import { FakeBedrock, startFakeBedrock } from '../providers/fake-bedrock';
import { startFakeGemini } from '../providers/fake-gemini';
import { FakeProvider, RecordedRequest } from '../providers/fake-provider';
import { routeManifest } from '../runtime/configuration-of';

/** Every way to a credential, as a pod would have it, by the bundle; the clouds' token endpoints are on loopback (`CloudLab`). */

jest.setTimeout(120_000);

const CLIENT_KEY = 'planted-client-key';
const ROLE = 'arn:aws:iam::123456789012:role';

let lab: CloudLab;
let folder: string;
let azure: FakeProvider;
let gemini: FakeProvider;
let bedrock: FakeBedrock;
const outputs: RunningServe[] = [];

beforeEach(async () => {
  lab = await CloudLab.start();
  folder = mkdtempSync(join(tmpdir(), 'llmgw-credentials-'));
  [azure, gemini, bedrock] = await Promise.all([startFakeAzureOpenAi(), startFakeGemini(), startFakeBedrock()]);
});

afterEach(async () => {
  await Promise.all(outputs.map((one) => one.stop()));
  const output = outputs.splice(0).map((one) => one.output).join('\n');
  await Promise.all([azure, gemini, bedrock, lab].map((one) => one.close()));
  rmSync(folder, { recursive: true });
  // What the processes printed holds no secret, whatever the test was about.
  expect(output.length).toBeGreaterThan(0);
  for (const planted of [...lab.planted, CLIENT_KEY]) expect(output).not.toContain(planted);
});

interface Backend {
  readonly schema: 'AzureOpenAI' | 'GCPVertexAI' | 'AWSBedrock';
  readonly credential: object;
}

const gcp = (more: object = {}): Backend => ({ schema: 'GCPVertexAI', credential: { gcp: { project: 'p', region: 'us-central1', ...more } } });
const aws = (more: object = {}): Backend => ({ schema: 'AWSBedrock', credential: { aws: { region: 'us-east-1', ...more } } });
const entra = (more: object = {}): Backend => ({ schema: 'AzureOpenAI', credential: { azure: more } });
const secretRef = (key: string) => ({ secretRef: { name: 'keys', key } });

/** One model for each backend, of the same name. */
function manifests(backends: Readonly<Record<string, Backend>>, secrets: Readonly<Record<string, string>>): string {
  const rules = Object.keys(backends).map((name) => ({ models: [{ type: 'Exact', value: name }], backendRefs: [{ name, ...backends[name].schema === 'AzureOpenAI' ? { model: 'my-deployment' } : {} }] }));
  const objects = Object.entries(backends).flatMap(([name, { schema, credential }]) => [
    { apiVersion: 'aigateway.envoyproxy.io/v1alpha1', kind: 'LLMBackend', metadata: { name }, spec: { outputSchema: { schema }, backendRef: { name }, credential } },
    { apiVersion: 'gateway.envoyproxy.io/v1alpha1', kind: 'Backend', metadata: { name }, spec: { endpoints: [{ fqdn: { hostname: `${name}.example`, port: 443 } }] } },
  ]);
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys' }, stringData: secrets };
  return routeManifest(JSON.stringify(rules)) + [...objects, secret].map((object) => `---\n${JSON.stringify(object)}\n`).join('');
}

function write(text: string): void {
  writeFileSync(join(folder, 'next'), text);
  renameSync(join(folder, 'next'), join(folder, 'objects.yaml'));
}

class Gateway {
  static async start(backends: Readonly<Record<string, Backend>>, secrets: Readonly<Record<string, string>>, environment: Record<string, string>): Promise<Gateway> {
    write(manifests(backends, secrets));
    const ports = { AzureOpenAI: azure.port, GCPVertexAI: gemini.port, AWSBedrock: bedrock.port };
    const upstreams = Object.entries(backends).flatMap(([name, { schema }]) => ['--upstream', `default/${name}=http://127.0.0.1:${ports[schema]}`]);
    const serve = await RunningServe.startBundle(['serve', folder, ...upstreams], environment);
    outputs.push(serve);
    return new Gateway(serve, await serve.says(/listening on (\S+)/));
  }

  private constructor(readonly serve: RunningServe, private readonly base: string) {}

  /** Fails when there is no answer before Envoy would have given up. */
  async ask(model: string, headers: Record<string, string> = {}): Promise<{ readonly status: number; readonly text: string }> {
    const response = await fetch(`${this.base}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'authorization': `Bearer ${CLIENT_KEY}`, ...headers },
      body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] }),
      signal: AbortSignal.timeout(9_000),
    });
    return { status: response.status, text: await response.text() };
  }

  async answers(model: string): Promise<void> {
    expect(await this.ask(model)).toMatchObject({ status: 200 });
  }
}

async function eventually(what: string, check: () => Promise<boolean> | boolean): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (await check()) return;
    await sleep(50);
  }
  throw new Error(`${what}: never`);
}

const last = (provider: FakeProvider): RecordedRequest => provider.requests.at(-1)!;
const bearer = (provider: FakeProvider) => last(provider).headers.authorization;
const awsFile = (extra = '') => `[default]\naws_access_key_id = AKIAPLANTEDSTATIC\naws_secret_access_key = planted-aws-secret-key\n${extra}`;

describe('each cloud gives what its provider takes', () => {
  test('out of Secrets', async () => {
    const gateway = await Gateway.start({
      'azure-secret': entra({ tenantId: lab.tenantId, clientId: lab.clientId, ...secretRef('client-secret') }),
      'azure-token': entra(secretRef('access_token')),
      'google-key': gcp(secretRef('service_account.json')),
      'google-federation': gcp(secretRef('federation.json')),
      'google-token': gcp(secretRef('access_token')),
      'aws-static': aws(secretRef('credentials')),
      'aws-prod': aws({ ...secretRef('credentials'), profile: 'prod' }),
      'aws-role-profile': aws({ ...secretRef('credentials'), profile: 'chained' }),
      'aws-web-profile': aws({ ...secretRef('credentials'), profile: 'web' }),
      'aws-assumed': aws({ ...secretRef('credentials'), assumeRole: { roleArn: `${ROLE}/assumed` } }),
      'aws-foreign': aws({ ...secretRef('credentials'), assumeRole: { roleArn: `${ROLE}/foreign`, externalId: 'tenant-7', sessionName: 'other-session' } }),
    }, {
      'client-secret': lab.clientSecret,
      'access_token': 'planted-ready-token',
      'service_account.json': lab.serviceAccountKey,
      'federation.json': lab.federation,
      'credentials': awsFile(`[prod]\naws_access_key_id = AKIAPLANTEDPROD\naws_secret_access_key = planted-aws-prod-secret-key\n[profile chained]\nrole_arn = ${ROLE}/chained\nsource_profile = prod\n`
        + `[web]\nrole_arn = ${ROLE}/web\nweb_identity_token_file = ${lab.federatedEnvironment.AWS_WEB_IDENTITY_TOKEN_FILE}\n`),
    }, lab.environment);

    await gateway.answers('azure-secret');
    expect(bearer(azure)).toBe(`Bearer ${lab.clouds.entra.given[0]}`);
    await gateway.answers('azure-token');
    expect(bearer(azure)).toBe('Bearer planted-ready-token');
    await gateway.answers('google-key');
    expect(bearer(gemini)).toMatch(/^Bearer planted-google-\d$/);
    await gateway.answers('google-federation');
    expect(bearer(gemini)).toMatch(/^Bearer planted-google-impersonated-\d$/);
    await gateway.answers('google-token');
    expect(bearer(gemini)).toBe('Bearer planted-ready-token');
    for (const [model, id] of [['aws-static', /^AKIAPLANTEDSTATIC$/], ['aws-prod', /^AKIAPLANTEDPROD$/], ['aws-role-profile', /^ASIACHAINED/], ['aws-web-profile', /^ASIAWEB/], ['aws-assumed', /^ASIAASSUMED/], ['aws-foreign', /^ASIAFOREIGN/]] as const) {
      await gateway.answers(model);
      expect(checkSignature(last(bedrock), lab.keys)).toMatch(id);
    }
    const sessions = lab.clouds.sts.requests.map(({ body }) => new URLSearchParams(body.toString('utf8')).get('RoleSessionName'));
    expect(sessions).toEqual(expect.arrayContaining(['llm-gateway', 'other-session']));
    expect(lab.complaints).toEqual([]);
    // The client's own key went nowhere.
    for (const { headers } of [azure, gemini, bedrock].flatMap(({ requests }) => requests)) expect(JSON.stringify(headers)).not.toContain(CLIENT_KEY);
    expect(gateway.serve.output).not.toContain('could be had');
  });

  test('by the identity of the pod: IRSA, Azure workload identity, GOOGLE_APPLICATION_CREDENTIALS', async () => {
    const gateway = await Gateway.start({ azure: entra(), google: gcp(), aws: aws(), assumed: aws({ assumeRole: { roleArn: `${ROLE}/assumed` } }) }, {}, lab.federatedEnvironment);
    await gateway.answers('azure');
    expect(bearer(azure)).toMatch(/^Bearer planted-entra-federated-\d$/);
    await gateway.answers('google');
    expect(bearer(gemini)).toMatch(/^Bearer planted-google-impersonated-\d$/);
    await gateway.answers('aws');
    expect(checkSignature(last(bedrock), lab.keys)).toMatch(/^ASIAIRSA/);
    await gateway.answers('assumed');
    expect(checkSignature(last(bedrock), lab.keys)).toMatch(/^ASIAASSUMED/);
    expect(lab.complaints).toEqual([]);
  });

  test('by the identity of the pod: EKS Pod Identity, Google\'s metadata server', async () => {
    const gateway = await Gateway.start({ google: gcp(), aws: aws(), assumed: aws({ assumeRole: { roleArn: `${ROLE}/assumed` } }) }, {}, lab.podIdentityEnvironment);
    await gateway.answers('google');
    expect(bearer(gemini)).toMatch(/^Bearer planted-google-metadata-\d$/);
    await gateway.answers('aws');
    expect(checkSignature(last(bedrock), lab.keys)).toMatch(/^ASIAPOD/);
    await gateway.answers('assumed');
    expect(checkSignature(last(bedrock), lab.keys)).toMatch(/^ASIAASSUMED/);
    expect(lab.complaints).toEqual([]);
  });
});

describe('tokens that end', () => {
  const all = () => ({ azure: entra({ tenantId: lab.tenantId, clientId: lab.clientId, ...secretRef('client-secret') }), google: gcp(secretRef('service_account.json')), aws: aws({ ...secretRef('credentials'), assumeRole: { roleArn: `${ROLE}/assumed` } }) });
  const secrets = () => ({ 'client-secret': lab.clientSecret, 'service_account.json': lab.serviceAccountKey, 'credentials': awsFile() });

  test('are renewed before, without a request that asks for it', async () => {
    const { entra: microsoft, google, sts } = lab.clouds;
    for (const cloud of [microsoft, google, sts]) cloud.lifetime = 3;
    const gateway = await Gateway.start(all(), secrets(), lab.environment);
    await eventually('three generations', () => [microsoft, google, sts].every(({ given }) => given.length >= 3));
    for (const model of ['azure', 'google', 'aws']) await gateway.answers(model);
    expect([azure, gemini, bedrock].map(({ requests }) => requests.length)).toEqual([1, 1, 1]);
    expect(microsoft.given.slice(2).map((token) => `Bearer ${token}`)).toContain(bearer(azure));
    expect(google.given.slice(2).map((token) => `Bearer ${token}`)).toContain(bearer(gemini));
    expect(checkSignature(last(bedrock), lab.keys)).toMatch(/^ASIAASSUMED([3-9]|\d\d)$/);
  });

  test('are sent while they are valid and never after, when nothing follows them', async () => {
    const { entra: microsoft } = lab.clouds;
    microsoft.lifetime = 8;
    const gateway = await Gateway.start({ azure: all().azure }, secrets(), lab.environment);
    await gateway.answers('azure');
    microsoft.mode = 'refuse';
    await gateway.serve.says(/LLMBackend default\/azure: no access token of Microsoft Entra ID could be had: .*AADSTS7000215.*; check tenantId, clientId and key client-secret of Secret keys/);
    await gateway.answers('azure');
    expect(bearer(azure)).toBe(`Bearer ${microsoft.given[0]}`);
    const ends = Date.now() + 8_000;
    await eventually('the token ends', async () => (await gateway.ask('azure')).status !== 200);
    expect(Date.now()).toBeLessThan(ends + 1_000);
    const { status, text } = await gateway.ask('azure');
    expect(status).toBe(502);
    expect(JSON.parse(text)).toMatchObject({
      error: { code: 'backend_credential', message: expect.stringMatching(/^LLMBackend default\/azure: no access token of Microsoft Entra ID could be had: .*AADSTS7000215.*; check tenantId, clientId/) },
    });
    for (const planted of lab.planted) expect(text).not.toContain(planted);
    // It comes back by itself.
    microsoft.mode = 'well';
    await eventually('well again', async () => (await gateway.ask('azure')).status === 200);
    expect(bearer(azure)).toBe(`Bearer ${microsoft.given[1]}`);
    await gateway.serve.says(/LLMBackend default\/azure: access token of Microsoft Entra ID could be had again/);
  });

  test('a refusal of each cloud is told by its codes, not by its words', async () => {
    for (const cloud of Object.values(lab.clouds)) cloud.mode = 'refuse';
    const gateway = await Gateway.start(all(), secrets(), lab.environment);
    for (const [model, reason] of [['azure', 'AADSTS7000215'], ['google', 'invalid_grant'], ['aws', 'AccessDenied']]) {
      const { status, text } = await gateway.ask(model);
      expect([status, text]).toEqual([502, expect.stringContaining(reason)]);
      for (const planted of [...lab.planted, 'planted']) expect(text).not.toContain(planted);
    }
  });
});

describe('a token endpoint that never answers', () => {
  test('holds up nobody else, and its own requests for a bounded time', async () => {
    // GIVEN
    const { entra: microsoft, googleMetadata } = lab.clouds;
    microsoft.mode = 'stuck';
    googleMetadata.mode = 'stuck';
    const backends = { azure: entra({ tenantId: lab.tenantId, clientId: lab.clientId, ...secretRef('client-secret') }), metadata: gcp(), google: gcp(secretRef('service_account.json')), aws: aws() };
    const secrets = { 'client-secret': lab.clientSecret, 'service_account.json': lab.serviceAccountKey };
    const gateway = await Gateway.start(backends, secrets, lab.podIdentityEnvironment);
    // WHEN
    const stuck = ['azure', 'metadata'].map((model) => gateway.ask(model));
    for (let round = 0; round < 3; round += 1) for (const model of ['google', 'aws']) await gateway.answers(model);
    // A swap of the configuration does not wait either.
    write(manifests({ ...backends, renamed: backends.aws }, secrets));
    await gateway.serve.says(/configuration 2: 1 LLMRoute, 5 LLMBackends/);
    // THEN
    for (const answer of await Promise.all(stuck)) expect(answer).toMatchObject({ status: 502, text: expect.stringMatching(/LLMBackend default\/\w+: no access token of .* could be had: (no answer within 5 s|there are no application default credentials); check /) });
    microsoft.mode = 'well';
    googleMetadata.mode = 'well';
    await eventually('both are well again', async () => (await gateway.ask('azure')).status === 200 && (await gateway.ask('metadata')).status === 200);
  });

  test('does not keep the process from ending', async () => {
    for (const cloud of Object.values(lab.clouds)) cloud.mode = 'stuck';
    const gateway = await Gateway.start({
      azure: entra({ tenantId: lab.tenantId, clientId: lab.clientId, ...secretRef('client-secret') }), google: gcp(secretRef('service_account.json')), metadata: gcp(), aws: aws(),
    }, { 'client-secret': lab.clientSecret, 'service_account.json': lab.serviceAccountKey }, lab.podIdentityEnvironment);
    await eventually('all are asked', () => ['entra', 'google', 'googleMetadata', 'podIdentity'].every((name) => lab.clouds[name as keyof CloudLab['clouds']].requests.length > 0));
    const stopped = await Promise.race([gateway.serve.stop(), sleep(10_000, 'still there')]);
    expect(stopped).toBe(0);
  });
});

describe('a rotated Secret', () => {
  test('is used from then on: a ready token, and what signs in', async () => {
    const backends = { token: entra(secretRef('access_token')), google: gcp(secretRef('service_account.json')), aws: aws(secretRef('credentials')) };
    const secrets = { 'access_token': 'planted-ready-token', 'service_account.json': 'planted-nothing', 'credentials': awsFile() };
    const gateway = await Gateway.start(backends, secrets, lab.environment);
    await gateway.answers('token');
    expect(bearer(azure)).toBe('Bearer planted-ready-token');
    await gateway.answers('aws');
    expect(checkSignature(last(bedrock), lab.keys)).toBe('AKIAPLANTEDSTATIC');
    expect(await gateway.ask('google')).toMatchObject({ status: 502, text: expect.stringContaining('must be the JSON of a service account key') });

    write(manifests(backends, {
      'access_token': 'planted-rotated-token',
      'service_account.json': lab.serviceAccountKey,
      'credentials': awsFile().replace('AKIAPLANTEDSTATIC', 'AKIAPLANTEDPROD').replace('planted-aws-secret-key', 'planted-aws-prod-secret-key'),
    }));
    await gateway.serve.says(/configuration 2/);
    await gateway.answers('token');
    expect(bearer(azure)).toBe('Bearer planted-rotated-token');
    await gateway.answers('aws');
    expect(checkSignature(last(bedrock), lab.keys)).toBe('AKIAPLANTEDPROD');
    await gateway.answers('google');
    // What did not change is not asked for anew.
    expect(lab.clouds.google.given).toHaveLength(1);
    write(manifests(backends, { 'access_token': 'planted-third-token', 'service_account.json': lab.serviceAccountKey, 'credentials': awsFile() }));
    await gateway.serve.says(/configuration 3/);
    await gateway.answers('google');
    expect(lab.clouds.google.given).toHaveLength(1);
  });

  test('a backend that goes away takes its renewal along', async () => {
    lab.clouds.entra.lifetime = 2;
    const backends = { azure: entra({ tenantId: lab.tenantId, clientId: lab.clientId, ...secretRef('client-secret') }), google: gcp(secretRef('service_account.json')) };
    const secrets = { 'client-secret': lab.clientSecret, 'service_account.json': lab.serviceAccountKey };
    const gateway = await Gateway.start(backends, secrets, lab.environment);
    await eventually('it is renewed', () => lab.clouds.entra.given.length >= 2);
    write(manifests({ google: backends.google }, secrets));
    await gateway.serve.says(/configuration 2: 1 LLMRoute, 1 LLMBackend/);
    const given = lab.clouds.entra.given.length;
    // Two lives of a token, and what was under way.
    await sleep(4_000);
    expect(lab.clouds.entra.given.length).toBeLessThanOrEqual(given + 1);
  });
});

test('llmgw extproc prints no secret at its most talkative, and says what fails', async () => {
  for (const cloud of Object.values(lab.clouds)) cloud.mode = 'refuse';
  write(manifests({
    azure: entra({ tenantId: lab.tenantId, clientId: lab.clientId, ...secretRef('client-secret') }),
    google: gcp(secretRef('service_account.json')),
    aws: aws({ ...secretRef('credentials'), assumeRole: { roleArn: `${ROLE}/assumed` } }),
    ready: entra(secretRef('access_token')),
    keyed: { schema: 'AzureOpenAI', credential: { apiKey: secretRef('apiKey') } },
  }, { 'client-secret': lab.clientSecret, 'service_account.json': lab.serviceAccountKey, 'credentials': awsFile(), 'access_token': 'planted-ready-token', 'apiKey': 'planted-api-key' }));
  const extProc = await RunningServe.startBundle(['extproc', '--source', `directory:${folder}`, '--admin-listen', '127.0.0.1:0', '--log-level', 'trace', '--drain-delay', '0s'], {
    ...lab.environment, AZURE_LOG_LEVEL: '', GOOGLE_SDK_NODE_LOGGING: '',
  });
  outputs.push(extProc);
  for (const name of ['azure', 'google', 'aws']) await extProc.says(new RegExp(`"backends":\\["default/${name}"\\],"reason":"[^"]*(AADSTS7000215|invalid_grant|AccessDenied)`));
  expect(await extProc.stop()).toBe(0);
  for (const planted of ['planted-ready-token', 'planted-api-key']) expect(extProc.output).not.toContain(planted);
});
