import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import OpenAI from 'openai';
import { apply, conditionIs, get, kubectl, kubectlMeanwhile, lab, list, logs, patch, rolledOut, serviceOnNode, tryKubectl } from './kubernetes/cluster';
import { eventually } from './process';
import { FakeBedrock, startFakeBedrock } from '../providers/fake-bedrock';
import { FakeOpenAi, startFakeOpenAi } from '../providers/fake-openai';

const ROOT = join(__dirname, '..', '..');
const MODEL = 'llama3-70b';
const AWS_SECRET = 'k8sPlantedAwsSecretAccessKey0000000000000';

let folder: string;
let kserve: FakeOpenAi;
let bedrock: FakeBedrock;
let base: string;
/** From the start of its process until some seconds after it said that it is ready. */
let apiServerStarts: readonly [from: number, to: number] = [0, 0];
let client: OpenAI;

const awsSecret = (secret: string) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'aws-bedrock', namespace: 'llm' },
  stringData: { credentials: `[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = ${secret}\n` },
});
const chat = (model: string, content: string, more: object = {}) => JSON.stringify({ model, messages: [{ role: 'user', content }], ...more });

async function post(body: string, url = base): Promise<{ status: number; text: string }> {
  const response = await fetch(`${url}/v1/chat/completions`, { method: 'POST', body, headers: { 'content-type': 'application/json' }, signal: AbortSignal.timeout(30_000) });
  return { status: response.status, text: await response.text() };
}

/** Requests without a pause until `stop`; what did not answer 200 is kept. */
function load(workers: number, models: readonly string[]): { readonly failures: string[]; readonly count: () => number; stop(): Promise<void> } {
  const failures: string[] = [];
  let running = true;
  let requests = 0;
  const work = Array.from({ length: workers }, async (_, index) => {
    while (running) {
      requests += 1;
      const answer = await post(chat(models[index % models.length], 'hello')).catch((error: Error) => ({ status: 0, text: String(error) }));
      if (answer.status !== 200) failures.push(`${new Date().toISOString()} ${answer.status} ${answer.text.slice(0, 200)}`);
    }
  });
  return { failures, count: () => requests, stop: async () => { running = false; await Promise.all(work); } };
}

function rulesWith(...extra: readonly unknown[]): unknown[] {
  return [
    { name: 'llama', models: [{ value: MODEL }], backendRefs: [{ name: 'kserve', weight: 20 }, { name: 'bedrock', weight: 80, model: 'meta.llama3-70b-instruct-v1:0' }] },
    { name: 'only-kserve', models: [{ value: 'only-kserve' }], backendRefs: [{ name: 'kserve' }] },
    { name: 'only-bedrock', models: [{ value: 'only-bedrock' }], backendRefs: [{ name: 'bedrock' }] },
    ...extra,
  ];
}
const setRulesMeanwhile = (...extra: readonly unknown[]) => kubectlMeanwhile(['patch', 'llmroute', '-n', 'llm', 'chat', '--type=merge', '-p', JSON.stringify({ spec: { rules: rulesWith(...extra) } })]);
const setRules = (...extra: readonly unknown[]) => patch('llmroute', 'llm', 'chat', { spec: { rules: rulesWith(...extra) } });

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'llmgw-k8s-'));
  execFileSync(process.execPath, ['-r', require.resolve('ts-node/register/transpile-only'), join(ROOT, 'examples', 'quickstart', 'main.ts')], {
    cwd: ROOT, env: { ...process.env, CDK8S_OUTDIR: folder }, stdio: 'inherit',
  });
  kserve = await startFakeOpenAi({ host: '0.0.0.0' });
  bedrock = await startFakeBedrock({ host: '0.0.0.0' });
  // As the README says: CRDs first, then the chart as it is.
  kubectl(['apply', '--server-side', '-f', join(folder, 'crds.k8s.yaml')]);
  kubectl(['wait', '--for=condition=Established', 'crd/llmroutes.aigateway.envoyproxy.io', 'crd/llmbackends.aigateway.envoyproxy.io', '--timeout=30s']);
  for (const name of ['llm', 'models']) kubectl(['create', 'namespace', name]);
  apply(awsSecret(AWS_SECRET), ...serviceOnNode('models', 'llama', 8080, kserve.port), ...serviceOnNode('models', 'bedrock', 80, bedrock.port));
  kubectl(['apply', '-f', join(folder, 'llm.k8s.yaml')]);
  await rolledOut('llm', 'llm-extproc');
  await conditionIs('gateway', 'llm', 'llm', 'Programmed', 'True', 60_000);
  // AWS is not to be had here: this backend's address is the stand-in's, without TLS.
  patch('backend.gateway.envoyproxy.io', 'llm', 'bedrock', { spec: { endpoints: [{ fqdn: { hostname: 'bedrock.models.svc.cluster.local', port: 80 } }], tls: null } });
  kubectl(['patch', 'httproute', '-n', 'llm', 'chat', '--type=json', '-p', JSON.stringify(bedrockPort())]);
  setRules();
  base = `http://${String(get('gateway', 'llm', 'llm').status?.addresses[0].value)}`;
  client = new OpenAI({ baseURL: `${base}/v1`, apiKey: 'client-key', maxRetries: 0, timeout: 60_000 });
  await eventually('the gateway answers for both backends', async () => (await post(chat('only-kserve', 'hi'))).status === 200 && (await post(chat('only-bedrock', 'hi'))).status === 200, 60_000)
    .catch((error: Error) => { throw new Error(`${error.message}\n${logs('extproc')}\n${logs('envoy-gateway.log')}`); });
});

