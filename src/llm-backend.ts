import { ApiObjectMetadata, Lazy } from 'cdk8s';
import { Resource, SecretValue } from 'cdk8s-plus-28';
import { Construct, IConstruct } from 'constructs';
import { BackendModel } from './backend-model';
import { isKeyShaped, keyShapedPaths } from './key-shaped';
import { LlmProvider } from './llm-provider';
import { modelDefects, modelManifest } from './model-manifest';
import { namesakeDefects } from './namesakes';
import { namespaceOf } from './namespace-of';
import { OutputSchema } from './output-schema';
import { credentialOf } from './provider-credential';
import { bodyEditDefects, bodyEditsManifest, headerEditsManifest } from './request-edit-manifest';
import { BodyEdits, HeaderEdits } from './request-edits';
import { standardLabels } from './standard-labels';
import * as ours from '../imports/aigateway.envoyproxy.io';
import { Backend, BackendSpec } from '../imports/gateway.envoyproxy.io';
import { ReferenceGrant } from '../imports/gateway.networking.k8s.io';
import { LLM_BACKEND_SPEC } from './resources/crd/llm-backend-schema';
import { API_GROUP } from './resources/object-meta';
import { isCredentialHeader } from './resources/request-edit-defects';
import { validate } from './resources/validate';

/** Properties of `LlmBackend`. */
export interface LlmBackendProps {
  /** Who answers. */
  readonly provider: LlmProvider;

  /**
   * Edits of the upstream request's headers, after translation.
   *
   * @default - none
   */
  readonly headers?: HeaderEdits;

  /**
   * Edits of the upstream request's JSON body, after translation.
   *
   * @default - none
   */
  readonly body?: BodyEdits;

  /**
   * What is true of its models, where the gateway's catalog and the public price lists do not know them, or know them wrongly.
   *
   * @default - the catalog and the lists alone
   */
  readonly models?: BackendModel[];

  /**
   * Name, namespace, labels and annotations. The name goes for the LLMBackend and for Envoy Gateway's Backend, and appears in metrics and logs.
   *
   * @default - a generated name, the chart's namespace
   */
  readonly metadata?: ApiObjectMetadata;
}

/** What `LlmBackend.fromLlmBackendName` cannot know by itself. */
export interface LlmBackendAttributes {
  /** The dialect that it speaks. */
  readonly schema: OutputSchema;

  /** DNS name of the provider: the Host header of the requests. */
  readonly host: string;

  /**
   * Port of the provider.
   *
   * @default 443
   */
  readonly port?: number;

  /**
   * Name of its Envoy Gateway Backend (`spec.backendRef.name`).
   *
   * @default - the LLMBackend's own name
   */
  readonly backendName?: string;

  /**
   * Its namespace. In another one than a route's, its owner has to grant access by ReferenceGrants.
   *
   * @default - the namespace of the scope
   */
  readonly namespace?: string;

  /**
   * What is true of its models, as in the LLMBackend's `spec.models`; rules are checked by it.
   *
   * @default - the catalog alone
   */
  readonly models?: BackendModel[];

  /**
   * Secrets of its namespace that hold its credential: ExtProc gets the right to read them.
   *
   * @default - none
   */
  readonly secretNames?: string[];

  /**
   * ConfigMaps of its namespace that hold its CA certificates: ExtProc gets the right to read them.
   *
   * @default - none
   */
  readonly configMapNames?: string[];
}

/** An LLMBackend, our own or somebody else's. */
export interface ILlmBackend extends IConstruct {
  /** Name of the LLMBackend. */
  readonly name: string;
  /** Its namespace. */
  readonly namespace: string;
  /** The dialect that it speaks. */
  readonly schema: OutputSchema;
  /** DNS name of the provider. */
  readonly host: string;
  /** Its port. */
  readonly port: number;
  /** Name of its Envoy Gateway Backend, in the same namespace. */
  readonly backendName: string;
  /** What its owner says of its models. */
  readonly models: BackendModel[];
  /** Secrets of its namespace that ExtProc reads for it. */
  readonly secretNames: string[];
  /** ConfigMaps of its namespace (CA certificates) that ExtProc reads for it. */
  readonly configMapNames: string[];
  /** Whether routes of this namespace may use it, as far as this app can know. */
  allowsRoutesFrom(namespace: string): boolean;
}

/**
 * One provider endpoint that routes send requests to: an LLMBackend (dialect, credential, edits) and an Envoy Gateway Backend (address, TLS)
 * of the same name.
 */
