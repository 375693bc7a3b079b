import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { kubectl, tryKubectl } from './kubernetes/cluster';
import { boundedLists, celMessages, Path, pathText, SchemaCase, schemaCases, valueAt, withValue } from './kubernetes/schema-cases';
import { crdManifests } from '../../src/resources/crd/crd-manifests';
import { AWS_PROFILE_RULE, AZURE_CLIENT_RULE, LLM_BACKEND_SPEC, PREFIX_SCHEMA_RULE, REQUEST_HEADER_RULE } from '../../src/resources/crd/llm-backend-schema';
import { LLM_ROUTE_SPEC } from '../../src/resources/crd/llm-route-schema';
import { StructuralSchema } from '../../src/resources/crd/schema';
import { MODEL_CAPABILITIES, MODEL_KINDS } from '../../src/resources/model-entry';

/** What the API server takes and refuses, and what it says then: every statement of both CRDs' schemas has a value for each. */

const NAMESPACE = 'objects';
type Kind = 'LLMRoute' | 'LLMBackend';
type Spec = Record<string, unknown>;

const SECRET = { name: 'keys', key: 'k' };
/** Every field once; of the credentials, which exclude each other, the one that is asked for. */
const WHOLE: Readonly<Record<Kind, Spec>> = {
  LLMRoute: {
    inputSchema: { schema: 'OpenAI' },
    httpRouteRef: { name: 'chat' },
    rules: [{
      name: 'llama',
      models: [{ type: 'Exact', value: 'llama3-70b' }],
      headers: [{ type: 'Exact', name: 'x-tenant', value: 'a' }],
      backendRefs: [{ name: 'a', namespace: 'other', weight: 20, priority: 0, model: 'llama3' }, { name: 'b', weight: 80 }],
      failover: { attempts: 3, perAttemptTimeout: '30s', retryOn: { triggers: ['5xx'], httpStatusCodes: [429] } },
      unsupportedParameters: 'Strict',
      requestHeaders: { set: [{ name: 'x-a', value: 'a' }], remove: ['x-b'] },
      requestBody: { set: [{ path: 'a', value: '1' }], remove: ['b'] },
    }],
    modelAccess: [{ clients: ['a'], claims: [{ name: 'org.team', valueType: 'String', values: ['a'] }], models: [{ type: 'Exact', value: 'llama3-70b' }] }],
    costs: [{ metadataKey: 'usd', type: 'Price', unitsPerDollar: 10_000 }],
    limitKeys: [{ header: 'x-tenant', claim: 'org.team', models: [{ type: 'Exact', value: 'llama3-70b' }] }],
    timeouts: { request: '5m' },
    failover: { attempts: 3, perAttemptTimeout: '30s', retryOn: { triggers: ['5xx'], httpStatusCodes: [429] } },
  },
  LLMBackend: {
    outputSchema: { schema: 'OpenAI', version: 'v1' },
    backendRef: { group: 'gateway.envoyproxy.io', kind: 'Backend', name: 'a', port: 443 },
    credential: {
      apiKey: { secretRef: SECRET },
      aws: { region: 'us-east-1', secretRef: SECRET, profile: 'prod', assumeRole: { roleArn: 'arn:aws:iam::123456789012:role/a', externalId: 'tenant', sessionName: 'gateway' } },
      azure: { tenantId: 't', clientId: 'c', secretRef: SECRET },
      gcp: { project: 'p', region: 'global', secretRef: SECRET },
      fromRequestHeader: { name: 'x-key', prefix: 'x-aws-', required: false },
    },
    headers: { set: [{ name: 'x-a', value: 'a' }], remove: ['x-b'] },
    body: { set: [{ path: 'a', value: '1' }], remove: ['b'] },
    models: [{
      name: 'm',
      baseModel: 'b',
      kinds: ['Chat'],
      capabilities: ['Tools'],
      contextWindow: 8_192,
      maxOutputTokens: 1_024,
      prices: { input: '2.50', output: '10', cachedInput: '0.25', cacheWrite: '3.125', reasoning: '10' },
    }],
  },
};
const COST_TYPES = ['InputToken', 'CachedInputToken', 'CacheCreationInputToken', 'OutputToken', 'ReasoningToken', 'TotalToken', 'Price'];
const CREDENTIALS = ['apiKey', 'aws', 'azure', 'gcp'] as const;