/** The pinned rule names the Backend's port. */
function bedrockPort(): unknown[] {
  const rules = get('httproute', 'llm', 'chat').spec?.rules as Array<{ backendRefs?: Array<{ name: string }> }>;
  return rules.flatMap((rule, index) => (rule.backendRefs?.[0].name === 'bedrock' ? [{ op: 'replace', path: `/spec/rules/${index}/backendRefs/0/port`, value: 80 }] : []));
}

after(async () => {
  await kserve?.close();
  await bedrock?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

describe('the quickstart on a cluster', () => {
  for (const model of ['only-kserve', 'only-bedrock']) {
    test(`plain, streamed, tools: ${model}`, async () => {
      const answer = await client.chat.completions.create({ model, messages: [{ role: 'user', content: 'hello' }] });
      assert.ok(answer.choices[0].message.content && answer.usage && answer.usage.total_tokens > 0);
      let text = '';
      for await (const chunk of await client.chat.completions.create({ model, messages: [{ role: 'user', content: 'hello' }], stream: true })) text += chunk.choices[0]?.delta.content ?? '';
      assert.ok(text.length > 0);
      const called = await client.chat.completions.create({
        model, messages: [{ role: 'user', content: 'weather' }], tools: [{ type: 'function', function: { name: 'get_weather', parameters: { type: 'object', properties: {} } } }],
      });
      assert.equal(called.choices[0].finish_reason, 'tool_calls');
    });
  }

  test('the models of the route, an unknown model, a malformed body, 20 MB', async () => {
    assert.deepEqual((await client.models.list()).data.map(({ id }) => id).sort(), [MODEL, 'only-bedrock', 'only-kserve']);
    assert.equal((await post(chat('nobody', 'x'))).status, 404);
    assert.equal((await post('{"model":')).status, 400);
    assert.equal((await post(chat('only-kserve', 'a'.repeat(20_000_000)))).status, 200);
  });

  test('the pods run as the Deployment says: not as root, with their own account', () => {
    for (const pod of list('pods', '-n', 'llm')) {
      assert.equal(pod.spec?.securityContext.runAsUser, 65_532);
      assert.equal(pod.spec?.serviceAccountName, 'llm-extproc');
    }
    const processes = execFileSync('ps', ['-eo', 'uid,args'], { encoding: 'utf8' }).split('\n').filter((line) => / extproc --source kubernetes/.test(line) && !/nsenter|setpriv/.test(line));
    assert.ok(processes.length >= 2);
    for (const line of processes) assert.match(line.trim(), /^65532 /);
  });

  test('kubectl shows what an operator looks for', () => {
    assert.match(kubectl(['get', 'llmroutes', '-n', 'llm']), /NAME +INPUT +HTTPROUTE +ACCEPTED +AGE\nchat +OpenAI +chat +True/);
    assert.match(kubectl(['get', 'llmb', '-n', 'llm']), /NAME +OUTPUT +BACKEND +ACCEPTED +AGE\nbedrock +AWSBedrock +bedrock +True.*\nkserve +OpenAI +kserve +True/);
    assert.match(kubectl(['explain', 'llmroute.spec.rules.backendRefs.weight']), /Share among the backends of the same priority/);
  });

  test('applied twice on the server\'s side, nothing changes', () => {
    const yaml = readFileSync(join(folder, 'llm.k8s.yaml'), 'utf8');
    const version = () => list('llmroutes,llmbackends,httproutes,deployments,services,roles', '-n', 'llm').map(({ metadata }) => `${metadata.name} ${metadata.generation ?? ''}`);
    kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], yaml);
    const first = version();
    kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], yaml);
    assert.deepEqual(version(), first);
    // Back to the stand-in's address.
    patch('backend.gateway.envoyproxy.io', 'llm', 'bedrock', { spec: { endpoints: [{ fqdn: { hostname: 'bedrock.models.svc.cluster.local', port: 80 } }], tls: null } });
    kubectl(['patch', 'httproute', '-n', 'llm', 'chat', '--type=json', '-p', JSON.stringify(bedrockPort())]);
    setRules();
  });
});