export class LlmBackend extends Construct implements ILlmBackend {
  /** An LLMBackend that is not part of this app. */
  public static fromLlmBackendName(scope: Construct, id: string, name: string, attributes: LlmBackendAttributes): ILlmBackend {
    return new ImportedLlmBackend(scope, id, name, attributes);
  }

  public readonly name: string;
  public readonly namespace: string;
  public readonly schema: OutputSchema;
  public readonly host: string;
  public readonly port: number;
  public readonly backendName: string;
  public readonly models: BackendModel[];

  private readonly provider: ReturnType<LlmProvider['_toSpec']>;
  private readonly grantedNamespaces = new Set<string>();

  constructor(scope: Construct, id: string, private readonly props: LlmBackendProps) {
    super(scope, id);
    if (props.provider === undefined) throw new Error(`${this.node.path}: provider is missing; give one, such as LlmProvider.openAi({ apiKey: { secret, key } })`);
    this.provider = props.provider._toSpec();
    this.namespace = props.metadata?.namespace ?? namespaceOf(this);
    this.schema = this.provider.schema;
    this.host = this.provider.host;
    this.port = this.provider.port;
    this.models = props.models ?? [];
    this.check();

    const resource = new ours.LlmBackend(this, 'Resource', {
      metadata: { ...withoutUndefined(props.metadata), namespace: this.namespace },
      spec: Lazy.any({ produce: () => this.spec() }),
    });
    this.name = resource.name;
    this.backendName = resource.name;
    this.node.addValidation({ validate: () => namesakeDefects(this, (other) => other instanceof LlmBackend) });
    const labels = { ...standardLabels('backend', this.name), ...props.metadata?.labels };
    for (const [label, value] of Object.entries(labels)) resource.metadata.addLabel(label, value);
    new Backend(this, 'Backend', { metadata: { ...props.metadata, name: this.name, namespace: this.namespace, labels }, spec: this.backendSpec() });
  }

  /**
   * Lets LlmRoutes of another namespace use this backend, and with it the credential: emits the ReferenceGrants here that
   * Envoy Gateway (HTTPRoute to Backend) and ExtProc (LLMRoute to LLMBackend) ask for.
   *
   * @param namespace the routes' namespace
   */
  public allowRoutesFrom(namespace: string): void {
    if (this.allowsRoutesFrom(namespace)) return;
    this.grantedNamespaces.add(namespace);
    this.grant('HTTPRoute', 'gateway.networking.k8s.io', { group: 'gateway.envoyproxy.io', kind: 'Backend', name: this.backendName }, namespace);
    this.grant('LLMRoute', API_GROUP, { group: API_GROUP, kind: 'LLMBackend', name: this.name }, namespace);
  }

  public allowsRoutesFrom(namespace: string): boolean {
    return namespace === this.namespace || this.grantedNamespaces.has(namespace);
  }

  public get secretNames(): string[] {
    return this.secretValues().map(({ secret }) => secret.name);
  }

  public get configMapNames(): string[] {
    return this.provider.certificateAuthority === undefined ? [] : [this.provider.certificateAuthority.name];
  }

  private grant(kind: string, group: string, to: { group: string; kind: string; name: string }, namespace: string): void {
    new ReferenceGrant(this, `${kind}s-${namespace}`, {
      metadata: { name: `${this.name}-${kind.toLowerCase()}s-${namespace}`, namespace: this.namespace },
      spec: { from: [{ group, kind, namespace }], to: [to] },
    });
  }

  private secretValues(): SecretValue[] {
    const { apiKey, aws, azure, gcp } = this.provider;
    return [apiKey, aws?.credentials, azure?.secret, gcp?.secret].filter((value) => value !== undefined);
  }

  private spec(): ours.LlmBackendSpec {
    return { ...this.plainSpec(), backendRef: { name: this.backendName } } as unknown as ours.LlmBackendSpec;
  }

  /** As in the manifest, where L1 enums are plain strings. */
  private plainSpec(): Record<string, unknown> {
    const { version, removes = [] } = this.provider;
    const { headers, body } = this.props;
    const credential = credentialOf(this.provider);
    const removed = [...body?.remove ?? [], ...removes.filter((field) => !body?.remove?.includes(field))];
    return {
      outputSchema: { schema: this.schema, version },
      ...(credential === undefined ? {} : { credential }),
      ...(headers === undefined ? {} : {
        headers: headerEditsManifest(headers),
      }),
      ...(body === undefined && removed.length === 0 ? {} : {
        body: {
          ...bodyEditsManifest({ set: body?.set }),
          ...removed.length === 0 ? {} : { remove: removed },
        },
      }),
      ...(this.models.length === 0 ? {} : { models: this.models.map(modelManifest) }),
    };
  }

