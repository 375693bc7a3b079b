import { asCloud, cloudHandler, demand, FakeCloud, json, newToken } from './token-endpoint';
import { Certificate } from '../certificate';
import { startFakeProvider } from '../fake-provider';

export const ENTRA_HOST = 'login.microsoftonline.com';

interface EntraApplication {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What the cluster's issuer put into the pod. */
  readonly federatedToken: string;
  readonly scope: string;
}

/**
 * Microsoft Entra ID's client credentials flow, with a secret or with a federated token as assertion
 * (learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow).
 */
export async function startFakeEntra(application: EntraApplication, certificate: Certificate): Promise<FakeCloud> {
  const { tenantId } = application;
  const cloud: FakeCloud = asCloud(await startFakeProvider({ certificate }, cloudHandler(
    () => cloud,
    (response, echo) => json(response, 401, {
      error: 'invalid_client', error_description: `AADSTS7000215: Invalid client secret provided: ${echo}`, error_codes: [7000215], correlation_id: 'c', trace_id: 't',
    }),
    (request, response) => {
      const authority = `https://${ENTRA_HOST}/${tenantId}`;
      const path = request.path.split('?', 1)[0];
      if (request.method === 'GET' && path === `/${tenantId}/v2.0/.well-known/openid-configuration`) {
        return json(response, 200, {
          issuer: `${authority}/v2.0`, authorization_endpoint: `${authority}/oauth2/v2.0/authorize`, token_endpoint: `${authority}/oauth2/v2.0/token`, jwks_uri: `${authority}/discovery/v2.0/keys`,
        });
      }
      demand(request.method === 'POST' && path === `/${tenantId}/oauth2/v2.0/token`, 'no such endpoint');
      const form = new URLSearchParams(request.body.toString('utf8'));
      demand(form.get('grant_type') === 'client_credentials', 'grant_type must be client_credentials');
      demand(form.get('client_id') === application.clientId, 'another client_id');
      demand(form.get('scope')?.split(' ').includes(application.scope), `scope ${form.get('scope')}`);
      const secret = form.get('client_secret');
      if (secret === null) {
        demand(form.get('client_assertion_type') === 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', 'neither a secret nor an assertion');
        demand(form.get('client_assertion') === application.federatedToken, 'another assertion');
      } else {
        demand(secret === application.clientSecret, 'another secret');
      }
      const token = newToken(cloud, secret === null ? 'entra-federated' : 'entra');
      json(response, 200, { token_type: 'Bearer', expires_in: cloud.lifetime, ext_expires_in: cloud.lifetime, access_token: token });
    },
  )));
  return cloud;
}
