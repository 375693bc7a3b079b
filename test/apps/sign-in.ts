import { App, Chart } from 'cdk8s';
import { ConfigMap, Secret } from 'cdk8s-plus-28';
import { ClientAuth, GatewayListener, LlmBackend, LlmGateway, LlmProvider, LlmRoute, ModelMatch } from '../../src';
import { CertificateAuthority } from '../providers/certificate';

/**
 * A Gateway that asks for client certificates, a route of another namespace that takes its keys from the Gateway's, and a page with a login.
 *
 * @param authority vouches for clients and for the server
 */
export function signInApp(authority: CertificateAuthority): App {
  const app = new App();
  const infra = new Chart(app, 'infra', { namespace: 'infra' });
  const llm = new Chart(app, 'llm', { namespace: 'llm' });
  const clientAuthority = new ConfigMap(infra, 'Authority', { metadata: { name: 'client-ca' }, data: { 'ca.crt': authority.certificate } });
  const clients = new Secret(infra, 'Clients', { metadata: { name: 'clients' }, stringData: { 'team-a': 'key-of-team-a-000000' } });
  const { certificate, privateKey } = authority.issue(['keys.example.com', 'page.example.com']);
  const server = new Secret(infra, 'Server', { metadata: { name: 'server' }, type: 'kubernetes.io/tls', stringData: { 'tls.crt': certificate, 'tls.key': privateKey } });
  const gateway = new LlmGateway(infra, 'Gateway', {
    name: 'llm',
    gatewayClassName: 'eg',
    listeners: [GatewayListener.https([server])],
    clientAuth: ClientAuth.allOf(ClientAuth.mtls({ certificateAuthorities: [clientAuthority], dnsNames: ['client.example.com'] }), ClientAuth.apiKeys({ secrets: [clients] })),
    cors: { allowOrigins: ['https://*.example.com'], allowCredentials: true },
  });
  const backend = new LlmBackend(llm, 'Backend', { metadata: { name: 'main' }, provider: LlmProvider.openAiCompatible({ host: 'main.example.com', port: 8080 }) });
  const rules = [{ models: [ModelMatch.exact('gpt-small')], targets: [{ backend }] }];
  new LlmRoute(llm, 'Keys', { gateway, name: 'keys', hostnames: ['keys.example.com'], rules });
  const session = new Secret(llm, 'Session', { metadata: { name: 'session' }, stringData: { 'client-secret': 'not-a-secret' } });
  new LlmRoute(llm, 'Page', {
    gateway,
    name: 'page',
    hostnames: ['page.example.com'],
    rules,
    clientAuth: ClientAuth.oidc({
      issuer: 'https://issuer.example.com',
      authorizationEndpoint: 'https://issuer.example.com/authorize',
      tokenEndpoint: 'https://issuer.example.com/token',
      clientId: 'gateway',
      clientSecret: session,
      scopes: ['profile'],
    }),
  });
  return app;
}