describe('status', () => {
  test('a backend that is not there, within 2 s, and mended', async () => {
    setRules({ name: 'dangling', models: [{ value: 'dangling' }], backendRefs: [{ name: 'nowhere' }] });
    const wrong = await conditionIs('llmroute', 'llm', 'chat', 'ResolvedRefs', 'False', 2_000);
    assert.equal(wrong.reason, 'BackendNotFound');
    assert.match(wrong.message, /spec\.rules\[3\]\.backendRefs\[0\]: there is no usable LLMBackend llm\/nowhere; create or mend it/);
    setRules();
    await conditionIs('llmroute', 'llm', 'chat', 'ResolvedRefs', 'True', 2_000);
  });

  test('a Secret that is not there, within 2 s, and mended', async () => {
    kubectl(['delete', 'secret', '-n', 'llm', 'aws-bedrock']);
    const wrong = await conditionIs('llmbackend', 'llm', 'bedrock', 'ResolvedRefs', 'False', 2_000);
    assert.equal(wrong.reason, 'SecretNotFound');
    assert.match(wrong.message, /there is no Secret llm\/aws-bedrock with key credentials; create it/);
    apply(awsSecret(AWS_SECRET));
    await conditionIs('llmbackend', 'llm', 'bedrock', 'ResolvedRefs', 'True', 2_000);
  });

  test('a reference that no ReferenceGrant allows, within 2 s', async () => {
    setRules({ name: 'foreign', models: [{ value: 'foreign' }], backendRefs: [{ name: 'theirs', namespace: 'models' }] });
    const wrong = await conditionIs('llmroute', 'llm', 'chat', 'ResolvedRefs', 'False', 2_000);
    assert.equal(wrong.reason, 'RefNotPermitted');
    setRules();
    await conditionIs('llmroute', 'llm', 'chat', 'ResolvedRefs', 'True', 2_000);
  });

  test('a Backend and a BackendTLSPolicy that cannot be used, within 2 s, and mended', async () => {
    const endpoints = get('backend.gateway.envoyproxy.io', 'llm', 'kserve').spec?.endpoints as unknown;
    patch('backend.gateway.envoyproxy.io', 'llm', 'kserve', { spec: { endpoints: [{ unix: { path: '/run/kserve.sock' } }] } });
    const wrong = await conditionIs('llmbackend', 'llm', 'kserve', 'ResolvedRefs', 'False', 2_000);
    assert.equal(wrong.reason, 'InvalidBackend');
    assert.match(wrong.message, /^spec\.backendRef: Backend llm\/kserve: spec\.endpoints\[0\]: must have fqdn/);
    patch('backend.gateway.envoyproxy.io', 'llm', 'kserve', { spec: { endpoints } });
    await conditionIs('llmbackend', 'llm', 'kserve', 'ResolvedRefs', 'True', 2_000);

    apply({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'BackendTLSPolicy',
      metadata: { name: 'kserve-tls', namespace: 'llm' },
      spec: {
        targetRefs: [{ group: 'gateway.envoyproxy.io', kind: 'Backend', name: 'kserve' }],
        validation: { hostname: 'kserve.example.com', caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'nowhere' }] },
      },
    });
    const untrusted = await conditionIs('llmbackend', 'llm', 'kserve', 'ResolvedRefs', 'False', 2_000);
    assert.match(untrusted.message, /BackendTLSPolicy llm\/kserve-tls: spec\.validation\.caCertificateRefs\[0\]: there is no ConfigMap llm\/nowhere/);
    kubectl(['delete', 'backendtlspolicy', '-n', 'llm', 'kserve-tls']);
    await conditionIs('llmbackend', 'llm', 'kserve', 'ResolvedRefs', 'True', 2_000);
    await eventually('kserve answers again', async () => (await post(chat('only-kserve', 'hi'))).status === 200);
  });

  test('that somebody else overwrote is mended', async () => {
    kubectl(['patch', 'llmroute', '-n', 'llm', 'chat', '--subresource=status', '--type=merge', '-p', JSON.stringify({ status: { conditions: [] } })]);
    await conditionIs('llmroute', 'llm', 'chat', 'Accepted', 'True', 5_000);
  });

  test('one replica writes, and another goes on when it is gone', async () => {
    const holder = () => String(get('lease', 'llm', 'llm-extproc').spec?.holderIdentity);
    const first = holder();
    assert.notEqual(first, '');
    const leader = list('pods', '-n', 'llm').find(({ metadata }) => first.startsWith(`${metadata.name}_`));
    assert.ok(leader, `the holder ${first} is a pod`);
    kubectl(['delete', 'pod', '-n', 'llm', leader.metadata.name, '--wait=false']);
    await eventually('another replica holds the Lease', () => holder() !== first && holder() !== '', 40_000);
    setRules({ name: 'dangling', models: [{ value: 'dangling' }], backendRefs: [{ name: 'nowhere' }] });
    await conditionIs('llmroute', 'llm', 'chat', 'ResolvedRefs', 'False', 10_000);
    setRules();
    await conditionIs('llmroute', 'llm', 'chat', 'ResolvedRefs', 'True', 10_000);
    await rolledOut('llm', 'llm-extproc');
  });
});

