import { IConfigMap, SecretValue } from 'cdk8s-plus-28';
import { AwsCredentialFromRequest, AwsRoleOptions, CredentialFromRequest, EntraIdOptions } from './credential-options';

/** Options of `LlmProvider.openAi`. */
export interface OpenAiProviderOptions {
  /**
   * The API key, in a Secret of the backend's namespace.
   *
   * @default - none: callers bring theirs by `credentialFromRequest`
   */
  readonly apiKey?: SecretValue;

  /**
   * A header in which callers bring a key of their own.
   *
   * @default - none: every request gets the gateway's
   */
  readonly credentialFromRequest?: CredentialFromRequest;
}

/** Options of `LlmProvider.openAiCompatible`. */
export interface OpenAiCompatibleProviderOptions {
  /** DNS name, such as `llama.models.svc.cluster.local`. */
  readonly host: string;

  /**
   * Port.
   *
   * @default - 443 with TLS, 80 without
   */
  readonly port?: number;

  /**
   * Whether to speak TLS.
   *
   * @default - true on port 443 (or without a port) and with a certificateAuthority, false on other ports
   */
  readonly tls?: boolean;

  /**
   * What stands before `/chat/completions`, without slashes at its ends.
   *
   * @default v1
   */
  readonly pathPrefix?: string;

  /**
   * The API key, in a Secret of the backend's namespace; sent as bearer token.
   *
   * @default - no credential is sent
   */
  readonly apiKey?: SecretValue;

  /**
   * A header in which callers bring a key of their own.
   *
   * @default - none: every request gets the gateway's
   */
  readonly credentialFromRequest?: CredentialFromRequest;

  /**
   * A ConfigMap of the backend's namespace whose key `ca.crt` holds the certificates (PEM) to trust.
   *
   * @default - the system's certificate authorities
   */
  readonly certificateAuthority?: IConfigMap;
}

/** Options of `LlmProvider.awsBedrock`. */
export interface AwsBedrockProviderOptions {
  /** AWS region, such as `us-east-1`. */
  readonly region: string;

  /**
   * An AWS shared credentials file (INI, profile `default`), in a Secret of the backend's namespace.
   *
   * @default - the AWS SDK's default chain in the ExtProc pod: EKS Pod Identity, IRSA, instance profile, ...
   */
  readonly credentials?: SecretValue;

  /**
   * Profile of that file: with keys, with a `role_arn` and its `source_profile`, or with a `web_identity_token_file`.
   *
   * @default default
   */
  readonly profile?: string;

  /**
   * A role to take on with these credentials, of another account for example.
   *
   * @default - none
   */
  readonly assumeRole?: AwsRoleOptions;

  /**
   * An Amazon Bedrock API key (a bearer token), in a Secret of the backend's namespace, instead of AWS credentials.
   *
   * @default - requests are signed with AWS credentials
   */
  readonly apiKey?: SecretValue;

  /**
   * Headers in which callers bring AWS credentials of their own.
   *
   * @default - none: every request is signed with the gateway's
   */
  readonly credentialFromRequest?: AwsCredentialFromRequest;

  /**
   * DNS name of the endpoint, for example of a VPC endpoint.
   *
   * @default - the region's public endpoint, `bedrock-runtime.<region>.amazonaws.com`
   */
  readonly host?: string;
}

/** Options of the hosted imitations of OpenAI's API: `LlmProvider.groq`, `mistral`, ... */
export interface HostedProviderOptions {
  /**
   * The API key, in a Secret of the backend's namespace.
   *
   * @default - none: callers bring theirs by `credentialFromRequest`
   */
  readonly apiKey?: SecretValue;

  /**
   * A header in which callers bring a key of their own.
   *
   * @default - none: every request gets the gateway's
   */
  readonly credentialFromRequest?: CredentialFromRequest;
}

/** Options of `LlmProvider.vllm` and `LlmProvider.ollama`. */
export interface SelfHostedProviderOptions {
  /** DNS name, such as `vllm.models.svc.cluster.local`. */
  readonly host: string;

  /**
   * Port.
   *
   * @default - 8000 for vLLM, 11434 for Ollama
   */
  readonly port?: number;

  /**
   * The API key, in a Secret of the backend's namespace.
   *
   * @default - no credential is sent
   */
  readonly apiKey?: SecretValue;

