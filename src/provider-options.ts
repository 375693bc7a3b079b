import { IConfigMap, SecretValue } from 'cdk8s-plus-28';

/** Options of `LlmProvider.openAi`. */
export interface OpenAiProviderOptions {
  /** The API key, in a Secret of the backend's namespace. */
  readonly apiKey: SecretValue;
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
   * DNS name of the endpoint, for example of a VPC endpoint.
   *
   * @default - the region's public endpoint, `bedrock-runtime.<region>.amazonaws.com`
   */
  readonly host?: string;
}

/** Options of the hosted imitations of OpenAI's API: `LlmProvider.groq`, `mistral`, ... */
export interface HostedProviderOptions {
  /** The API key, in a Secret of the backend's namespace. */
  readonly apiKey: SecretValue;
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
}

/** Options of `LlmProvider.azureOpenAi`: exactly one of `apiKey` and `accessToken`. */
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
}

/** Options of `LlmProvider.anthropic`. */
export interface AnthropicProviderOptions {
  /** The API key, in a Secret of the backend's namespace. */
  readonly apiKey: SecretValue;

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

  /** A bearer token that something else renews; the Secret's key has to be `access_token`. */
  readonly accessToken: SecretValue;

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
  /** The API key, in a Secret of the backend's namespace. */
  readonly apiKey: SecretValue;

  /**
   * DNS name of the endpoint.
   *
   * @default api.cohere.com
   */
  readonly host?: string;
}
