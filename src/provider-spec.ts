import { IConfigMap, SecretValue } from 'cdk8s-plus-28';
import { AwsRoleOptions } from './credential-options';
import { OutputSchema } from './output-schema';

/** What a provider comes down to; `LlmBackend` renders it. */
export interface ProviderSpec {
  readonly schema: OutputSchema;
  /** As in `LLMBackend.spec.outputSchema.version`. */
  readonly version?: string;
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** Absent: the system's. */
  readonly certificateAuthority?: IConfigMap;
  readonly apiKey?: SecretValue;
  readonly aws?: { readonly region: string; readonly credentials?: SecretValue; readonly profile?: string; readonly assumeRole?: AwsRoleOptions };
  readonly azure?: { readonly tenantId?: string; readonly clientId?: string; readonly secret?: SecretValue };
  readonly gcp?: { readonly project: string; readonly region: string; readonly secret?: SecretValue };
  readonly fromRequestHeader?: { readonly name?: string; readonly prefix?: string; readonly required: boolean };
  /** Fields that each request's body is sent without. */
  readonly removes?: readonly string[];
}