  private backendSpec(): BackendSpec {
    const { host, port, tls, certificateAuthority } = this.provider;
    return {
      endpoints: [{ fqdn: { hostname: host, port } }],
      ...(tls ? {
        tls: {
          sni: host,
          ...(certificateAuthority === undefined
            ? { wellKnownCaCertificates: 'System' }
            : { caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: certificateAuthority.name }] }),
        },
      } : {}),
    };
  }

  private check(): void {
    const fail = (message: string) => { throw new Error(`${this.node.path}: ${message}`); };
    const { host, port, tls, certificateAuthority } = this.provider;
    for (const value of this.secretValues()) if (typeof value?.secret?.name !== 'string') fail(NO_SECRET_VALUE);
    // Before any other check: their messages show values.
    const secrets = keyShapedPaths({ provider: { host }, metadata: this.props.metadata, ...this.plainSpec() }, '');
    if (secrets.length > 0) fail(`${secrets[0]} holds what looks like an API key; put it into a Secret and pass that to the provider as a SecretValue`);
    if (!HOST.test(host) || /^[0-9.]+$/.test(host)) {
      fail(`host ${JSON.stringify(host)} must be a DNS name in lower case, without scheme, port or path, such as llama.models.svc.cluster.local; `
        + 'for an IP address make a Service with an EndpointSlice and name that');
    }
    if (!Number.isInteger(port) || port < 1 || port > 65_535) fail(`port must be a whole number from 1 to 65535, not ${typeof port === 'number' ? port : JSON.stringify(port)}`);
    for (const defect of modelDefects(this.models)) fail(defect);
    if (!tls && certificateAuthority !== undefined) fail('certificateAuthority needs TLS; remove tls: false or the certificateAuthority');
    for (const { secret } of this.secretValues()) this.checkNamespace('Secret', secret, fail);
    if (certificateAuthority !== undefined) this.checkNamespace('ConfigMap', certificateAuthority, fail);
    const [header] = Object.keys(this.props.headers?.set ?? {}).filter(isCredentialHeader);
    if (header !== undefined) fail(`headers.set ${JSON.stringify(header)} is for credentials, which never stand in a manifest; put it into a Secret, and give that to the provider as apiKey`);
    for (const defect of bodyEditDefects(this.props.body, 'body')) fail(defect);
    const { name = 'generated' } = this.props.metadata ?? {};
    validate({ ...this.plainSpec(), backendRef: { name } }, LLM_BACKEND_SPEC, '', (path, message) => {
      fail(`${path.replace(/^\./, '').replace(/^backendRef/, 'metadata')} ${message}`);
    });
  }

  private checkNamespace(kind: string, resource: IConstruct, fail: (message: string) => void): void {
    // Of an imported one the namespace is not known.
    const namespace = resource instanceof Resource ? resource.metadata.namespace ?? 'default' : this.namespace;
    if (namespace !== this.namespace) {
      fail(`${kind} ${resource.node.path} is in namespace ${namespace}, the backend in ${this.namespace}; Kubernetes reads it from the backend's namespace only: move one of them`);
    }
  }
}

const HOST = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

const NO_SECRET_VALUE = 'a credential of the provider is no SecretValue; keys never stand in the code: '
  + 'give { secret: Secret.fromSecretName(this, \'Keys\', \'<name>\'), key: \'<key>\' }, which names the Secret that holds it';

/** cdk8s takes a name that is there but undefined for no name at all. */
function withoutUndefined(metadata: ApiObjectMetadata = {}): ApiObjectMetadata {
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== undefined));
}

class ImportedLlmBackend extends Construct implements ILlmBackend {
  public readonly namespace: string;
  public readonly schema: OutputSchema;
  public readonly host: string;
  public readonly port: number;
  public readonly backendName: string;
  public readonly models: BackendModel[];
  public readonly secretNames: string[];
  public readonly configMapNames: string[];

  constructor(scope: Construct, id: string, public readonly name: string, attributes: LlmBackendAttributes) {
    super(scope, id);
    if ([name, attributes.host].some(isKeyShaped)) throw new Error(`${this.node.path}: name or host looks like an API key`);
    this.namespace = attributes.namespace ?? namespaceOf(this);
    this.schema = attributes.schema;
    this.host = attributes.host;
    this.port = attributes.port ?? 443;
    this.backendName = attributes.backendName ?? name;
    this.models = attributes.models ?? [];
    this.secretNames = attributes.secretNames ?? [];
    this.configMapNames = attributes.configMapNames ?? [];
  }

  /** Its owner's ReferenceGrants are not part of this app. */
  public allowsRoutesFrom(): boolean {
    return true;
  }
}