  /**
   * A header in which callers bring a key of their own.
   *
   * @default - none: every request gets the gateway's
   */
  readonly credentialFromRequest?: CredentialFromRequest;
}

/** Options of `LlmProvider.azureOpenAi`: one of `apiKey`, `accessToken`, `entraId` and `credentialFromRequest`; the last may stand beside another. */
export interface AzureOpenAiProviderOptions {
  /** Name of the Azure OpenAI resource, or its whole DNS name. */
  readonly resource: string;

  /**
   * The `api-version`, such as `2024-10-21`.
   *
   * @default - the newest that this version of the gateway knows
   */
  readonly apiVersion?: string;

  /**
   * The API key, in a Secret of the backend's namespace.
   *
   * @default - none
   */
  readonly apiKey?: SecretValue;

  /**
   * A bearer token of Microsoft Entra ID that something else renews; the Secret's key has to be `access_token`.
   *
   * @default - none
   */
  readonly accessToken?: SecretValue;

  /**
   * The application of Microsoft Entra ID that the gateway signs in as, by client secret or workload identity.
   *
   * @default - none
   */
  readonly entraId?: EntraIdOptions;

  /**
   * A header in which callers bring a credential of their own: a token beside `accessToken` or `entraId`, else an API key.
   *
   * @default - none: every request gets the gateway's
   */
  readonly credentialFromRequest?: CredentialFromRequest;
}

/** Options of `LlmProvider.anthropic`. */
export interface AnthropicProviderOptions {
  /**
   * The API key, in a Secret of the backend's namespace.
   *
   * @default - none: callers bring theirs by `credentialFromRequest`
   */
  readonly apiKey?: SecretValue;

  /**
   * A header in which callers bring a key of their own.
   *
   * @default - none: every request gets the gateway's
   */
  readonly credentialFromRequest?: CredentialFromRequest;

  /**
   * DNS name of the endpoint.
   *
   * @default api.anthropic.com
   */
  readonly host?: string;

  /**
   * What stands before `/messages`, without slashes at its ends.
   *
   * @default v1
   */
  readonly pathPrefix?: string;
}

/** Options of `LlmProvider.awsAnthropic`. */
export interface AwsAnthropicProviderOptions extends AwsBedrockProviderOptions {
  /**
   * The `anthropic_version` of the request body.
   *
   * @default bedrock-2023-05-31
   */
  readonly anthropicVersion?: string;
}

/** Options of `LlmProvider.gcpVertexAi`. */
export interface GcpVertexAiProviderOptions {
  /** Project id. */
  readonly project: string;

  /** Location, such as `us-central1`, or `global`. */
  readonly region: string;

  /**
   * A bearer token that something else renews; the Secret's key has to be `access_token`.
   *
   * @default - none
   */
  readonly accessToken?: SecretValue;

  /**
   * The JSON of a service account key or of workload identity federation, in a Secret of the backend's namespace.
   *
   * @default - without `accessToken`, the application default credentials in the ExtProc pod: workload identity of GKE,
   * `GOOGLE_APPLICATION_CREDENTIALS`, the metadata server
   */
  readonly serviceAccount?: SecretValue;

  /**
   * A header in which callers bring an access token of their own.
   *
   * @default - none: every request gets the gateway's
   */
  readonly credentialFromRequest?: CredentialFromRequest;

  /**
   * DNS name of the endpoint, for example of Private Service Connect.
   *
   * @default - `<region>-aiplatform.googleapis.com`; for `global`, `aiplatform.googleapis.com`
   */
  readonly host?: string;
}

/** Options of `LlmProvider.gcpAnthropic`. */
export interface GcpAnthropicProviderOptions extends GcpVertexAiProviderOptions {
  /**
   * The `anthropic_version` of the request body.
   *
   * @default vertex-2023-10-16
   */
  readonly anthropicVersion?: string;
}

/** Options of `LlmProvider.cohere`. */
export interface CohereProviderOptions {
  /**
   * The API key, in a Secret of the backend's namespace.
   *
   * @default - none: callers bring theirs by `credentialFromRequest`
   */
  readonly apiKey?: SecretValue;

  /**
   * A header in which callers bring a key of their own.
   *
   * @default - none: every request gets the gateway's
   */
  readonly credentialFromRequest?: CredentialFromRequest;

  /**
   * DNS name of the endpoint.
   *
   * @default api.cohere.com
   */
  readonly host?: string;
}
