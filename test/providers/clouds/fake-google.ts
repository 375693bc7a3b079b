import { createPublicKey, verify } from 'node:crypto';
import { asCloud, cloudHandler, demand, FakeCloud, json, newToken } from './token-endpoint';
import { Certificate } from '../certificate';
import { startFakeProvider } from '../fake-provider';

export const GOOGLE_HOSTS = ['oauth2.googleapis.com', 'sts.googleapis.com', 'iamcredentials.googleapis.com'] as const;
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

interface GoogleIdentities {
  readonly serviceAccount: string;
  /** PEM. */
  readonly privateKey: string;
  readonly audience: string;
  readonly subjectToken: string;
}

/**
 * Google's token endpoint for service accounts (developers.google.com/identity/protocols/oauth2/service-account), its STS for federated
 * workloads (cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token) and the impersonation of a service account.
 */
export async function startFakeGoogle(identities: GoogleIdentities, certificate: Certificate): Promise<FakeCloud> {
  const federated: string[] = [];
  const cloud: FakeCloud = asCloud(await startFakeProvider({ certificate }, cloudHandler(
    () => cloud,
    (response, echo) => json(response, 400, { error: 'invalid_grant', error_description: `Invalid grant: ${echo}` }),
    (request, response) => {
      demand(request.method === 'POST', 'only POST');
      if (request.headers.host === 'iamcredentials.googleapis.com') {
        demand(request.path === `/v1/projects/-/serviceAccounts/${identities.serviceAccount}:generateAccessToken`, 'another service account');
        demand(federated.includes((request.headers.authorization ?? '').replace(/^Bearer /, '')), 'no federated token');
        demand((JSON.parse(request.body.toString('utf8')) as { scope: string[] }).scope.includes(SCOPE), 'another scope');
        return json(response, 200, { accessToken: newToken(cloud, 'google-impersonated'), expireTime: new Date(Date.now() + cloud.lifetime * 1_000).toISOString() });
      }
      const form = new URLSearchParams(request.body.toString('utf8'));
      if (request.headers.host === 'sts.googleapis.com') {
        demand(request.path === '/v1/token', 'another path');
        demand(form.get('grant_type') === 'urn:ietf:params:oauth:grant-type:token-exchange', 'grant_type must be token-exchange');
        demand(form.get('audience') === identities.audience, `audience ${form.get('audience')}`);
        demand(form.get('subject_token') === identities.subjectToken, 'another subject token');
        demand(form.get('subject_token_type') === 'urn:ietf:params:oauth:token-type:jwt', 'another subject_token_type');
        const token = newToken(cloud, 'google-federated');
        federated.push(token);
        return json(response, 200, {
          access_token: token, issued_token_type: 'urn:ietf:params:oauth:token-type:access_token', token_type: 'Bearer', expires_in: cloud.lifetime,
        });
      }
      demand(request.headers.host === 'oauth2.googleapis.com' && request.path === '/token', 'no such endpoint');
      demand(form.get('grant_type') === 'urn:ietf:params:oauth:grant-type:jwt-bearer', 'grant_type must be jwt-bearer');
      checkAssertion(form.get('assertion') ?? '', identities);
      json(response, 200, { access_token: newToken(cloud, 'google'), expires_in: cloud.lifetime, token_type: 'Bearer' });
    },
  )));
  return cloud;
}

function checkAssertion(assertion: string, { privateKey, serviceAccount }: GoogleIdentities): void {
  const [header, claims, signature] = assertion.split('.');
  demand(verify('RSA-SHA256', Buffer.from(`${header}.${claims}`), createPublicKey(privateKey), Buffer.from(signature ?? '', 'base64url')), 'the signature does not fit the key');
  const { iss, scope, aud, exp, iat } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as Record<string, string | number>;
  demand(iss === serviceAccount && scope === SCOPE && aud === 'https://oauth2.googleapis.com/token', 'another issuer, scope or audience');
  demand(Number(exp) - Number(iat) <= 3_600, 'longer than an hour');
}

/** The metadata server of a GKE node or a VM (cloud.google.com/compute/docs/metadata). */
export async function startFakeGoogleMetadata(): Promise<FakeCloud> {
  const cloud: FakeCloud = asCloud(await startFakeProvider({}, cloudHandler(
    () => cloud,
    (response) => response.writeHead(404, { 'metadata-flavor': 'Google' }).end(),
    (request, response) => {
      demand(request.headers['metadata-flavor'] === 'Google', 'header Metadata-Flavor is missing');
      response.setHeader('metadata-flavor', 'Google');
      const path = request.path.split('?', 1)[0];
      if (path === '/computeMetadata/v1/instance') return response.writeHead(200).end();
      if (path === '/computeMetadata/v1/universe/universe-domain') return response.writeHead(200).end('googleapis.com');
      demand(path === '/computeMetadata/v1/instance/service-accounts/default/token', 'no such entry');
      return json(response, 200, { access_token: newToken(cloud, 'google-metadata'), expires_in: cloud.lifetime, token_type: 'Bearer' });
    },
  )));
  return cloud;
}
