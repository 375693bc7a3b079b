import { SecretValue } from 'cdk8s-plus-28';
import { CredentialFromRequest, EntraIdOptions } from './credential-options';
import { isKeyShaped } from './key-shaped';
import { OutputSchema } from './output-schema';
import { plainTextDefect } from './plain-text-defect';
import {
  OpenAiProviderOptions, OpenAiCompatibleProviderOptions, AwsBedrockProviderOptions, HostedProviderOptions, SelfHostedProviderOptions,
  AzureOpenAiProviderOptions, AnthropicProviderOptions, AwsAnthropicProviderOptions, GcpVertexAiProviderOptions, GcpAnthropicProviderOptions, CohereProviderOptions,
} from './provider-options';
import { awsRegionDefect, gcpRegionDefect } from './provider-region';
import { ProviderSpec } from './provider-spec';
import { requiredText } from './required-text';
import { ACCESS_TOKEN_KEY } from './resources/llm-backend';
import { COMPATIBLE_SERVERS, CompatibleServer } from './translate/catalog/compatible-servers';

/** Who answers: where the provider is, which dialect it speaks, and how to authenticate. Keys come from Secrets, never from the code. */
export class LlmProvider {
  /** OpenAI itself: `api.openai.com`, port 443. */
  public static openAi(options: OpenAiProviderOptions): LlmProvider {
    return new LlmProvider({ schema: OutputSchema.OPENAI, host: 'api.openai.com', port: 443, tls: true, ...keyCredential('openAi', options) });
  }

  /**
   * A server that speaks OpenAI's API: vLLM, KServe, Ollama, a hosted imitation, ... Throws where a credential would go to a host outside of the
   * cluster without TLS and `tls` does not say so, and where a public provider is to be called without it.
   */
  public static openAiCompatible(options: OpenAiCompatibleProviderOptions): LlmProvider {
    const host = requiredText('LlmProvider.openAiCompatible', 'host', options.host);
    const tls = options.tls ?? (options.certificateAuthority !== undefined || (options.port ?? 443) === 443);
    const port = options.port ?? (tls ? 443 : 80);
    const defect = tls ? undefined : plainTextDefect(host, port, options.tls, (options.apiKey ?? options.credentialFromRequest) !== undefined);
    if (defect !== undefined) throw new Error(`LlmProvider.openAiCompatible: ${defect}`);
    return new LlmProvider({
      schema: OutputSchema.OPENAI,
      version: options.pathPrefix,
      host,
      port,
      tls,
      certificateAuthority: options.certificateAuthority,
      apiKey: options.apiKey,
      ...fromRequest(options.credentialFromRequest, options.apiKey !== undefined),
    });
  }

  /** Amazon Bedrock's Converse API. Throws where two kinds of credentials are given, and where the region cannot be one. */
  public static awsBedrock(options: AwsBedrockProviderOptions): LlmProvider {
    return new LlmProvider(bedrock('awsBedrock', OutputSchema.AWS_BEDROCK, options));
  }

  /** Claude on Amazon Bedrock by Anthropic's own Messages API (InvokeModel). */
  public static awsAnthropic(options: AwsAnthropicProviderOptions): LlmProvider {
    return new LlmProvider({ ...bedrock('awsAnthropic', OutputSchema.AWS_ANTHROPIC, options), version: options.anthropicVersion });
  }

  /** Azure OpenAI. Throws unless there is one credential, besides one that callers bring. */
  public static azureOpenAi(options: AzureOpenAiProviderOptions): LlmProvider {
    const { apiKey, accessToken: token, entraId, credentialFromRequest } = options;
    const resource = requiredText('LlmProvider.azureOpenAi', 'resource', options.resource);
    const own = onlyOne('azureOpenAi', { apiKey, accessToken: token, entraId });
    if (own === undefined && credentialFromRequest === undefined) {
      throw new Error('LlmProvider.azureOpenAi: exactly one of apiKey, accessToken and entraId is needed, or credentialFromRequest');
    }
    return new LlmProvider({
      schema: OutputSchema.AZURE_OPENAI,
      version: options.apiVersion,
      host: resource.includes('.') ? resource : `${resource}.openai.azure.com`,
      port: 443,
      tls: true,
      apiKey,
      azure: entraId ? entra(entraId) : token && { secret: accessToken('azureOpenAi', token) },
      ...fromRequest(credentialFromRequest, own !== undefined),
    });
  }

