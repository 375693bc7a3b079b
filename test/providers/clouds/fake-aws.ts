import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ServerResponse } from 'node:http';
import { asCloud, cloudHandler, demand, FakeCloud, json, newToken } from './token-endpoint';
import { RecordedRequest, startFakeProvider } from '../fake-provider';

/** A secret access key by its id: what may sign. */
export type AwsKeys = Map<string, { readonly secretAccessKey: string; readonly sessionToken?: string }>;

interface StsOptions {
  readonly keys: AwsKeys;
  readonly webIdentityToken: string;
}

/** AWS STS, query protocol (docs.aws.amazon.com/STS/latest/APIReference): AssumeRole, signed, and AssumeRoleWithWebIdentity. */
export async function startFakeSts({ keys, webIdentityToken }: StsOptions): Promise<FakeCloud> {
  const cloud: FakeCloud = asCloud(await startFakeProvider({}, cloudHandler(
    () => cloud,
    (response, echo) => {
      response.writeHead(403, { 'content-type': 'text/xml' }).end(
        `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not allowed: ${echo.replaceAll(/[<&]/g, '')}</Message></Error><RequestId>r</RequestId></ErrorResponse>`);
    },
    (request, response) => {
      demand(request.method === 'POST' && request.path === '/', 'another path');
      const form = new URLSearchParams(request.body.toString('utf8'));
      demand(form.get('Version') === '2011-06-15', 'another version');
      demand(/^arn:aws:iam::\d{12}:role\//.test(form.get('RoleArn') ?? ''), 'no role');
      demand(/^[\w+=,.@-]{2,64}$/.test(form.get('RoleSessionName') ?? ''), 'no session name');
      const action = form.get('Action');
      if (action === 'AssumeRoleWithWebIdentity') {
        demand(form.get('WebIdentityToken') === webIdentityToken, 'another token');
        demand(request.headers.authorization === undefined, 'this call is not signed');
      } else {
        demand(action === 'AssumeRole', `action ${action}`);
        checkSignature(request, keys);
        demand(form.get('RoleArn')?.endsWith('/foreign') !== true || form.get('ExternalId') === 'tenant-7', 'another external id');
      }
      give(cloud, keys, action, form.get('RoleArn') ?? '', response);
    },
  )));
  return cloud;
}

function give(cloud: FakeCloud, keys: AwsKeys, action: string, role: string, response: ServerResponse): void {
  const sessionToken = newToken(cloud, 'aws-session');
  const accessKeyId = `ASIA${role.split('/').at(-1)?.toUpperCase()}${cloud.given.length}`;
  const secretAccessKey = `${sessionToken}-secret`;
  keys.set(accessKeyId, { secretAccessKey, sessionToken });
  response.writeHead(200, { 'content-type': 'text/xml' }).end(`<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result>
<AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/r/s</Arn><AssumedRoleId>AROA:s</AssumedRoleId></AssumedRoleUser>
<Credentials><AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>${secretAccessKey}</SecretAccessKey><SessionToken>${sessionToken}</SessionToken>
<Expiration>${new Date(Date.now() + cloud.lifetime * 1_000).toISOString()}</Expiration></Credentials>
</${action}Result><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></${action}Response>`);
}

/** The agent of EKS Pod Identity (docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html); `tokenFile`: what the kubelet put into the pod. */
export async function startFakePodIdentity({ keys, tokenFile }: { readonly keys: AwsKeys; readonly tokenFile: string }): Promise<FakeCloud> {
  const cloud: FakeCloud = asCloud(await startFakeProvider({}, cloudHandler(
    () => cloud,
    (response, echo) => json(response, 400, { Code: 'AccessDenied', Message: echo }),
    (request, response) => {
      demand(request.method === 'GET' && request.path === '/v1/credentials', 'another path');
      demand(request.headers.authorization === readFileSync(tokenFile, 'utf8'), 'another token');
      const sessionToken = newToken(cloud, 'pod-identity');
      const accessKeyId = `ASIAPOD${cloud.given.length}`;
      const secretAccessKey = `${sessionToken}-secret`;
      keys.set(accessKeyId, { secretAccessKey, sessionToken });
      json(response, 200, {
        AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, Token: sessionToken, AccountId: '123456789012', Expiration: new Date(Date.now() + cloud.lifetime * 1_000).toISOString(),
      });
    },
  )));
  return cloud;
}

/** Signature Version 4 as AWS checks it (docs.aws.amazon.com, "Create a signed AWS API request"). Returns the access key id; throws what is wrong. */
export function checkSignature({ method, path, headers, body }: RecordedRequest, keys: AwsKeys): string {
  const found = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8}\/[a-z0-9-]+\/(?:sts|bedrock)\/aws4_request), SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/.exec(headers.authorization ?? '');
  demand(found, 'no signature');
  const [, id, scope, names, signature] = found;
  const key = keys.get(id);
  demand(key, 'another access key');
  demand(headers['x-amz-security-token'] === key.sessionToken, 'another session token');
  const signed = names.split(';').map((name) => `${name}:${String(headers[name]).trim()}`);
  const segments = path.split('/').map((segment) => encodeURIComponent(segment).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`));
  const canonical = [method, segments.join('/'), '', ...signed, '', names, createHash('sha256').update(body).digest('hex')].join('\n');
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
  const secret = scope.split('/').reduce<Buffer | string>((before, part) => createHmac('sha256', before).update(part).digest(), `AWS4${key.secretAccessKey}`);
  demand(createHmac('sha256', secret).update(text).digest('hex') === signature, 'the signature does not fit');
  return id;
}
