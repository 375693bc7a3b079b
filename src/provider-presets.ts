/** A hosted server that imitates OpenAI's API. */
export interface ProviderPreset {
  readonly host: string;
  /** What stands before `/chat/completions`; empty: nothing does. */
  readonly pathPrefix: string;
  /** Fields that it answers with an error and that the gateway itself adds: they are taken out of each request. */
  readonly removes?: readonly string[];
}

/**
 * Where the hosted imitations of OpenAI's API are, and what they refuse, each by its own documentation as of November 2026; docs/models.md has
 * the same for readers. What a provider refuses it refuses itself, with a 400 or 422 that clients get in their dialect.
 */
export const PRESETS = {
  // console.groq.com/docs/openai: refuses logprobs, top_logprobs, logit_bias, messages[].name and n above 1.
  groq: { host: 'api.groq.com', pathPrefix: 'openai/v1' },
  // docs.mistral.ai/api. Refuses every field that it does not know with 422, stream_options among them, and sends the usage with the last chunk
  // unasked: github.com/openai/openai-agents-python/issues/442, github.com/mistralai/platform-docs-public/issues/7, github.com/editor-code-assistant/eca/issues/231.
  mistral: { host: 'api.mistral.ai', pathPrefix: 'v1', removes: ['stream_options'] },
  // api-docs.deepseek.com/guides/reasoning_model: while it thinks, samplers and penalties have no effect, logprobs and top_logprobs are refused.
  deepSeek: { host: 'api.deepseek.com', pathPrefix: 'v1' },
  // docs.x.ai/docs/guides/reasoning: reasoning models refuse presence_penalty, frequency_penalty and stop, most of them reasoning_effort too.
  xAi: { host: 'api.x.ai', pathPrefix: 'v1' },
  // docs.together.ai/docs/inference/openai-compatibility: says of no field of a chat that it is refused.
  together: { host: 'api.together.ai', pathPrefix: 'v1' },
  // docs.fireworks.ai/tools-sdks/openai-compatibility: refuses none; lowers a max_tokens that the context has no room for, and sends the usage of a stream unasked.
  fireworks: { host: 'api.fireworks.ai', pathPrefix: 'inference/v1' },
  // openrouter.ai/docs/features/provider-routing: takes providers that ignore a field of the request, unless provider.require_parameters is true.
  openRouter: { host: 'openrouter.ai', pathPrefix: 'api/v1' },
  // ai.google.dev/gemini-api/docs/openai: names none. Refuses names that it does not know: github.com/FuzzAnything/PromptFuzz/issues/42.
  geminiOpenAi: { host: 'generativelanguage.googleapis.com', pathPrefix: 'v1beta/openai' },
  // inference-docs.cerebras.ai/resources/openai, .../api-reference/chat-completions: say of no field that it is refused.
  cerebras: { host: 'api.cerebras.ai', pathPrefix: 'v1' },
} satisfies Readonly<Record<string, ProviderPreset>>;