  /** Anthropic itself: the Messages API. */
  public static anthropic(options: AnthropicProviderOptions): LlmProvider {
    return new LlmProvider({
      schema: OutputSchema.ANTHROPIC, version: options.pathPrefix, host: options.host ?? 'api.anthropic.com', port: 443, tls: true, ...keyCredential('anthropic', options),
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
    return new LlmProvider({ schema: OutputSchema.GCP_VERTEX_AI, host: 'generativelanguage.googleapis.com', port: 443, tls: true, ...keyCredential('gemini', options) });
  }

  /** Cohere: chat, embeddings and rerank. */
  public static cohere(options: CohereProviderOptions): LlmProvider {
    return new LlmProvider({ schema: OutputSchema.COHERE, host: options.host ?? 'api.cohere.com', port: 443, tls: true, ...keyCredential('cohere', options) });
  }

  /** Groq. It refuses logprobs, top_logprobs, logit_bias, names in messages and n above 1 (docs/models.md has all of these, with sources). */
  public static groq(options: HostedProviderOptions): LlmProvider {
    return hosted('groq', options);
  }

  /**
   * Mistral. It refuses every field that it does not know. Of these the gateway itself adds two, which it therefore never gets: stream_options (its streams
   * have the usage all the same) and user.
   */
  public static mistral(options: HostedProviderOptions): LlmProvider {
    return hosted('mistral', options);
  }

  /**
   * DeepSeek. It refuses schemas for its answer. While it thinks, which is what it does unless told otherwise, it refuses to be told to call a tool, and
   * temperature and penalties have no effect (api-docs.deepseek.com/guides/thinking_mode).
   */
  public static deepSeek(options: HostedProviderOptions): LlmProvider {
    return hosted('deepSeek', options);
  }

  /** xAI. It refuses presence_penalty; reasoning models refuse frequency_penalty and stop too, and some of them reasoning_effort (docs.x.ai/docs/guides/reasoning). */
  public static xAi(options: HostedProviderOptions): LlmProvider {
    return hosted('xAi', options);
  }

  /** Together AI. Its documentation says of no field of a chat that it is refused (docs.together.ai/docs/inference/openai-compatibility). */
  public static together(options: HostedProviderOptions): LlmProvider {
    return hosted('together', options);
  }

  /** Fireworks AI. A max_tokens that the context has no room for is lowered, not refused (docs.fireworks.ai/tools-sdks/openai-compatibility). */
  public static fireworks(options: HostedProviderOptions): LlmProvider {
    return hosted('fireworks', options);
  }

  /** OpenRouter. Providers behind it may ignore fields, unless clients send `provider: {require_parameters: true}` (openrouter.ai/docs/features/provider-routing). */
  public static openRouter(options: HostedProviderOptions): LlmProvider {
    return hosted('openRouter', options);
  }

  /**
   * Google AI Studio's imitation of OpenAI's API; `gemini` speaks the Gemini API itself and loses less. It refuses fields that it does not know, such as
   * store and prompt_cache_key; which these are its documentation does not say (ai.google.dev/gemini-api/docs/openai).
   */
  public static geminiOpenAi(options: HostedProviderOptions): LlmProvider {
    return hosted('geminiOpenAi', options);
  }

  /** Cerebras. It refuses fields that it does not know, such as store and metadata. */
  public static cerebras(options: HostedProviderOptions): LlmProvider {
    return hosted('cerebras', options);
  }

  /** vLLM, without TLS. It ignores `user` and `parallel_tool_calls` of a chat, and has no `suffix` of completions (docs.vllm.ai/en/latest/serving/openai_compatible_server). */
  public static vllm(options: SelfHostedProviderOptions): LlmProvider {
    return LlmProvider.openAiCompatible({ ...options, port: options.port ?? 8000, tls: false });
  }

  /** Ollama, without TLS. It does not know `tool_choice`, `logit_bias`, `n` and `user` (docs.ollama.com/api/openai-compatibility). */
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

type HostedServer = Exclude<keyof typeof COMPATIBLE_SERVERS, 'vllm' | 'ollama'>;

function hosted(factory: HostedServer, options: HostedProviderOptions): LlmProvider {
  const { hosted: { host, pathPrefix }, removes }: CompatibleServer & { readonly hosted: object } = COMPATIBLE_SERVERS[factory];
  return LlmProvider._of({ schema: OutputSchema.OPENAI, version: pathPrefix, host, port: 443, tls: true, removes, ...keyCredential(factory, options) });
}

function bedrock(factory: string, schema: OutputSchema, options: AwsBedrockProviderOptions): ProviderSpec {
  const { credentials, profile, assumeRole, apiKey, credentialFromRequest: caller } = options;
  const region = regionOf(factory, options, awsRegionDefect);
  onlyOne(factory, { credentials, apiKey });
  if (apiKey !== undefined && (assumeRole ?? caller) !== undefined) {
    throw new Error(`LlmProvider.${factory}: ${assumeRole === undefined ? 'credentialFromRequest' : 'assumeRole'} goes with AWS credentials, not with apiKey; leave one of them out`);
  }
  if (profile !== undefined && credentials === undefined) throw new Error(`LlmProvider.${factory}: profile ${JSON.stringify(profile)} needs credentials, the file that has it`);
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return {
    schema,
    host: options.host ?? `bedrock-runtime.${region}.${domain}`,
    port: 443,
    tls: true,
    ...apiKey === undefined ? { aws: { region, credentials, profile, assumeRole } } : { apiKey },
    ...caller && { fromRequestHeader: { prefix: caller.headerPrefix, required: caller.required ?? false } },
  };
}

function vertex(factory: string, schema: OutputSchema, options: GcpVertexAiProviderOptions): ProviderSpec {
  const { accessToken: token, serviceAccount, host } = options;
  const project = requiredText(`LlmProvider.${factory}`, 'project', options.project);
  const region = regionOf(factory, options, gcpRegionDefect);
  onlyOne(factory, { accessToken: token, serviceAccount });
  return {
    schema,
    host: host ?? (region === 'global' ? 'aiplatform.googleapis.com' : `${region}-aiplatform.googleapis.com`),
    port: 443,
    tls: true,
    gcp: { project, region, secret: token === undefined ? serviceAccount && signsIn(factory, 'serviceAccount', serviceAccount) : accessToken(factory, token) },
    ...fromRequest(options.credentialFromRequest, true),
  };
}

/** With a host of one's own the region is only what requests are signed for. */
function regionOf(factory: string, options: { readonly region: string; readonly host?: string }, defectOf: (region: string) => string | undefined): string {
  const region = requiredText(`LlmProvider.${factory}`, 'region', options.region);
  // The message below shows it.
  if (isKeyShaped(region)) throw new Error(`LlmProvider.${factory}: region holds what looks like an API key; put it into a Secret and pass that as a SecretValue`);
  const defect = options.host === undefined ? defectOf(region) : undefined;
  if (defect !== undefined) throw new Error(`LlmProvider.${factory}: ${defect}`);
  return region;
}

function entra({ tenantId, clientId, clientSecret }: EntraIdOptions): ProviderSpec['azure'] {
  if (clientSecret !== undefined && (tenantId === undefined || clientId === undefined)) {
    throw new Error(`LlmProvider.azureOpenAi: entraId.clientSecret needs entraId.${tenantId === undefined ? 'tenantId' : 'clientId'}`);
  }
  return { tenantId, clientId, secret: clientSecret && signsIn('azureOpenAi', 'entraId.clientSecret', clientSecret) };
}

/** A provider that takes an API key, the gateway's or the caller's. */
function keyCredential(
  factory: string, { apiKey, credentialFromRequest }: { readonly apiKey?: SecretValue; readonly credentialFromRequest?: CredentialFromRequest },
): Pick<ProviderSpec, 'apiKey' | 'fromRequestHeader'> {
  if (apiKey === undefined && credentialFromRequest === undefined) throw new Error(`LlmProvider.${factory}: apiKey or credentialFromRequest is needed`);
  return { apiKey, ...fromRequest(credentialFromRequest, apiKey !== undefined) };
}

/** `fallback`: there is another credential. */
function fromRequest(caller: CredentialFromRequest | undefined, fallback: boolean): Pick<ProviderSpec, 'fromRequestHeader'> {
  return caller === undefined ? {} : { fromRequestHeader: { name: caller.header, required: caller.required ?? !fallback } };
}

/** The name of the option that is given. */
function onlyOne(factory: string, options: Readonly<Record<string, unknown>>): string | undefined {
  const given = Object.keys(options).filter((name) => options[name] !== undefined);
  if (given.length > 1) throw new Error(`LlmProvider.${factory}: ${given.join(' and ')} are both given, and a request takes one credential; leave one of them out`);
  return given[0];
}

/** ExtProc tells by the key that the value is a token and not what signs in for one. */
function accessToken(factory: string, value: SecretValue): SecretValue {
  if (value.key === ACCESS_TOKEN_KEY) return value;
  throw new Error(`LlmProvider.${factory}: the key of accessToken's Secret is "${value.key}"; it has to be ${ACCESS_TOKEN_KEY}`);
}

function signsIn(factory: string, option: string, value: SecretValue): SecretValue {
  if (value.key !== ACCESS_TOKEN_KEY) return value;
  throw new Error(`LlmProvider.${factory}: the key of ${option}'s Secret is ${ACCESS_TOKEN_KEY}, which stands for a ready token; give it as accessToken, or choose another key`);
}
