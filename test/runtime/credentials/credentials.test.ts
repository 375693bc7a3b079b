import { createHash, createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { BackendConfiguration } from '../../../src/runtime/configuration';
import { CredentialError } from '../../../src/runtime/credentials/credential-error';
import { Credentials } from '../../../src/runtime/credentials/credentials';
import { HeaderPairs } from '../../../src/runtime/credentials/header-pairs';
import { SignableRequest } from '../../../src/runtime/credentials/signable-request';
import { backendManifest, backendOf, configurationOf, secretManifest } from '../configuration-of';

const KEY_ID = 'AKIAIOSFODNN7EXAMPLE';
const SECRET_KEY = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const NOW = new Date('2026-01-02T03:04:05.678Z');
const BODY = Buffer.from('{"messages":[{"role":"user","content":[{"text":"hé"}]}]}');

function request(headers: Readonly<Record<string, string>> = {}, more: Partial<SignableRequest> = {}): SignableRequest {
  return { method: 'POST', path: '/v1/chat/completions', body: BODY, clientHeader: (name) => headers[name], ...more };
}

/** A backend `b` with this credential; the Secret `s` has these bytes under `k`. */
function backend(schema: string, credential: string, value?: string, where: { host?: string; tls?: string } = {}): BackendConfiguration {
  return backendOf(configurationOf(backendManifest('b', schema, `credential: {${credential}}`, where) + (value === undefined ? '' : secretManifest('s', 'k', value))), 'b');
}

const REFERENCE = 'secretRef: {name: s, key: k}';

async function failure(action: () => unknown): Promise<CredentialError> {
  try {
    await action();
  } catch (error) {
    expect(error).toBeInstanceOf(CredentialError);
    return error as CredentialError;
  }
  throw new Error('a credential was given');
}

describe('API keys', () => {
  test.each([
    ['OpenAI', 'authorization', 'Bearer sk-1'], ['Cohere', 'authorization', 'Bearer sk-1'], ['AWSBedrock', 'authorization', 'Bearer sk-1'],
    ['AzureOpenAI', 'api-key', 'sk-1'], ['Anthropic', 'x-api-key', 'sk-1'], ['GCPVertexAI', 'x-goog-api-key', 'sk-1'],
  ])('%s takes it in %s', (schema, name, value) => {
    expect(new Credentials().headers(backend(schema, `apiKey: {${REFERENCE}}`, 'sk-1'), request())).toEqual([[name, value]]);
  });

  test('no credential: no header', () => {
    expect(new Credentials().headers(backendOf(configurationOf(backendManifest('b', 'OpenAI')), 'b'), request())).toEqual([]);
  });

  test('white space around it is not part of it', () => {
    expect(new Credentials().headers(backend('OpenAI', `apiKey: {${REFERENCE}}`, ' sk-1\r\n'), request())).toEqual([['authorization', 'Bearer sk-1']]);
  });

  test.each([['two lines', 'sk-1\nx-injected: 1'], ['a carriage return', 'sk-1\rsk-2'], ['a NUL', 'sk-1\0'], ['nothing', ''], ['white space', ' \n ']])('%s is refused without the value', async (_, value) => {
    const { status, message } = await failure(() => new Credentials().headers(backend('OpenAI', `apiKey: {${REFERENCE}}`, value), request()));
    expect(status).toBe(502);
    expect(message).toMatch(/^LLMBackend default\/b: key k of Secret s is empty or has more than one line$/);
  });

  test('a missing Secret, and a missing key', async () => {
    const missing = await failure(() => new Credentials().headers(backend('OpenAI', `apiKey: {${REFERENCE}}`), request()));
    expect([missing.status, missing.message]).toEqual([502, 'LLMBackend default/b: Secret s has no key k, or there is no such Secret']);
  });

  test('no failure repeats any part of the value', async () => {
    await fc.assert(fc.asyncProperty(fc.string({ minLength: 12 }), async (noise) => {
      const value = `planted-${noise}\nplanted`;
      for (const [schema, credential] of [['OpenAI', `apiKey: {${REFERENCE}}`], ['AWSBedrock', `aws: {region: us-east-1, ${REFERENCE}}`], ['AzureOpenAI', `azure: {tenantId: t, clientId: c, ${REFERENCE}}`]]) {
        const { message } = await failure(() => new Credentials().headers(backend(schema, credential, value), request()));
        expect(message).not.toContain('planted');
      }
    }), { numRuns: 25 });
  });
});

describe('Azure and GCP', () => {
  test.each(['azure: {secretRef: {name: s, key: access_token}}', 'gcp: {project: p, region: r, secretRef: {name: s, key: access_token}}'])('%s: the token as it is', (credential) => {
    const text = backendManifest('b', 'OpenAI', `credential: {${credential}}`) + secretManifest('s', 'access_token', 'ey.token\n');
    expect(new Credentials().headers(backendOf(configurationOf(text), 'b'), request())).toEqual([['authorization', 'Bearer ey.token']]);
  });

  test.each([
    ['no JSON', 'planted-service-account', /must be the JSON of a service account key .* or of workload identity federation/],
    ['a key without its parts', '{"type": "service_account", "private_key_id": "planted"}', /has no client_email and no private_key; download/],
    ['another kind of file', '{"type": "authorized_user", "refresh_token": "planted"}', /must be the JSON of a service account key/],
    ['a program to run', '{"type": "external_account", "audience": "a", "token_url": "https://sts.googleapis.com/v1/token", "credential_source": {"executable": {"command": "planted"}}}', /programs named by a Secret are not run/],
    ['a token endpoint of somebody else', '{"type": "external_account", "audience": "a", "token_url": "https://planted.example.com/v1/token", "credential_source": {"file": "/etc/passwd"}}', /token_url must be an https URL of googleapis.com/],
    ['a name that ends alike', '{"type": "external_account", "audience": "a", "token_url": "https://plantedgoogleapis.com/v1/token", "credential_source": {"file": "f"}}', /token_url must be an https URL/],
    ['no TLS', '{"type": "external_account", "audience": "a", "token_url": "http://sts.googleapis.com/planted", "credential_source": {"file": "f"}}', /token_url must be an https URL/],
    ['another impersonation', '{"type": "external_account", "audience": "a", "token_url": "https://sts.googleapis.com/v1/token", "service_account_impersonation_url": "https://planted.example.com/", "credential_source": {"file": "f"}}', /service_account_impersonation_url must be/],
  ])('GCP: %s is refused by name, and never sent as a token', async (_, value, expected) => {
    const { status, message } = await failure(() => new Credentials().headers(backend('GCPVertexAI', `gcp: {project: p, region: r, ${REFERENCE}}`, value), request()));
    expect(status).toBe(502);
    expect(message).toMatch(expected);
    expect(message).toMatch(/^LLMBackend default\/b: no access token of Google Cloud could be had: key k of Secret s/);
    expect(message).not.toContain('planted');
  });

  test.each(['azure: {tenantId: t, clientId: c, secretRef: {name: s, key: k}}', 'gcp: {project: p, region: r, secretRef: {name: s, key: k}}'])('%s without its Secret', async (credential) => {
    const { status, message } = await failure(() => new Credentials().headers(backend('OpenAI', credential), request()));
    expect([status, message]).toEqual([502, 'LLMBackend default/b: Secret s has no key k, or there is no such Secret']);
  });
});

describe('from a header of the request', () => {
  const optional = `apiKey: {${REFERENCE}}, fromRequestHeader: {name: X-Per-Request-Key}`;

  test('goes before the gateway\'s own', () => {
    const both = backend('Anthropic', optional, 'sk-own');
    expect(new Credentials().headers(both, request({ 'x-per-request-key': 'sk-caller' }))).toEqual([['x-api-key', 'sk-caller']]);
    expect(new Credentials().headers(both, request({ 'x-per-request-key': 'Bearer sk-caller' }))).toEqual([['x-api-key', 'sk-caller']]);
    expect(new Credentials().headers(both, request())).toEqual([['x-api-key', 'sk-own']]);
  });

  test.each(['', '  ', 'Bearer', 'Bearer '])('an empty one (%j) is none', (value) => {
    expect(new Credentials().headers(backend('Anthropic', optional, 'sk-own'), request({ 'x-per-request-key': value }))).toEqual([['x-api-key', 'sk-own']]);
  });

  test('required: 401 that names the header, and the gateway\'s own is never used', async () => {
    const required = backend('OpenAI', `apiKey: {${REFERENCE}}, fromRequestHeader: {name: x-per-request-key, required: true}`, 'sk-own');
    for (const headers of [{}, { 'x-per-request-key': ' ' }] as ReadonlyArray<Record<string, string>>) {
      const { status, message } = await failure(() => new Credentials().headers(required, request(headers)));
      expect([status, message]).toEqual([401, 'this model needs the caller\'s own credential in header x-per-request-key']);
    }
  });

  test('alone and not required: none is added', () => {
    expect(new Credentials().headers(backend('OpenAI', 'fromRequestHeader: {name: x-per-request-key}'), request())).toEqual([]);
  });
});

function hmac(key: Buffer | string, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}

/** `scope`: date, region, service and `aws4_request` with slashes between them. */
function signingKey(secretKey: string, scope: string): Buffer {
  return scope.split('/').reduce<Buffer | string>(hmac, `AWS4${secretKey}`) as Buffer;
}

/** Signature Version 4 by its specification (docs.aws.amazon.com, "Create a signed AWS API request"), for a service that encodes the path twice. */
function signature(
  method: string, path: string, headers: ReadonlyMap<string, string>, signed: readonly string[], body: Uint8Array, region: string, secretKey: string,
): string {
  const sha256 = (data: Uint8Array | string) => createHash('sha256').update(data).digest('hex');
  const encode = (text: string) => encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  const [bare, query = ''] = path.split('?');
  const canonicalQuery = query === '' ? '' : query.split('&').map((pair) => pair.split('=').map((part) => encode(decodeURIComponent(part))).join('=')).sort().join('&');
  const canonical = [
    method, bare.split('/').map(encode).join('/'), canonicalQuery, ...signed.map((name) => `${name}:${headers.get(name)}`), '', signed.join(';'), sha256(body),
  ].join('\n');
  const date = headers.get('x-amz-date') ?? '';
  const scope = `${date.slice(0, 8)}/${region}/bedrock/aws4_request`;
  return hmac(signingKey(secretKey, scope), ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n')).toString('hex');
}

/** Fails unless the signature is the one that AWS works out from what it receives. */
function expectSigned(pairs: HeaderPairs, path: string, { host, region = 'us-east-1', keyId = KEY_ID, secretKey = SECRET_KEY }: {
  host: string; region?: string; keyId?: string; secretKey?: string;
}): ReadonlyMap<string, string> {
  const headers = new Map([...pairs, ['host', host]]);
  const found = /^AWS4-HMAC-SHA256 Credential=([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(headers.get('authorization') ?? '');
  expect(found?.[1]).toBe(`${keyId}/20260102/${region}/bedrock/aws4_request`);
  const signed = (found?.[2] ?? '').split(';');
  expect(signed).toContain('host');
  expect(signed).toContain('x-amz-date');
  // Nothing that a proxy on the way may touch.
  expect(signed.filter((name) => name !== 'host' && !name.startsWith('x-amz-'))).toEqual([]);
  expect(headers.get('x-amz-date')).toBe('20260102T030405Z');
  expect(found?.[3]).toBe(signature('POST', path, headers, signed, BODY, region, secretKey));
  return headers;
}

describe('AWS', () => {
  const FILE = `[default]\naws_access_key_id = ${KEY_ID}\naws_secret_access_key = ${SECRET_KEY}\n`;
  const HOST = 'bedrock-runtime.us-east-1.amazonaws.com';
  const aws = (file?: string, credential = `aws: {region: us-east-1, ${REFERENCE}}`) => backend('AWSBedrock', credential, file, { host: HOST });
  const credentials = new Credentials({ now: () => NOW.getTime() });

  test('the recomputation derives the signing key that AWS documents', () => {
    // "Examples of how to derive a signing key for Signature Version 4".
    expect(signingKey('wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', '20120215/us-east-1/iam/aws4_request').toString('hex'))
      .toBe('f4780e2d9f65fa895f9c67b32ce1baf0b0d8a43505a000a1a9e090d414db404d');
  });

  test.each([
    ['a model id', '/model/meta.llama3-70b-instruct-v1%3A0/converse'],
    ['B29 an ARN: the path, encoded once on the wire, counts encoded twice', `/model/${encodeURIComponent('arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3')}/converse-stream`],
    ['characters that encodeURIComponent leaves', '/model/a%21%27%28%29%2A~b/converse'],
    ['a query', '/model/m/converse?b=2&a=x%20y'],
  ])('signs %s', async (_, path) => {
    expectSigned(await credentials.headers(aws(FILE), request({}, { path })), path, { host: HOST });
  });

  test('signs the host that goes upstream: with its port where it is not 443, and the TLS name where there is one', async () => {
    const text = backendManifest('b', 'AWSBedrock', `credential: {aws: {region: us-east-1, ${REFERENCE}}}`, { host: '10.0.0.1', tls: ', sni: vpce.example' }) + secretManifest('s', 'k', FILE);
    expectSigned(await credentials.headers(backendOf(configurationOf(text), 'b'), request()), '/v1/chat/completions', { host: 'vpce.example' });
    expectSigned(await credentials.headers(backendOf(configurationOf(text.replace('port: 443', 'port: 8443').replace(', sni: vpce.example', '')), 'b'), request()), '/v1/chat/completions', { host: '10.0.0.1:8443' });
  });

  test('a session token is sent and signed', async () => {
    const headers = expectSigned(await credentials.headers(aws(`${FILE}aws_session_token = TOKEN==\n`), request()), '/v1/chat/completions', { host: HOST });
    expect(headers.get('x-amz-security-token')).toBe('TOKEN==');
    expect(headers.get('authorization')).toContain('x-amz-security-token');
  });

  test.each([
    ['comments and other profiles', `# aws_access_key_id = NO\n[prod]\naws_access_key_id = NO\naws_secret_access_key = NO\n; note\n${FILE}[late]\naws_access_key_id = NO\naws_session_token = NO\n`],
    ['CRLF and white space', `\r\n [default]\r\n\taws_access_key_id=${KEY_ID}  \r\n aws_secret_access_key =${SECRET_KEY}\r\n`],
    ['comments after values', `[default] # ours\naws_access_key_id = ${KEY_ID} # rotated in May\naws_secret_access_key = ${SECRET_KEY} ; too\n`],
    ['other settings', `[default]\nregion = eu-west-1\noutput = json\n${FILE.replace('[default]\n', '')}`],
  ])('reads a profile file with %s', async (_, file) => {
    const headers = expectSigned(await credentials.headers(aws(file), request()), '/v1/chat/completions', { host: HOST });
    expect(headers.has('x-amz-security-token')).toBe(false);
  });

  test.each([
    ['no [default]', FILE.replace('default', 'prod')], ['no secret key', `[default]\naws_access_key_id = ${KEY_ID}\n`], ['JSON', '{"aws_access_key_id":"planted"}'], ['an empty value', `[default]\naws_access_key_id =\naws_secret_access_key = ${SECRET_KEY}\n`],
  ])('%s: 502 that says what the file must hold', async (_, file) => {
    const { status, message } = await failure(() => credentials.headers(aws(file), request()));
    expect(status).toBe(502);
    expect(message).toMatch(/^LLMBackend default\/b: no credential of AWS could be had: key k of Secret s must be an AWS credentials file: (there is no profile \[default\]|profile \[default\] must have aws_access_key_id and aws_secret_access_key, or a role_arn); /);
    expect(message).not.toContain('planted');
  });

  test.each([
    ['a program', 'credential_process = /bin/planted\n', /profile \[default\] has credential_process, which a server cannot use/],
    ['a login', 'sso_session = planted\n', /has sso_session/],
    ['a second factor', `${FILE.replace('[default]\n', '')}role_arn = arn:aws:iam::123456789012:role/planted\nsource_profile = default\nmfa_serial = planted\n`, /has mfa_serial/],
    ['a source that is not there', 'role_arn = arn:aws:iam::123456789012:role/planted\nsource_profile = other\n', /there is no profile \[other\]/],
    ['a role without a source', 'role_arn = arn:aws:iam::123456789012:role/planted\n', /has a role_arn, but no source_profile/],
    ['sources in a circle', 'role_arn = arn:aws:iam::123456789012:role/planted\nsource_profile = other\n[other]\nrole_arn = arn:aws:iam::123456789012:role/planted\nsource_profile = default\n',
      /profiles default, other name each other as source_profile/],
  ])('a profile with %s is refused without asking AWS', async (_, settings, expected) => {
    const { status, message } = await failure(() => credentials.headers(aws(`[default]\n${settings}`), request()));
    expect(status).toBe(502);
    expect(message).toMatch(expected);
    expect(message).not.toContain('planted');
  });

  test('another profile of the file', async () => {
    const file = `${FILE}[prod]\naws_access_key_id = AKIAPROD\naws_secret_access_key = prod-secret\n`;
    const prod = aws(file, `aws: {region: us-east-1, profile: prod, ${REFERENCE}}`);
    expectSigned(await credentials.headers(prod, request()), '/v1/chat/completions', { host: HOST, keyId: 'AKIAPROD', secretKey: 'prod-secret' });
    expectSigned(await credentials.headers(aws(file), request()), '/v1/chat/completions', { host: HOST });
  });

  test('once there, the identity signs at once', async () => {
    const one = aws(FILE);
    await credentials.headers(one, request());
    expect(credentials.headers(one, request())).toBeInstanceOf(Array);
  });

  test('a missing Secret is 502, and so is a Backend that is not there', async () => {
    expect(await failure(() => credentials.headers(aws(), request()))).toMatchObject({ status: 502, message: expect.stringContaining('Secret s has no key k') });
    const { endpoint: _, ...homeless } = aws(FILE);
    expect(await failure(() => credentials.headers(homeless, request()))).toMatchObject({ status: 502, message: expect.stringContaining('its Backend was not found') });
  });

  test('a rotated Secret signs anew; the one before is not remembered by its name', async () => {
    const before = aws(FILE);
    const after = aws(FILE.replace(KEY_ID, 'AKIAROTATED').replace(SECRET_KEY, 'rotated'));
    const rotated = { host: HOST, keyId: 'AKIAROTATED', secretKey: 'rotated' };
    expectSigned(await credentials.headers(before, request()), '/v1/chat/completions', { host: HOST });
    expectSigned(await credentials.headers(after, request()), '/v1/chat/completions', rotated);
    expectSigned(await credentials.headers(before, request()), '/v1/chat/completions', { host: HOST });
    // Same bytes, two regions.
    const elsewhere: BackendConfiguration = { ...before, resource: { ...before.resource, spec: { ...before.resource.spec, credential: { aws: { region: 'eu-west-1', secretRef: { name: 's', key: 'k' } } } } } };
    expectSigned(await credentials.headers(elsewhere, request()), '/v1/chat/completions', { host: HOST, region: 'eu-west-1' });
  });

  describe('from headers of the request', () => {
    const BROUGHT = { 'x-aws-access-key-id': 'AKIACALLER', 'x-aws-secret-access-key': 'caller-secret' };
    const own = `aws: {region: us-east-1, ${REFERENCE}}, fromRequestHeader: {prefix: X-Aws-}`;

    test('the caller\'s own signs', async () => {
      const pairs = await credentials.headers(aws(FILE, own), request({ ...BROUGHT, 'x-aws-session-token': 'TOKEN' }));
      const headers = expectSigned(pairs, '/v1/chat/completions', { host: HOST, keyId: 'AKIACALLER', secretKey: 'caller-secret' });
      expect(headers.get('x-amz-security-token')).toBe('TOKEN');
    });

    test('half of one is none', async () => {
      expectSigned(await credentials.headers(aws(FILE, own), request({ 'x-aws-access-key-id': 'AKIACALLER' })), '/v1/chat/completions', { host: HOST });
    });

    test('required: 401', async () => {
      const required = aws(FILE, own.replace('}', '}').replace('prefix: X-Aws-', 'prefix: X-Aws-, required: true'));
      expect(await failure(() => credentials.headers(required, request({ 'x-aws-access-key-id': 'AKIACALLER' })))).toMatchObject({ status: 401, message: expect.stringContaining('X-Aws-access-key-id') });
    });

    test('without a region of its own the host tells it', async () => {
      const pairs = await credentials.headers(backend('AWSBedrock', 'fromRequestHeader: {prefix: x-aws-}', undefined, { host: 'bedrock-runtime.eu-central-1.amazonaws.com' }), request(BROUGHT));
      expectSigned(pairs, '/v1/chat/completions', { host: 'bedrock-runtime.eu-central-1.amazonaws.com', region: 'eu-central-1', keyId: 'AKIACALLER', secretKey: 'caller-secret' });
    });
  });
});