function whole(kind: Kind, path: Path): Spec {
  // A route has rules with failovers of their own, or one for the rules of its HTTPRoute.
  if (kind === 'LLMRoute') return withValue(WHOLE.LLMRoute, [path.includes('failover') && !path.includes('rules') ? 'rules' : 'failover'], undefined);
  const kept = CREDENTIALS.find((name) => path.includes(name)) ?? 'aws';
  let spec = CREDENTIALS.filter((name) => name !== kept).reduce((left, name) => withValue(left, ['credential', name], undefined), WHOLE.LLMBackend);
  // The prefix goes with AWS alone and without a name.
  const [left, schema] = path.includes('prefix') ? ['name', 'AWSBedrock'] : ['prefix', 'OpenAI'];
  spec = withValue(withValue(spec, ['credential', 'fromRequestHeader', left], undefined), ['outputSchema', 'schema'], schema);
  // The group goes with the kind; a test of one leaves the other out.
  if (path.at(-1) === 'kind') spec = withValue(spec, ['backendRef', 'group'], undefined);
  return spec;
}

const SCHEMAS: Readonly<Record<Kind, StructuralSchema>> = { LLMRoute: LLM_ROUTE_SPEC, LLMBackend: LLM_BACKEND_SPEC };

interface Case {
  readonly what: string;
  readonly kind: Kind;
  readonly spec: unknown;
  /** Absent: it is accepted. */
  readonly refusal?: RegExp;
}

/** Bounds inside which a CEL rule takes less: its own cases show what is accepted. */
const NARROWED: readonly string[] = ['spec.inputSchema.schema', 'spec.backendRef.group', 'spec.costs[0].type'];
const specPath = (path: Path): Path => path.slice(1);

function casesOf(kind: Kind): Case[] {
  return schemaCases(SCHEMAS[kind], ['spec']).flatMap((one: SchemaCase) => {
    const what = `${kind} ${pathText(one.path)} ${one.what}`;
    const specWith = (value: unknown) => (one.path.length === 1 ? value : withValue(whole(kind, one.path), specPath(one.path), value));
    return [
      ...(NARROWED.includes(pathText(one.path)) ? [] : one.accepted ?? []).map((value) => ({ what: `${what}: ${JSON.stringify(value).slice(0, 60)}`, kind, spec: specWith(value) })),
      ...one.refused.map((value) => ({ what: `${what}: not ${JSON.stringify(value)?.slice(0, 60)}`, kind, spec: specWith(value), refusal: one.message })),
    ];
  });
}

/** Where a list may hold nothing twice, its items differ. */
function nthItem(path: Path, item: unknown, index: number): unknown {
  switch (path.at(-1)) {
    case 'costs': return { ...item as object, metadataKey: `key-${index}` };
    case 'limitKeys': return { ...item as object, header: `x-${index}` };
    case 'models': return path.length === 2 && typeof item === 'object' ? { ...item, name: `model-${index}` } : item;
    case 'kinds': return MODEL_KINDS[index % MODEL_KINDS.length];
    case 'capabilities': return MODEL_CAPABILITIES[index % MODEL_CAPABILITIES.length];
    default: return item;
  }
}

function listCases(kind: Kind): Case[] {
  return boundedLists(SCHEMAS[kind], ['spec']).flatMap(({ path, maxItems }) => {
    const [item] = valueAt(whole(kind, path), specPath(path)) as unknown[];
    const items = (count: number) => Array.from({ length: count }, (_, index) => nthItem(path, item, index));
    const what = `${kind} ${pathText(path)} maxItems ${maxItems}`;
    return [
      { what, kind, spec: withValue(whole(kind, path), specPath(path), items(maxItems)) },
      {
        what: `${what}: not more`,
        kind,
        spec: withValue(whole(kind, path), specPath(path), items(maxItems + 1)),
        refusal: new RegExp(`${pathText(path).replace(/[.[\]]/g, '\\$&')}: Too many: ${maxItems + 1}: must have at most ${maxItems} items`),
      },
    ];
  });
}