describe('changes under load', () => {
  test('a new rule is live within a second of its acceptance, and no request is lost', async () => {
    const requests = load(4, ['only-kserve', 'only-bedrock']);
    const delays: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      await setRulesMeanwhile({ name: `new-${round}`, models: [{ value: `new-${round}` }], backendRefs: [{ name: 'kserve' }] });
      const accepted = Date.now();
      await eventually(`new-${round} is live in both replicas`, async () => (await Promise.all(Array.from({ length: 6 }, () => post(chat(`new-${round}`, 'hi'))))).every(({ status }) => status === 200), 5_000);
      delays.push(Date.now() - accepted);
    }
    await requests.stop();
    assert.deepEqual(requests.failures, []);
    assert.ok(requests.count() > 100);
    console.log(`live after ${delays.join(', ')} ms`);
    // The patch itself returns after its acceptance, and the six requests take time as well.
    assert.ok(delays.sort((left, right) => left - right)[2] <= 1_000, `live after ${delays.join(', ')} ms`);
    setRules();
  });

  test('a rotated Secret is in use without a restart', async () => {
    const signatures = async () => {
      await post(chat('only-bedrock', 'hi'));
      return /Credential=([A-Z0-9]+)\//.exec(String(bedrock.requests.at(-1)?.headers.authorization))?.[1];
    };
    assert.equal(await signatures(), 'AKIAIOSFODNN7EXAMPLE');
    patch('secret', 'llm', 'aws-bedrock', { stringData: { credentials: '[default]\naws_access_key_id = AKIAROTATED000000000\naws_secret_access_key = rotated\n' } });
    await eventually('the new key signs', async () => (await Promise.all(Array.from({ length: 6 }, signatures))).every((id) => id === 'AKIAROTATED000000000'), 3_000);
    apply(awsSecret(AWS_SECRET));
  });

  test('the API server away: traffic goes on, and changes after it are seen', async () => {
    const requests = load(2, ['only-kserve', 'only-bedrock']);
    await lab('stop-apiserver');
    await sleep(3_000);
    const restarted = Date.now();
    await lab('start-apiserver');
    apiServerStarts = [restarted, Date.now() + 5_000];
    await eventually('the API server takes changes', () => tryKubectl(['get', 'llmroute', '-n', 'llm', 'chat']).status === 0, 30_000);
    await setRulesMeanwhile({ name: 'after', models: [{ value: 'after' }], backendRefs: [{ name: 'kserve' }] });
    await eventually('the change is live', async () => (await post(chat('after', 'hi'))).status === 200, 30_000);
    await requests.stop();
    assert.deepEqual(requests.failures, []);
    setRules();
  });

  test('a rolling update of ExtProc loses no request', async () => {
    const requests = load(4, ['only-kserve', 'only-bedrock']);
    await sleep(500);
    await kubectlMeanwhile(['rollout', 'restart', '-n', 'llm', 'deployment/llm-extproc']);
    await rolledOut('llm', 'llm-extproc', 120_000);
    // The old pods drain for a while after the new ones are there.
    await eventually('the old pods are gone', () => list('pods', '-n', 'llm').length === 2, 60_000);
    await requests.stop();
    assert.ok(requests.count() > 500, `${requests.count()} requests`);
    assert.deepEqual(requests.failures, [], logs('extproc', 5));
  });

  test('a pod that is killed takes only its own requests with it', async () => {
    const requests = load(4, ['only-kserve', 'only-bedrock']);
    await sleep(500);
    const [pid] = execFileSync('pgrep', ['-f', 'extproc --source kubernetes'], { encoding: 'utf8' }).trim().split('\n');
    process.kill(Number(pid), 'SIGKILL');
    await sleep(4_000);
    await requests.stop();
    assert.ok(requests.count() > 200);
    console.log(`${requests.failures.length} of ${requests.count()} requests failed${requests.failures.map((text) => `\n  ${text}`).join('')}`);
    // Those of the four workers, and two more until Envoy looks away from it.
    assert.ok(requests.failures.length <= 6, requests.failures.join('\n'));
    await rolledOut('llm', 'llm-extproc');
  });
});

