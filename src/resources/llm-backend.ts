import { ModelEntry } from './model-entry';
import { ObjectMeta } from './object-meta';
import { OutputSchemaName } from './schema-name';

/** One provider endpoint: where it is, which dialect it speaks, and whose credential it takes. */
export interface LLMBackend {
  readonly apiVersion: string;
  readonly kind: 'LLMBackend';
  readonly metadata: ObjectMeta;
  readonly spec: LLMBackendSpec;
}

export interface LLMBackendSpec {
  readonly outputSchema: OutputSchema;
  readonly backendRef: BackendObjectReference;
  readonly credential?: Credential;
  /** Edits of the upstream request's headers, after translation. */
  readonly headers?: HeaderEdits;
  /** Edits of the upstream request's JSON body, after translation. */
  readonly body?: BodyEdits;
  readonly models?: readonly ModelEntry[];
}

export interface OutputSchema {
  readonly schema: OutputSchemaName;
  /** OpenAI, Anthropic: path prefix (default `v1`); AzureOpenAI: api-version; AWSAnthropic, GCPAnthropic: anthropic_version. */
  readonly version?: string;
}

/** An Envoy Gateway Backend (default) or a core Service, always in the LLMBackend's own namespace. */
export interface BackendObjectReference {
  readonly group: 'gateway.envoyproxy.io' | '';
  readonly kind: 'Backend' | 'Service';
  readonly name: string;
  /** Required for a Service. */
  readonly port?: number;
}

/** At most one of apiKey, aws, azure, gcp; `fromRequestHeader` may stand beside it. */
export interface Credential {
  readonly apiKey?: { readonly secretRef: SecretKeyReference };
  readonly aws?: AwsCredential;
  readonly azure?: AzureCredential;
  readonly gcp?: GcpCredential;
  readonly fromRequestHeader?: RequestHeaderCredential;
}

/** The key of a Secret for Azure or GCP whose value is a bearer token that somebody else rotates; under any other key is what signs in for one. */
export const ACCESS_TOKEN_KEY = 'access_token';

/** A key of a Secret in the object's own namespace. */
export interface SecretKeyReference {
  readonly name: string;
  readonly key: string;
}

export interface AwsCredential {
  readonly region: string;
  /** An AWS shared credentials file (INI); without it the SDK's default chain. */
  readonly secretRef?: SecretKeyReference;
  /** Of that file. @default `default` */
  readonly profile?: string;
  readonly assumeRole?: AwsRole;
}

/** A role to take on with what else there is of a credential. */
export interface AwsRole {
  readonly roleArn: string;
  readonly externalId?: string;
  /** @default `llm-gateway` */
  readonly sessionName?: string;
}

export interface AzureCredential {
  readonly tenantId?: string;
  readonly clientId?: string;
  readonly secretRef?: SecretKeyReference;
}

export interface GcpCredential {
  readonly project: string;
  readonly region: string;
  readonly secretRef?: SecretKeyReference;
}

/** Either `name` or `prefix`. */
export interface RequestHeaderCredential {
  readonly name?: string;
  /** AWS: the three headers `<prefix>access-key-id`, `<prefix>secret-access-key`, `<prefix>session-token`. */
  readonly prefix?: string;
  /** @default false */
  readonly required: boolean;
}

export interface HeaderEdits {
  readonly set?: ReadonlyArray<{ readonly name: string; readonly value: string }>;
  readonly remove?: readonly string[];
}

export interface BodyEdits {
  /** `path`: dot-separated; `value`: JSON text. */
  readonly set?: ReadonlyArray<{ readonly path: string; readonly value: string }>;
  readonly remove?: readonly string[];
}