/** By the message of the rule: changes that it takes, and changes that it refuses. */
const CEL_RULES: Readonly<Record<string, { readonly kind: Kind; readonly path: Path; readonly accepted: readonly unknown[]; readonly refused: readonly unknown[] }>> = {
  'a Service needs a port': {
    kind: 'LLMBackend', path: ['backendRef'], accepted: [{ kind: 'Service', name: 'a', port: 80 }, { name: 'a' }], refused: [{ kind: 'Service', name: 'a' }],
  },
  'group must be "" for a Service and gateway.envoyproxy.io for a Backend; leave it out to have it filled in': {
    kind: 'LLMBackend',
    path: ['backendRef'],
    accepted: [{ kind: 'Service', name: 'a', port: 80, group: '' }, { kind: 'Backend', name: 'a', group: 'gateway.envoyproxy.io' }, { name: 'a' }],
    refused: [{ kind: 'Service', name: 'a', port: 80, group: 'gateway.envoyproxy.io' }, { kind: 'Backend', name: 'a', group: '' }, { name: 'a', group: '' }],
  },
  'at most one of apiKey, aws, azure, gcp may be set': {
    kind: 'LLMBackend',
    path: ['credential'],
    accepted: [{}, { fromRequestHeader: { name: 'x-key' } }, ...CREDENTIALS.map((name) => ({ [name]: valueAt(WHOLE.LLMBackend, ['credential', name]), fromRequestHeader: { name: 'x-key' } }))],
    refused: CREDENTIALS.flatMap((one) => CREDENTIALS.filter((other) => other > one).map((other) => ({
      [one]: valueAt(WHOLE.LLMBackend, ['credential', one]), [other]: valueAt(WHOLE.LLMBackend, ['credential', other]),
    }))),
  },
  [AWS_PROFILE_RULE.message]: {
    kind: 'LLMBackend', path: ['credential', 'aws'], accepted: [{ region: 'us-east-1' }, { region: 'us-east-1', secretRef: SECRET, profile: 'a' }], refused: [{ region: 'us-east-1', profile: 'a' }],
  },
  [AZURE_CLIENT_RULE.message]: {
    kind: 'LLMBackend',
    path: ['credential', 'azure'],
    accepted: [{}, { clientId: 'c' }, { secretRef: { name: 'a', key: 'access_token' } }, { tenantId: 't', clientId: 'c', secretRef: SECRET }],
    refused: [{ secretRef: SECRET }, { tenantId: 't', secretRef: SECRET }, { clientId: 'c', secretRef: SECRET }],
  },
  [REQUEST_HEADER_RULE.message]: {
    kind: 'LLMBackend', path: ['credential', 'fromRequestHeader'], accepted: [{ name: 'x-key' }, { name: 'x-key', required: true }], refused: [{}, { name: 'x-key', prefix: 'x-aws-' }],
  },
  [PREFIX_SCHEMA_RULE.message]: {
    kind: 'LLMBackend', path: ['credential', 'fromRequestHeader'], accepted: [{ name: 'x-key' }], refused: [{ prefix: 'x-aws-' }],
  },
  'inputSchema.schema must be one of OpenAI, Anthropic, Cohere': {
    kind: 'LLMRoute', path: ['inputSchema', 'schema'], accepted: ['OpenAI', 'Anthropic', 'Cohere'], refused: ['AWSBedrock', 'openai', 'a'.repeat(64)],
  },
  'at least one weight must be above 0': {
    kind: 'LLMRoute',
    path: ['rules', 0],
    accepted: [{ backendRefs: [{ name: 'a', weight: 0 }, { name: 'b', weight: 1 }] }, { backendRefs: [{ name: 'a' }] }],
    refused: [{ backendRefs: [{ name: 'a', weight: 0 }] }, { backendRefs: [{ name: 'a', weight: 0 }, { name: 'b', weight: 0 }] }],
  },
  'failover needs a second backend': {
    kind: 'LLMRoute',
    path: ['rules', 0],
    accepted: [{ backendRefs: [{ name: 'a' }, { name: 'b', priority: 1 }], failover: {} }],
    refused: [{ backendRefs: [{ name: 'a' }], failover: {} }],
  },
  'unitsPerDollar goes with type Price': {
    kind: 'LLMRoute',
    path: ['costs', 0],
    accepted: [{ metadataKey: 'a', type: 'Price', unitsPerDollar: 100 }, ...COST_TYPES.map((type) => ({ metadataKey: 'a', type }))],
    refused: COST_TYPES.filter((type) => type !== 'Price').map((type) => ({ metadataKey: 'a', type, unitsPerDollar: 100 })),
  },
  'failover goes with an HTTPRoute\'s own rules; with rules, each has its own failover': {
    kind: 'LLMRoute',
    path: [],
    accepted: [{ inputSchema: { schema: 'OpenAI' }, httpRouteRef: { name: 'chat' }, failover: {} }],
    refused: [{ ...WHOLE.LLMRoute, failover: {} }],
  },
  'retryOn needs a trigger or a status; with neither, failover never happens': {
    kind: 'LLMRoute',
    path: ['rules', 0, 'failover', 'retryOn'],
    accepted: [{ triggers: [], httpStatusCodes: [429] }, { triggers: ['reset'], httpStatusCodes: [] }, { triggers: [] }],
    refused: [{ triggers: [], httpStatusCodes: [] }],
  },
};

