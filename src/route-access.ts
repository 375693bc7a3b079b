import { ApiObject } from 'cdk8s';
import { ISecret, Resource } from 'cdk8s-plus-28';
import { AccessOptions } from './access-options';
import { claimDefects, clientAuthDefects, oidcPathDefects } from './client-auth-defects';
import { ClientAuthParts } from './client-auth-parts';
import { CLIENT_ID_HEADER, ClientIdentity, claimHeader } from './client-identity';
import { CorsOptions } from './cors';
import { corsDefects } from './cors-policy';
import { isKeyShaped, keyShapedPaths } from './key-shaped';
import { ModelAccessOptions } from './model-access';
import { expressionDefects, modelAccessDefects, unknownClients, unroutedModels } from './model-access-defects';
import { modelAccessManifest } from './model-access-manifest';
import { isIdentityHeader } from './resources/client-identity';
import { ModelAccessRule } from './resources/llm-route';
import { ObjectName } from './route-attachment';
import { ruleTitle } from './rule-defects';
import { RuleManifest } from './rule-manifest';
import { SecurityPolicyOptions } from './security-policy';

/** Who may call, and whose word that is. */
export interface AccessSource {
  readonly options: AccessOptions;
  /** Where its Secrets are, unless they say otherwise. */
  readonly namespace: string;
}

/** Gateway API's bound on the headers that one filter removes, less the two of ExtProc. */
const MOST_IDENTITY_HEADERS = 14;

/** Who may call the models of an LlmRoute: what it says itself, and what its gateway says where it does not. */
export class RouteAccess {
  readonly clientAuth: ClientAuthParts;
  readonly cors: CorsOptions | undefined;
  readonly mergeWithGatewayPolicies: boolean;
  private readonly authNamespace: string;
  private readonly rules: ModelAccessRule[] = [];
  private readonly limitClaims: string[] = [];

  /** Throws, by `fail`, for what can never work. */
  constructor(private readonly own: AccessSource, gateway: AccessSource, private readonly pathPrefixes: readonly string[], fail: (message: string) => void) {
    const authSource = own.options.clientAuth === undefined ? gateway : own;
    this.clientAuth = authSource.options.clientAuth?._parts ?? {};
    this.authNamespace = authSource.namespace;
    this.cors = own.options.cors ?? gateway.options.cors;
    this.mergeWithGatewayPolicies = own.options.mergeWithGatewayPolicies ?? gateway.options.mergeWithGatewayPolicies ?? false;
    const secrets = this.keyShaped();
    if (secrets.length > 0) fail(`${secrets[0]} holds what looks like a credential; those belong in Secrets`);
    if (own.options.clientAuth?._parts.mtls !== undefined) {
      fail('clientAuth has mtls: Envoy asks for a certificate when a connection is made, before it knows the route; give it to an LlmGateway that makes its own Gateway');
    }
    for (const defect of [...clientAuthDefects(this.clientAuth), ...this.placeDefects()]) fail(`clientAuth: ${defect}`);
    for (const defect of this.cors === undefined ? [] : corsDefects(this.cors)) fail(defect);
  }

  /** Whether there is anything for a SecurityPolicy to say. */
  get hasPolicy(): boolean {
    const { apiKeys, jwt, oidc } = this.clientAuth;
    return [apiKeys, jwt, oidc, this.cors].some((part) => part !== undefined);
  }

  get identity(): ClientIdentity {
    return { apiKeys: this.clientAuth.apiKeys !== undefined, jwt: this.clientAuth.jwt !== undefined };
  }

  /** `LLMRoute.spec.modelAccess`. */
  get modelAccess(): readonly ModelAccessRule[] {
    return this.rules;
  }

  /** Request headers that say who the client is: no provider gets them. */
  get identityHeaders(): string[] {
    const { apiKeys, jwt } = this.identity;
    // Also where no API keys are asked for: a client that sends it anyway must not seem to be known.
    return [...(apiKeys || jwt ? [CLIENT_ID_HEADER] : []), ...this.claims.map(claimHeader)];
  }

  allowModels(access: ModelAccessOptions, fail: (message: string) => void): void {
    const title = `access rule ${this.rules.length + 1}`;
    const manifest = modelAccessManifest(access);
    const [secret] = keyShapedPaths(manifest, '');
    if (secret !== undefined) fail(`${title}: ${secret} holds what looks like a credential; clients go by the name that their key has in its Secret`);
    for (const defect of [...expressionDefects(access), ...modelAccessDefects(manifest, this.clientAuth)]) fail(`${title} ${defect}`);
    this.rules.push(manifest);
    for (const defect of this.claimDefects()) fail(defect);
  }

  /** Has Envoy put a claim into `claimHeader(claim)`, for a limit that goes by it. */
  forwardClaim(claim: string, fail: (message: string) => void): void {
    this.limitClaims.push(claim);
    for (const defect of this.claimDefects()) fail(defect);
  }

