import { IConfigMap, SecretValue } from 'cdk8s-plus-28';
import { OutputSchema } from './output-schema';
import { ProviderSpec } from './provider-spec';

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

/** Who answers: where the provider is, which dialect it speaks, and how to authenticate. Keys come from Secrets, never from the code. */
export class LlmProvider {
  /** OpenAI itself: `api.openai.com`, port 443. */
  public static openAi(options: OpenAiProviderOptions): LlmProvider {
    return new LlmProvider({ schema: OutputSchema.OPENAI, host: 'api.openai.com', port: 443, tls: true, apiKey: options.apiKey });
  }

  /** A server that speaks OpenAI's API: vLLM, KServe, Ollama, a hosted imitation, ... */
  public static openAiCompatible(options: OpenAiCompatibleProviderOptions): LlmProvider {
    const tls = options.tls ?? (options.certificateAuthority !== undefined || (options.port ?? 443) === 443);
    return new LlmProvider({
      schema: OutputSchema.OPENAI,
      version: options.pathPrefix,
      host: options.host,
      port: options.port ?? (tls ? 443 : 80),
      tls,
      certificateAuthority: options.certificateAuthority,
      apiKey: options.apiKey,
    });
  }

  /** Amazon Bedrock's Converse API. */
  public static awsBedrock(options: AwsBedrockProviderOptions): LlmProvider {
    const domain = options.region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
    return new LlmProvider({
      schema: OutputSchema.AWS_BEDROCK,
      host: options.host ?? `bedrock-runtime.${options.region}.${domain}`,
      port: 443,
      tls: true,
      aws: { region: options.region, credentials: options.credentials },
    });
  }

  private constructor(private readonly spec: ProviderSpec) {}

  /** @internal */
  public _toSpec(): ProviderSpec {
    return this.spec;
  }
}
