import { generateKeyPairSync } from 'node:crypto';
import { App, Chart, Testing } from 'cdk8s';
import { ConfigMap, Secret } from 'cdk8s-plus-28';
import {
  ClaimMatch, ClientAuth, CorsOptions, GatewayListener, GatewayRef, HeaderMatch, Jwks, LlmBackend, LlmGateway, LlmGatewayProps,
  LlmProvider, LlmRoute, LlmRouteProps, ModelAccessOptions, ModelMatch,
} from '../src';
import { accessApp } from './apps/access';
import { signInApp } from './apps/sign-in';
import { CertificateAuthority } from './providers/certificate';

type Manifest = { kind: string; metadata: { name: string; namespace: string }; spec: any }; // eslint-disable-line @typescript-eslint/no-explicit-any

const KEY = { kty: 'RSA', n: generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' }).n, e: 'AQAB' };
const JWKS = JSON.stringify({ keys: [KEY] });
const PLANTED = 'sk-proj-abcdefghijklmnopqrstuvwx';

class Fixture {
  readonly app = new App();
  readonly chart = new Chart(this.app, 'chart', { namespace: 'llm' });
  readonly clients = new Secret(this.chart, 'Clients', { metadata: { name: 'clients' }, stringData: { 'team-a': 'k1', 'team-b': 'k2' } });
  readonly backend = new LlmBackend(this.chart, 'Backend', { metadata: { name: 'main' }, provider: LlmProvider.openAiCompatible({ host: 'main.models', port: 8080 }) });
  readonly keys = ClientAuth.apiKeys({ secrets: [this.clients] });
  readonly jwt = ClientAuth.jwt({ jwks: Jwks.inline(JWKS) });

  gateway(props: Partial<LlmGatewayProps> = {}): LlmGateway {
    return new LlmGateway(this.chart, 'Gateway', { gateway: GatewayRef.named('shared', 'infra'), ...props });
  }

  route(props: Partial<LlmRouteProps> = {}, gateway: LlmGateway = this.gateway()): LlmRoute {
    return new LlmRoute(this.chart, 'Chat', { gateway, name: 'chat', rules: [{ models: [ModelMatch.exact('gpt')], targets: [{ backend: this.backend }] }], ...props });
  }

  one(kind: string): Manifest {
    const found = this.all(kind);
    expect(found).toHaveLength(1);
    return found[0];
  }

  all(kind: string): Manifest[] {
    return (Testing.synth(this.chart) as Manifest[]).filter((manifest) => manifest.kind === kind);
  }
}

let fixture: Fixture;

beforeEach(() => { fixture = new Fixture(); });

const policies = (app: App) => app.charts.flatMap((chart) => Testing.synth(chart) as Manifest[]).filter(({ kind }) => /^(SecurityPolicy|ClientTrafficPolicy|ReferenceGrant)$/.test(kind));

describe('policies', () => {
  test('of every kind of client', () => {
    const jwks = JSON.stringify({ keys: [{ ...KEY, n: 'AQ'.repeat(171) }] });
    expect(policies(accessApp(jwks))).toMatchSnapshot();
  });

  test('with client certificates, a login page and keys of another namespace', () => {
    expect(policies(signInApp(new CertificateAuthority()))).toMatchSnapshot();
  });

  test('a route without any of it has none, and the headers that it removes are as ever', () => {
    fixture.route();
    expect(fixture.all('SecurityPolicy')).toEqual([]);
    expect(JSON.stringify(fixture.one('HTTPRoute'))).not.toContain('x-llm-');
  });

  test('headers that say who the client is are removed by every pinned rule', () => {
    fixture.route({ clientAuth: ClientAuth.allOf(fixture.keys, ClientAuth.jwt({ jwks: Jwks.inline(JWKS), claims: ['org.Team'] })), modelAccess: [{ claims: [ClaimMatch.exact('sub', 'x')] }] });
    const [, pinned] = fixture.one('HTTPRoute').spec.rules;
    expect(pinned.filters[1].requestHeaderModifier.remove).toEqual([
      'x-ai-gateway-llm-backend', 'x-ai-gateway-llm-model', 'x-llm-client-id', 'x-llm-claim-org-team', 'x-llm-claim-sub',
    ]);
    const { jwt, apiKeyAuth } = fixture.one('SecurityPolicy').spec;
    expect(jwt.providers[0].claimToHeaders).toEqual([{ claim: 'org.Team', header: 'x-llm-claim-org-team' }, { claim: 'sub', header: 'x-llm-claim-sub' }]);
    expect(apiKeyAuth.extractFrom).toEqual([{ headers: ['x-api-key'] }]);
  });

  test('what the gateway says holds for its routes, and each says its own', () => {
    const gateway = fixture.gateway({ clientAuth: fixture.keys, cors: { allowOrigins: ['*'] }, mergeWithGatewayPolicies: true });
    fixture.route({}, gateway);
    new LlmRoute(fixture.chart, 'Open', { gateway, name: 'open', hostnames: ['open'], clientAuth: ClientAuth.none(), mergeWithGatewayPolicies: false, cors: { allowOrigins: ['https://a.b'] }, rules: [{ targets: [{ backend: fixture.backend }] }] });
    const [chat, open] = fixture.all('SecurityPolicy').map(({ spec }) => spec);
    expect([chat.mergeType, chat.apiKeyAuth.credentialRefs, chat.cors.allowOrigins]).toEqual(['StrategicMerge', [{ group: '', kind: 'Secret', name: 'clients' }], ['*']]);
    expect([open.mergeType, open.apiKeyAuth, open.cors.allowOrigins]).toEqual([undefined, undefined, ['https://a.b']]);
    expect(fixture.all('BackendTrafficPolicy').map(({ spec }) => spec.mergeType)).toEqual(['StrategicMerge', undefined]);
    expect(fixture.all('EnvoyExtensionPolicy').map(({ spec }) => spec.mergeType)).toEqual([undefined, undefined]);
  });

  test('the LLMRoute and the SecurityPolicy say the same of models', () => {
    const route = fixture.route({ clientAuth: fixture.keys });
    route.allowModels({ clients: ['team-a'], models: [ModelMatch.exact('gpt'), ModelMatch.prefix('g')] });
    expect(fixture.one('LLMRoute').spec.modelAccess).toEqual([{ clients: ['team-a'], models: [{ type: 'Exact', value: 'gpt' }, { type: 'Prefix', value: 'g' }] }]);
    expect(fixture.one('SecurityPolicy').spec.authorization).toEqual({
      defaultAction: 'Deny',
      rules: [
        { name: 'models-1', action: 'Allow', principal: { headers: [{ name: 'x-ai-gateway-llm-model', values: ['gpt'] }, { name: 'x-llm-client-id', values: ['team-a'] }] } },
        { name: 'models-1-2', action: 'Allow', cel: 'request.headers[\'x-ai-gateway-llm-model\'].startsWith("g")', principal: { headers: [{ name: 'x-llm-client-id', values: ['team-a'] }] } },
      ],
    });
  });
});

describe('is refused at synth', () => {
  test.each<[string, (f: Fixture) => ClientAuth, RegExp]>([
    ['no Secret', () => ClientAuth.apiKeys({ secrets: [] }), /^chart\/Chat: clientAuth: apiKeys\.secrets is empty; give/],
    ['a Secret twice', (f) => ClientAuth.apiKeys({ secrets: [f.clients, f.clients] }), /apiKeys\.secrets\[1\] is clients once more/],
    ['a key in a header of the connection', (f) => ClientAuth.apiKeys({ secrets: [f.clients], headers: ['Content-Length'] }), /apiKeys\.headers\[0\] "Content-Length" is no header that a client can send a key in/],
    ['a header that is a key', (f) => ClientAuth.apiKeys({ secrets: [f.clients], headers: [PLANTED] }), /apiKeys\.headers holds what looks like a credential/],
    ['key and token in one header', (f) => ClientAuth.allOf(ClientAuth.apiKeys({ secrets: [f.clients], headers: ['Authorization'] }), f.jwt), /apiKeys\.headers\[0\] "Authorization" is where the token \(JWT\) comes/],
    ['no provider of tokens', () => ClientAuth.jwt(), /jwt has 0 providers; allowed: 1 to 16/],
    ['empty audiences', () => ClientAuth.jwt({ jwks: Jwks.inline(JWKS), audiences: [] }), /jwt\.audiences must have 1 to 8 entries/],
    ['a claim that is none', () => ClientAuth.jwt({ jwks: Jwks.inline(JWKS), claims: ['a..b'] }), /jwt\.claims\[0\] "a\.\.b" is no name of a claim/],
    ['two claims in one header', () => ClientAuth.jwt({ jwks: Jwks.inline(JWKS), claims: ['a.b', 'a_b'] }), /claims "a\.b" and "a_b" would both come in the header x-llm-claim-a-b/],
    ['more claims than headers can be removed', () => ClientAuth.jwt({ jwks: Jwks.inline(JWKS), claims: Array.from({ length: 14 }, (_, index) => `c${index}`) }), /goes by 15 headers that say who the client is; HTTPRoutes have room for 14/],
    ['JWKS in another namespace', (f) => ClientAuth.jwt({ jwks: Jwks.configMap(new ConfigMap(new Chart(f.app, 'other', { namespace: 'other' }), 'Keys', { metadata: { name: 'keys' } })) }), /the ConfigMap keys of the JWKS is in namespace other/],
    ['certificates on a route', (f) => ClientAuth.mtls({ certificateAuthorities: [new ConfigMap(f.chart, 'Ca')] }), /clientAuth has mtls: Envoy asks for a certificate when a connection is made/],
    ['OIDC without https', (f) => ClientAuth.oidc({ issuer: 'http://a', clientId: 'c', clientSecret: f.clients }), /oidc\.issuer "http:\/\/a" must be an https URL/],
    ['half of the endpoints', (f) => ClientAuth.oidc({ issuer: 'https://a', clientId: 'c', clientSecret: f.clients, tokenEndpoint: 'https://a/t' }), /oidc\.authorizationEndpoint and oidc\.tokenEndpoint go together/],
    ['a way back that the route does not take', (f) => ClientAuth.oidc({ issuer: 'https://a', clientId: 'c', clientSecret: f.clients, redirectUrl: 'https://llm.example.com/oauth2/callback' }), /has the path "\/oauth2\/callback", which must be below \/v1/],
    ['a way back with a command for Envoy', (f) => ClientAuth.oidc({ issuer: 'https://a', clientId: 'c', clientSecret: f.clients, redirectUrl: 'https://a/v1/%FOO%' }), /oidc\.redirectUrl .* must be a URL with a path/],
    ['a way out that the route does not take', (f) => ClientAuth.oidc({ issuer: 'https://a', clientId: 'c', clientSecret: f.clients, logoutPath: '/logout' }), /oidc\.logoutPath "\/logout" must be below \/v1/],
  ])('%s', (_, clientAuth, message) => {
    const act = () => {
      fixture.route({ clientAuth: clientAuth(fixture) });
      fixture.app.synthYaml();
    };
    expect(act).toThrow(message);
    expect(act).not.toThrow(PLANTED);
  });

  test.each<[string, (f: Fixture) => unknown, RegExp]>([
    ['a login page with API keys', (f) => ClientAuth.allOf(f.keys, ClientAuth.oidc({ issuer: 'https://a', clientId: 'c', clientSecret: f.clients })), /has oidc and apiKeys: both would be demanded/],
    ['API keys twice', (f) => ClientAuth.allOf(f.keys, f.keys), /has two of apiKeys/],
    ['keys from http', () => Jwks.remote('http://a/jwks'), /must be an https URI/],
    ['keys that are no JSON', () => Jwks.inline('keys'), /must be JSON text with a list "keys"/],
    ['a private key', () => Jwks.inline(JSON.stringify({ keys: [generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })] })), /keys\[0\] has the member "d", which is secret/],
    ['a shared secret', () => Jwks.inline('{"keys":[{"kty":"oct","k":"AAAA"}]}'), /keys\[0\] has the member "k", which is secret/],
    ['a key of no kind', () => Jwks.inline('{"keys":[{}]}'), /keys\[0\] is of a kind that Envoy does not know/],
    ['a key that is none', () => Jwks.inline('{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]}'), /keys\[0\] is no valid public key/],
    ['an algorithm of another kind', () => Jwks.inline(JSON.stringify({ keys: [{ ...KEY, alg: 'ES256' }] })), /keys\[0\] has an "alg" that does not go with its kind; allowed: RS256/],
    ['certificates on a shared Gateway', (f) => f.gateway({ clientAuth: ClientAuth.mtls({ certificateAuthorities: [new ConfigMap(f.chart, 'Ca')] }) }), /other routes of the Gateway shared would be asked for them too/],
    ['certificates beside HTTP', (f) => f.gateway({ gateway: undefined, gatewayClassName: 'eg', clientAuth: ClientAuth.mtls({ certificateAuthorities: [new ConfigMap(f.chart, 'Ca')] }) }), /listener "http" is HTTP, so clients without a certificate would come in there/],
    ['certificates of nobody', (f) => f.gateway({ gateway: undefined, gatewayClassName: 'eg', listeners: [GatewayListener.https([f.clients])], clientAuth: ClientAuth.mtls({ certificateAuthorities: [] }) }), /certificateAuthorities has 0 entries; allowed: 1 to 8/],
  ])('%s', (_, act, message) => {
    expect(() => act(fixture)).toThrow(message);
  });

  test.each<[string, CorsOptions, RegExp]>([
    ['no origin', { allowOrigins: [] }, /cors\.allowOrigins is empty/],
    ['an origin with a path', { allowOrigins: ['https://a.example.com/'] }, /cors\.allowOrigins\[0\] "https:\/\/a\.example\.com\/" must be a scheme, a host/],
    ['a header with a space', { allowOrigins: ['*'], allowHeaders: ['x y'] }, /cors\.allowHeaders\[0\] "x y" is not allowed; allowed: names of headers/],
    ['every page as its visitor', { allowOrigins: ['*'], allowCredentials: true }, /cors\.allowCredentials lets every page act as its visitor/],
  ])('CORS: %s', (_, cors, message) => {
    expect(() => fixture.route({ cors })).toThrow(message);
  });

  test.each<[string, 'keys' | 'jwt' | undefined, ModelAccessOptions, RegExp]>([
    ['without client authentication', undefined, { models: [ModelMatch.exact('gpt')] }, /access rule 1 needs to know the client: set clientAuth/],
    ['everything for everybody', 'keys', {}, /access rule 1 lets every client call every model/],
    ['no clients', 'keys', { clients: [] }, /clients needs at least 1 item/],
    ['a client that no Secret has', 'keys', { clients: ['team-c'] }, /access rule 1 names client "team-c", which no Secret of clientAuth has; there are team-a, team-b/],
    ['a client without API keys', 'jwt', { clients: ['team-a'] }, /names clients, but no client sends an API key/],
    ['a claim without tokens', 'keys', { claims: [ClaimMatch.exact('sub', 'x')] }, /names claims, but no client sends a token/],
    ['a claim without values', 'jwt', { claims: [ClaimMatch.exact('sub')] }, /claims\[0\]\.values needs at least 1 item/],
    ['a model that nobody routes', 'keys', { clients: ['team-a'], models: [ModelMatch.exact('gpd')] }, /access rule 1 names model "gpd", which no rule of the route takes/],
    ['a regular expression', 'keys', { models: [ModelMatch.regularExpression('gpt.*')] }, /models\[0\] "gpt\.\*" is a regular expression: Envoy has bounds/],
    ['a key in place of a client', 'keys', { clients: [PLANTED] }, /access rule 1: clients\[0\] holds what looks like a credential/],
  ])('access: %s', (_, auth, access, message) => {
    const act = () => {
      fixture.route({ ...(auth === undefined ? {} : { clientAuth: fixture[auth] }), modelAccess: [access] });
      fixture.app.synthYaml();
    };
    expect(act).toThrow(message);
  });

  test.each<[string, 'keys' | 'jwt' | undefined, string, RegExp]>([
    ['the client id without API keys', 'jwt', 'X-LLM-Client-Id', /chart\/Chat\] rule 1 \(own\): headers has x-llm-client-id, which any client could send: set clientAuth to API keys/],
    ['a claim that Envoy does not forward', 'jwt', 'x-llm-claim-plan', /headers has x-llm-claim-plan, which any client could send: name the claim in claims of ClientAuth\.jwt/],
    ['a claim without tokens', undefined, 'x-llm-claim-plan', /headers has x-llm-claim-plan/],
  ])('a rule that goes by %s', (_, auth, header, message) => {
    fixture.route({
      ...(auth === undefined ? {} : { clientAuth: fixture[auth] }), rules: [{ name: 'own', headers: [HeaderMatch.exact(header, 'a')], targets: [{ backend: fixture.backend }] }],
    });
    expect(() => fixture.app.synthYaml()).toThrow(message);
  });

  test('a client of a Secret that is not part of the app is not known, so it passes', () => {
    fixture.route({ clientAuth: ClientAuth.apiKeys({ secrets: [Secret.fromSecretName(fixture.chart, 'Imported', 'imported')] }), modelAccess: [{ clients: ['anybody'] }] });
    expect(fixture.one('SecurityPolicy').spec.authorization.rules).toHaveLength(1);
  });

  test.each<[string, object, RegExp]>([
    ['host', { requestHeaders: { set: { Host: 'a' } } }, /rule 1: requestHeaders\.set\[0\]\.name "Host" belongs to the connection/],
    ['a credential', { requestHeaders: { set: { Authorization: 'Basic abc' } } }, /"Authorization" is for credentials/],
    ['a key', { requestHeaders: { set: { 'x-note': PLANTED } } }, /requestHeaders\.set\[0\]\.value holds what looks like an API key/],
    ['our own', { requestHeaders: { remove: ['x-ai-gateway-llm-model'] } }, /requestHeaders\.remove\[0\] "x-ai-gateway-llm-model" is the gateway's or Envoy's own/],
    ['who the client is', { requestHeaders: { set: { 'x-llm-client-id': 'a' } } }, /is the gateway's or Envoy's own/],
    ['a newline', { requestHeaders: { set: { 'x-a': 'a\nb' } } }, /requestHeaders\.set\[0\]\.value must have no control characters/],
    ['model', { requestBody: { set: { model: 'other' } } }, /requestBody\.set\[0\]\.path "model" cannot be edited: the name that a backend gets is the `model` of its backendRef/],
    ['stream', { requestBody: { remove: ['stream'] } }, /"stream" cannot be edited/],
    ['no value', { requestBody: { set: { user: undefined } } }, /requestBody\.set "user" must be a JSON value/],
    ['an empty name', { requestBody: { set: { 'a..b': 1 } } }, /must be names with dots between them/],
  ])('an edit of %s', (_, edits, message) => {
    const act = () => fixture.route({ rules: [{ targets: [{ backend: fixture.backend }], ...edits }] });
    expect(act).toThrow(message);
    expect(act).not.toThrow(PLANTED);
  });
});