describe('rights', () => {
  test('the Role is enough, and nothing in it is unused', async () => {
    await sleep(1_500);
    const events = readFileSync(join(process.env.LAB ?? '', 'log', 'audit.log'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as {
      user: { username: string };
      verb: string;
      responseStatus?: { code?: number };
      requestReceivedTimestamp: string;
      objectRef?: { apiGroup?: string; resource?: string; subresource?: string; name?: string };
    }).filter(({ user }) => user.username === 'system:serviceaccount:llm:llm-extproc');
    assert.ok(events.length > 20);
    // A new API server knows no rights for the first moments.
    const starting = (time: number) => time >= apiServerStarts[0] && time <= apiServerStarts[1];
    const refused = events.filter(({ responseStatus, requestReceivedTimestamp }) => responseStatus?.code === 403 && !starting(Date.parse(requestReceivedTimestamp)));
    // The BackendTLSPolicy of a test above names a ConfigMap that no synthesized backend does.
    assert.deepEqual(refused.map(({ verb, objectRef }) => `${verb} ${objectRef?.resource} ${objectRef?.name}`).filter((one) => one !== 'list configmaps nowhere'), []);
    const resourceOf = ({ apiGroup = '', resource = '', subresource }: NonNullable<(typeof events)[0]['objectRef']>) => `${apiGroup}/${resource}${subresource ? `/${subresource}` : ''}`;
    const used = new Set(events.map(({ verb, objectRef }) => `${resourceOf(objectRef ?? {})} ${verb}`));
    const granted = list('roles', '-n', 'llm').flatMap((role) => (role as unknown as { rules: Array<{ apiGroups: string[]; resources: string[]; verbs: string[] }> }).rules)
      .flatMap(({ apiGroups, resources, verbs }) => apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => `${group}/${resource} ${verb}`))));
    assert.deepEqual([...new Set(granted)].filter((right) => !used.has(right)).sort(), []);
  });

  test('no log holds a planted credential', () => {
    assert.ok(!logs('', 100_000).includes(AWS_SECRET));
  });
});

describe('the end', () => {
  test('deleting what was applied leaves nothing of ours behind', async () => {
    // What a namespace has by itself, and what the suite made.
    const kinds = kubectl(['api-resources', '--namespaced', '--verbs=list', '-o', 'name']).trim().split('\n').filter((kind) => !/^events(\.|$)/.test(kind));
    const left = () => list(kinds.join(','), '-n', 'llm').map((object) => `${(object as unknown as { kind: string }).kind} ${object.metadata.name}`)
      .filter((name) => !['ConfigMap kube-root-ca.crt', 'ServiceAccount default', 'Secret aws-bedrock'].includes(name));
    assert.ok(left().some((name) => name === 'Lease llm-extproc'));
    kubectl(['delete', '-f', join(folder, 'llm.k8s.yaml'), '--wait=false']);
    await eventually('all is gone', () => left().length === 0, 60_000).catch((error: Error) => { throw new Error(`${error.message}: ${left().join(', ')}`); });
  });
});