  /** What only the whole route can tell. `routeRules`: `undefined` where the user's own HTTPRoute decides. */
  defects(routeRules: readonly RuleManifest[] | undefined): string[] {
    const known = this.knownClients();
    return [
      ...this.claimDefects(),
      ...this.rules.flatMap((rule, index) => unknownClients(rule, known).map((defect) => `access rule ${index + 1} ${defect}`)),
      ...(routeRules ?? []).flatMap((rule, index) => this.spoofableMatches(rule, ruleTitle(index, rule.name))),
      ...(routeRules === undefined ? [] : this.rules.flatMap((rule, index) => unroutedModels(rule, routeRules).map((defect) => `access rule ${index + 1} ${defect}`))),
    ];
  }

  policy(httpRoutes: readonly string[]): SecurityPolicyOptions {
    const { clientAuth, claims, cors, mergeWithGatewayPolicies, own: { namespace } } = this;
    return {
      httpRoutes,
      namespace,
      clientAuth,
      clientSecrets: (clientAuth.apiKeys?.secrets ?? []).map((secret) => this.nameOf(secret)),
      ...(clientAuth.oidc === undefined ? {} : { oidcSecret: this.nameOf(clientAuth.oidc.clientSecret) }),
      claims,
      modelAccess: this.rules,
      ...(cors === undefined ? {} : { cors }),
      mergeWithGatewayPolicies,
      pathPrefix: this.pathPrefixes[0],
    };
  }

  /** Secrets of other namespaces, which have to let the SecurityPolicy read them. */
  get foreignSecrets(): ObjectName[] {
    const { apiKeys, oidc } = this.clientAuth;
    return [...apiKeys?.secrets ?? [], ...(oidc === undefined ? [] : [oidc.clientSecret])].map((secret) => this.nameOf(secret))
      .filter(({ namespace }) => namespace !== this.own.namespace);
  }

  private get claims(): string[] {
    if (this.clientAuth.jwt === undefined) return [];
    const access = this.rules.flatMap(({ claims = [] }) => claims.map(({ name }) => name));
    return [...new Set([...this.clientAuth.jwt.flatMap(({ claims = [] }) => claims), ...access, ...this.limitClaims])];
  }

  /** Matches on a header that says who the client is, where nobody but the client itself sets it. */
  private spoofableMatches({ headers = [] }: RuleManifest, title: string): string[] {
    const set = [...(this.identity.apiKeys ? [CLIENT_ID_HEADER] : []), ...this.claims.map(claimHeader)];
    return headers.map(({ name }) => name.toLowerCase()).filter((name) => isIdentityHeader(name) && !set.includes(name)).map((name) => `${title}: headers has ${name}, which any client could send: ${
      name === CLIENT_ID_HEADER ? 'set clientAuth to API keys' : 'name the claim in claims of ClientAuth.jwt'}, or match another header`);
  }

  private claimDefects(): string[] {
    const count = this.identityHeaders.length;
    return [...claimDefects(this.claims), ...(count <= MOST_IDENTITY_HEADERS ? [] : [
      `goes by ${count} headers that say who the client is; HTTPRoutes have room for ${MOST_IDENTITY_HEADERS}: go by fewer claims`,
    ])];
  }

  /** What is in a namespace where Envoy Gateway does not look for it. */
  private placeDefects(): string[] {
    const { namespace } = this.own;
    return [
      ...(this.clientAuth.oidc === undefined ? [] : oidcPathDefects(this.clientAuth.oidc, this.pathPrefixes)),
      ...(this.clientAuth.jwt ?? []).flatMap(({ jwks }) => {
        const { _configMap: configMap } = jwks;
        const place = configMap === undefined ? namespace : placeOf(configMap) ?? this.authNamespace;
        return place === namespace ? [] : [`the ConfigMap ${configMap?.name} of the JWKS is in namespace ${place}, and Envoy Gateway reads it from that of the route, ${namespace}, alone; make one there, or use Jwks.remote or Jwks.inline`];
      }),
    ];
  }

  private nameOf(secret: ISecret): ObjectName {
    return { name: secret.name, namespace: placeOf(secret) ?? this.authNamespace };
  }

  /** Ids of API-key clients; `undefined`: not all Secrets and their contents are part of this app. */
  private knownClients(): string[] | undefined {
    const ids = (this.clientAuth.apiKeys?.secrets ?? []).map((secret) => {
      if (!(secret instanceof Resource)) return undefined;
      const { data, stringData } = ApiObject.of(secret).toJson() as { data?: object; stringData?: object };
      return data === undefined && stringData === undefined ? undefined : Object.keys({ ...data, ...stringData });
    });
    return ids.some((one) => one === undefined) ? undefined : ids.flatMap((one) => one ?? []);
  }

  private keyShaped(): string[] {
    const { apiKeys, jwt = [], oidc } = this.clientAuth;
    const { clientSecret: _secret, ...oidcTexts } = oidc ?? {};
    return [
      ...(apiKeys?.headers ?? []).some(isKeyShaped) ? ['clientAuth: apiKeys.headers'] : [],
      ...keyShapedPaths({ jwt: jwt.map(({ jwks: _jwks, ...texts }) => texts), oidc: oidcTexts }, '').map((path) => `clientAuth: ${path}`),
      ...keyShapedPaths({ ...this.cors, maxAge: undefined }, 'cors'),
    ];
  }
}

/** The namespace of an object of this app; of an imported one it is not known. */
function placeOf(resource: object): string | undefined {
  return resource instanceof Resource ? resource.metadata.namespace ?? 'default' : undefined;
}
