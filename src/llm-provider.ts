import { SecretValue } from 'cdk8s-plus-28';
import { OutputSchema } from './output-schema';
import {
  OpenAiProviderOptions, OpenAiCompatibleProviderOptions, AwsBedrockProviderOptions, HostedProviderOptions, SelfHostedProviderOptions,
  AzureOpenAiProviderOptions, AnthropicProviderOptions, AwsAnthropicProviderOptions, GcpVertexAiProviderOptions, GcpAnthropicProviderOptions, CohereProviderOptions,
} from './provider-options';
import { PRESETS, ProviderPreset } from './provider-presets';
import { ProviderSpec } from './provider-spec';

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

  /** Claude on Amazon Bedrock by Anthropic's own Messages API (InvokeModel). */
  public static awsAnthropic(options: AwsAnthropicProviderOptions): LlmProvider {
    return new LlmProvider({ ...LlmProvider.awsBedrock(options).spec, schema: OutputSchema.AWS_ANTHROPIC, version: options.anthropicVersion });
  }

  /** Azure OpenAI. Throws unless exactly one credential is given. */
  public static azureOpenAi(options: AzureOpenAiProviderOptions): LlmProvider {
    if ((options.apiKey === undefined) === (options.accessToken === undefined)) {
      throw new Error('LlmProvider.azureOpenAi: exactly one of apiKey and accessToken is needed');
    }
    return new LlmProvider({
      schema: OutputSchema.AZURE_OPENAI,
      version: options.apiVersion,
      host: options.resource.includes('.') ? options.resource : `${options.resource}.openai.azure.com`,
      port: 443,
      tls: true,
      apiKey: options.apiKey,
      azure: options.accessToken && { secret: accessToken('azureOpenAi', options.accessToken) },
    });
  }

  /** Anthropic itself: the Messages API. */
  public static anthropic(options: AnthropicProviderOptions): LlmProvider {
    return new LlmProvider({
      schema: OutputSchema.ANTHROPIC, version: options.pathPrefix, host: options.host ?? 'api.anthropic.com', port: 443, tls: true, apiKey: options.apiKey,
    });
  }

  /** Gemini on Google Vertex AI. */
  public static gcpVertexAi(options: GcpVertexAiProviderOptions): LlmProvider {
    return new LlmProvider(vertex('gcpVertexAi', OutputSchema.GCP_VERTEX_AI, options));
  }

  /** Claude on Google Vertex AI. */
  public static gcpAnthropic(options: GcpAnthropicProviderOptions): LlmProvider {
    return new LlmProvider({ ...vertex('gcpAnthropic', OutputSchema.GCP_ANTHROPIC, options), version: options.anthropicVersion });
  }

  /** The Gemini API of Google AI Studio, by API key. */
  public static gemini(options: HostedProviderOptions): LlmProvider {
    return new LlmProvider({ schema: OutputSchema.GCP_VERTEX_AI, host: 'generativelanguage.googleapis.com', port: 443, tls: true, apiKey: options.apiKey });
  }

  /** Cohere: chat, embeddings and rerank. */
  public static cohere(options: CohereProviderOptions): LlmProvider {
    return new LlmProvider({ schema: OutputSchema.COHERE, host: options.host ?? 'api.cohere.com', port: 443, tls: true, apiKey: options.apiKey });
  }

  /** Groq. It refuses logprobs, top_logprobs, logit_bias, names in messages and n above 1. */
  public static groq(options: HostedProviderOptions): LlmProvider {
    return hosted(PRESETS.groq, options);
  }

  /** Mistral. It refuses stream_options, so it gets none; its streams have the usage all the same. */
  public static mistral(options: HostedProviderOptions): LlmProvider {
    return hosted(PRESETS.mistral, options);
  }

  /** DeepSeek. */
  public static deepSeek(options: HostedProviderOptions): LlmProvider {
    return hosted(PRESETS.deepSeek, options);
  }

  /** xAI. */
  public static xAi(options: HostedProviderOptions): LlmProvider {
    return hosted(PRESETS.xAi, options);
  }

  /** Together AI. */
  public static together(options: HostedProviderOptions): LlmProvider {
    return hosted(PRESETS.together, options);
  }

  /** Fireworks AI. */
  public static fireworks(options: HostedProviderOptions): LlmProvider {
    return hosted(PRESETS.fireworks, options);
  }

  /** OpenRouter. */
  public static openRouter(options: HostedProviderOptions): LlmProvider {
    return hosted(PRESETS.openRouter, options);
  }

  /** Google AI Studio's imitation of OpenAI's API; `gemini` speaks the Gemini API itself and loses less. */
  public static geminiOpenAi(options: HostedProviderOptions): LlmProvider {
    return hosted(PRESETS.geminiOpenAi, options);
  }

  /** Cerebras. */
  public static cerebras(options: HostedProviderOptions): LlmProvider {
    return hosted(PRESETS.cerebras, options);
  }

  /** vLLM, without TLS. */
  public static vllm(options: SelfHostedProviderOptions): LlmProvider {
    return LlmProvider.openAiCompatible({ ...options, port: options.port ?? 8000, tls: false });
  }

  /** Ollama, without TLS. */
  public static ollama(options: SelfHostedProviderOptions): LlmProvider {
    return LlmProvider.openAiCompatible({ ...options, port: options.port ?? 11434, tls: false });
  }

  /** @internal */
  public static _of(spec: ProviderSpec): LlmProvider {
    return new LlmProvider(spec);
  }

  private constructor(private readonly spec: ProviderSpec) {}

  /** @internal */
  public _toSpec(): ProviderSpec {
    return this.spec;
  }
}

function hosted({ host, pathPrefix, removes }: ProviderPreset, { apiKey }: HostedProviderOptions): LlmProvider {
  return LlmProvider._of({ schema: OutputSchema.OPENAI, version: pathPrefix, host, port: 443, tls: true, apiKey, removes });
}

function vertex(factory: string, schema: OutputSchema, { project, region, accessToken: token, host }: GcpVertexAiProviderOptions): ProviderSpec {
  return {
    schema,
    host: host ?? (region === 'global' ? 'aiplatform.googleapis.com' : `${region}-aiplatform.googleapis.com`),
    port: 443,
    tls: true,
    gcp: { project, region, secret: accessToken(factory, token) },
  };
}

/** ExtProc tells by the key that the value is a token and not what signs in for one. */
function accessToken(factory: string, value: SecretValue): SecretValue {
  if (value.key === 'access_token') return value;
  throw new Error(`LlmProvider.${factory}: the key of accessToken's Secret is "${value.key}"; it has to be access_token`);
}
