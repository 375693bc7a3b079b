/** A hosted server that imitates OpenAI's API. */
export interface ProviderPreset {
  readonly host: string;
  /** What stands before `/chat/completions`; empty: nothing does. */
  readonly pathPrefix: string;
  /** Fields that it answers with an error and that the gateway itself adds: they are taken out of each request. */
  readonly removes?: readonly string[];
}

/**
 * Where the hosted imitations of OpenAI's API are, by their own documentation: console.groq.com/docs/openai, docs.mistral.ai/api,
 * api-docs.deepseek.com, docs.x.ai/docs/overview, docs.together.ai/docs/openai-api-compatibility, docs.fireworks.ai/tools-sdks/openai-compatibility,
 * openrouter.ai/docs/quickstart, ai.google.dev/gemini-api/docs/openai, inference-docs.cerebras.ai/resources/openai.
 */
export const PRESETS = {
  // Refuses logprobs, top_logprobs, logit_bias, messages[].name and n above 1 by itself, with 400.
  groq: { host: 'api.groq.com', pathPrefix: 'openai/v1' },
  // Refuses stream_options with 422 and sends the usage with the last chunk unasked: github.com/openai/openai-agents-python/issues/442.
  mistral: { host: 'api.mistral.ai', pathPrefix: 'v1', removes: ['stream_options'] },
  deepSeek: { host: 'api.deepseek.com', pathPrefix: 'v1' },
  xAi: { host: 'api.x.ai', pathPrefix: 'v1' },
  together: { host: 'api.together.xyz', pathPrefix: 'v1' },
  fireworks: { host: 'api.fireworks.ai', pathPrefix: 'inference/v1' },
  openRouter: { host: 'openrouter.ai', pathPrefix: 'api/v1' },
  geminiOpenAi: { host: 'generativelanguage.googleapis.com', pathPrefix: 'v1beta/openai' },
  cerebras: { host: 'api.cerebras.ai', pathPrefix: 'v1' },
} satisfies Readonly<Record<string, ProviderPreset>>;