function celCases(): Case[] {
  return Object.entries(CEL_RULES).flatMap(([message, { kind, path, accepted, refused }]) => {
    const specWith = (value: unknown) => (path.length === 0 ? value : withValue(whole(kind, path), path, value));
    return [
      ...accepted.map((value) => ({ what: `${message}: ${JSON.stringify(value)}`, kind, spec: specWith(value) })),
      ...refused.map((value) => ({ what: `${message}: not ${JSON.stringify(value)}`, kind, spec: specWith(value), refusal: new RegExp(message.replace(/[.()]/g, '\\$&')) })),
    ];
  });
}

const manifest = (kind: Kind, name: string, spec: unknown) => ({ apiVersion: 'aigateway.envoyproxy.io/v1alpha1', kind, metadata: { name, namespace: NAMESPACE }, spec });

/** What the API server says of each case, all of them in one call. */
function answers(cases: readonly Case[]): string[] {
  const items = cases.map(({ kind, spec }, index) => manifest(kind, `case-${index}-end`, spec));
  // Validated by the API server alone: kubectl would stop at the first that it does not like.
  const { output } = tryKubectl(['create', '--dry-run=server', '--validate=ignore', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  const texts = cases.map(() => '');
  let last = -1;
  for (const line of output.split('\n')) {
    const found = /case-(\d+)-end/.exec(line);
    if (found) last = Number(found[1]);
    if (last >= 0) texts[last] += `${line}\n`;
  }
  return texts;
}

function check(cases: readonly Case[]): void {
  assert.ok(cases.length > 0);
  const wrong = answers(cases).flatMap((answer, index) => {
    const { what, refusal } = cases[index];
    const created = / created \(server dry run\)/.test(answer);
    const right = refusal === undefined ? created : !created && refusal.test(answer);
    return right ? [] : [`${what}\n  wanted: ${refusal?.source ?? 'accepted'}\n  answer: ${answer.trim().slice(0, 500)}`];
  });
  assert.deepEqual(wrong, [], wrong.join('\n'));
}

before(() => {
  kubectl(['apply', '--server-side', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: crdManifests() }));
  kubectl(['wait', '--for=condition=Established', ...crdManifests().map(({ metadata }) => `crd/${metadata.name}`), '--timeout=30s']);
  kubectl(['create', 'namespace', NAMESPACE]);
});
after(() => {
  tryKubectl(['delete', 'namespace', NAMESPACE, '--wait=false']);
});

describe('the schemas', () => {
  for (const kind of ['LLMRoute', 'LLMBackend'] as const) {
    test(`${kind}: the object with every field is accepted`, () => {
      check(kind === 'LLMRoute' ? ['rules', 'failover'].map((name) => ({ what: name, kind, spec: whole(kind, [name]) })) : CREDENTIALS.map((name) => ({ what: name, kind, spec: whole(kind, [name]) })));
    });

    test(`${kind}: every field has a value in it`, () => {
      const fields = (schema: StructuralSchema, path: Path): Path[] => [
        path,
        ...Object.entries(schema.properties ?? {}).flatMap(([name, property]) => fields(property, [...path, name])),
        ...schema.items ? fields(schema.items, [...path, 0]) : [],
      ];
      for (const path of fields(SCHEMAS[kind], [])) assert.notEqual(valueAt(WHOLE[kind], path), undefined, pathText(['spec', ...path]));
    });

    test(`${kind}: every bound, pattern, enum, type and requirement takes one value and refuses another`, () => check(casesOf(kind)));

    test(`${kind}: every list has its largest size`, () => check(listCases(kind)));
  }

  test('every CEL rule', () => {
    assert.deepEqual([...new Set([...celMessages(LLM_ROUTE_SPEC), ...celMessages(LLM_BACKEND_SPEC)])].sort(), Object.keys(CEL_RULES).sort(), 'every rule has a case');
    check(celCases());
  });

  test('two costs with one key', () => {
    const cost = { metadataKey: 'a', type: 'TotalToken' };
    check([{ what: 'costs', kind: 'LLMRoute', spec: withValue(whole('LLMRoute', []), ['costs'], [cost, { ...cost, type: 'InputToken' }]), refusal: /spec\.costs\[1\]: Duplicate value: .*metadataKey/ }]);
  });

  test('two entries for one model', () => {
    const spec = withValue(whole('LLMBackend', []), ['models'], [{ name: 'a' }, { name: 'a', maxOutputTokens: 1 }]);
    check([{ what: 'models', kind: 'LLMBackend', spec, refusal: /spec\.models\[1\]: Duplicate value: .*name/ }]);
  });

  test('a field that does not exist is named by kubectl', () => {
    for (const [kind, path] of [['LLMRoute', ['rules', 0, 'backendRefs', 0, 'wieght']], ['LLMBackend', ['credential', 'aws', 'secret']]] as const) {
      const { status, output } = tryKubectl(['apply', '--dry-run=server', '-f', '-'], JSON.stringify(manifest(kind, 'unknown', withValue(whole(kind, path), path, 1))));
      assert.equal(status, 1);
      assert.ok(output.includes(`unknown field "${pathText(['spec', ...path])}"`), output);
    }
  });

  test('what is left out is filled in', () => {
    const created = (kind: Kind, spec: unknown) => (JSON.parse(kubectl(['create', '--dry-run=server', '-o', 'json', '-f', '-'], JSON.stringify(manifest(kind, 'defaults', spec)))) as { spec: unknown }).spec;
    assert.deepEqual(created('LLMRoute', {
      inputSchema: { schema: 'OpenAI' },
      httpRouteRef: { name: 'chat' },
      rules: [{ models: [{ value: 'a' }], headers: [{ name: 'h', value: 'v' }], backendRefs: [{ name: 'a' }, { name: 'b' }], failover: {} }],
    }), {
      inputSchema: { schema: 'OpenAI' },
      httpRouteRef: { name: 'chat' },
      rules: [{
        models: [{ type: 'Exact', value: 'a' }],
        headers: [{ type: 'Exact', name: 'h', value: 'v' }],
        backendRefs: [{ name: 'a', weight: 1, priority: 0 }, { name: 'b', weight: 1, priority: 0 }],
        failover: { attempts: 3, retryOn: { triggers: ['5xx', 'reset', 'connect-failure', 'timeout'], httpStatusCodes: [429] } },
        unsupportedParameters: 'Safe',
      }],
    });
    assert.deepEqual(created('LLMBackend', { outputSchema: { schema: 'OpenAI' }, backendRef: { name: 'a' }, credential: { fromRequestHeader: { name: 'x' } } }), {
      outputSchema: { schema: 'OpenAI' }, backendRef: { kind: 'Backend', name: 'a' }, credential: { fromRequestHeader: { name: 'x', required: false } },
    });
  });
});

describe('status', () => {
  const CONDITION = { type: 'Accepted', status: 'True', observedGeneration: 1, lastTransitionTime: '2026-11-25T00:00:00Z', reason: 'Accepted', message: 'the object is valid' };
  const patchStatus = (conditions: unknown) => tryKubectl(['patch', 'llmroute', '-n', NAMESPACE, 'status', '--subresource=status', '--dry-run=server', '--type=merge', '-p', JSON.stringify({ status: { conditions } })]);

  before(() => kubectl(['create', '-f', '-'], JSON.stringify(manifest('LLMRoute', 'status', whole('LLMRoute', [])))));

  for (const [what, conditions, refusal] of [
    ['a condition', [CONDITION], undefined],
    ['its bounds', [{ ...CONDITION, type: 'a'.repeat(316), reason: 'a'.repeat(1_024), message: 'a'.repeat(32_768) }], undefined],
    ['eight of them', Array.from({ length: 8 }, (_, index) => ({ ...CONDITION, type: `T${index}` })), undefined],
    ['nine of them', Array.from({ length: 9 }, (_, index) => ({ ...CONDITION, type: `T${index}` })), /status\.conditions: Too many: 9: must have at most 8 items/],
    ['two of one type', [CONDITION, CONDITION], /status\.conditions\[1\]: Duplicate value/],
    ['another status', [{ ...CONDITION, status: 'Maybe' }], /status\.conditions\[0\]\.status: Unsupported value: "Maybe"/],
    ['no time', [{ ...CONDITION, lastTransitionTime: 'yesterday' }], /status\.conditions\[0\]\.lastTransitionTime: Invalid value/],
    ...(['type', 'status', 'lastTransitionTime', 'reason', 'message'] as const).map((field) => [`none of ${field}`, [{ ...CONDITION, [field]: undefined }], /Required value/] as const),
    ...([['type', 317], ['reason', 1_025], ['message', 32_769]] as const).map(([field, length]) => [`too long a ${field}`, [{ ...CONDITION, [field]: 'a'.repeat(length) }], /Too long/] as const),
  ] as const) {
    test(`${what}: ${refusal === undefined ? 'accepted' : 'refused'}`, () => {
      const { status, output } = patchStatus(conditions);
      assert.equal(status, refusal === undefined ? 0 : 1, output.slice(0, 500));
      if (refusal !== undefined) assert.match(output, refusal);
    });
  }

  test('it is written by its subresource alone', () => {
    kubectl(['patch', 'llmroute', '-n', NAMESPACE, 'status', '--type=merge', '-p', JSON.stringify({ status: { conditions: [CONDITION] } })]);
    assert.equal(kubectl(['get', 'llmroute', '-n', NAMESPACE, 'status', '-o', 'jsonpath={.status}']), '');
  });
});

describe('kubectl', () => {
  before(() => {
    kubectl(['create', '-f', '-'], JSON.stringify({
      apiVersion: 'v1', kind: 'List', items: [manifest('LLMRoute', 'shown', whole('LLMRoute', [])), manifest('LLMBackend', 'shown', whole('LLMBackend', []))],
    }));
  });

  test('get: columns, short names and the category', () => {
    for (const name of ['llmroutes', 'llmroute', 'llmr']) {
      assert.match(kubectl(['get', name, '-n', NAMESPACE, 'shown']), /^NAME +INPUT +HTTPROUTE +ACCEPTED +AGE\nshown +OpenAI +chat +\d+s\n$/);
    }
    for (const name of ['llmbackends', 'llmbackend', 'llmb']) {
      assert.match(kubectl(['get', name, '-n', NAMESPACE, 'shown']), /^NAME +OUTPUT +BACKEND +ACCEPTED +AGE\nshown +OpenAI +a +\d+s\n$/);
    }
    assert.match(kubectl(['get', 'llm-gateway', '-n', NAMESPACE]), /llmbackend\.aigateway\.envoyproxy\.io\/shown[^]*llmroute\.aigateway\.envoyproxy\.io\/shown/);
  });

  for (const crd of crdManifests()) {
    const { names, versions } = crd.spec as unknown as { names: { plural: string }; versions: ReadonlyArray<{ schema: { openAPIV3Schema: StructuralSchema } }> };
    test(`explain ${names.plural}: every field has a text`, () => {
      const visit = (schema: StructuralSchema, path: string): void => {
        const properties = (schema.type === 'array' ? schema.items : schema)?.properties ?? {};
        if (Object.keys(properties).length === 0) return;
        const text = kubectl(['explain', path]).replace(/\s+/g, ' ');
        for (const [name, property] of Object.entries(properties)) {
          if (path === names.plural && ['apiVersion', 'kind', 'metadata'].includes(name)) continue;
          assert.ok((property.description ?? '').length > 3, `${path}.${name} has no description`);
          assert.ok(text.includes(property.description!.replace(/\s+/g, ' ')), `${path}.${name}: ${property.description}\n${text}`);
          visit(property, `${path}.${name}`);
        }
      };
      visit(versions[0].schema.openAPIV3Schema, names.plural);
    });
  }
});
