import { FieldFact, FieldValues } from './field-fact';

/** A server that imitates OpenAI's API. */
export interface CompatibleServer {
  /** Absent: it runs wherever its users put it. */
  readonly hosted?: {
    readonly host: string;
    /** What stands before `/chat/completions`; empty: nothing does. */
    readonly pathPrefix: string;
  };
  /** Fields that it refuses, that say nothing of what the answer is to be, and that the gateway adds by itself: each request is sent without them. */
  readonly removes?: readonly string[];
  readonly fields: readonly FieldFact[];
  /** What holds for fields that are not named. */
  readonly note?: string;
}

const ASOF = '2026-11';
const REQUIRED_TOOL: FieldValues = { words: '`required` or a named tool', has: (value) => value === 'required' || typeof value === 'object' };

/** Of OpenAI's own client (npm openai 6.49), what clients of strict servers have no type for. */
const OPENAI_ALONE = [
  'audio', 'functions', 'function_call', 'modalities', 'moderation', 'prompt_cache_options', 'prompt_cache_retention', 'safety_identifier', 'store', 'verbosity',
  'web_search_options',
];

/**
 * Where the imitations of OpenAI's API are, and what they are known to do with fields of a chat, by their own documentation and client libraries,
 * or else by what callers were answered. What is said of none of them is passed on: a refusal is the provider's, in the client's dialect.
 */
export const COMPATIBLE_SERVERS = {
  groq: {
    hosted: { host: 'api.groq.com', pathPrefix: 'openai/v1' },
    fields: [
      { fields: ['logprobs', 'top_logprobs', 'logit_bias', 'messages[].name'], effect: 'refused', source: 'console.groq.com/docs/openai', asOf: ASOF },
      { fields: ['n'], effect: 'refused', values: { words: 'above 1', has: (value) => typeof value === 'number' && value > 1 }, source: 'console.groq.com/docs/openai', asOf: ASOF },
      { fields: ['temperature'], effect: 'changed', values: { words: '0', has: (value) => value === 0 }, note: '1e-8 counts', source: 'console.groq.com/docs/openai', asOf: ASOF },
      { fields: ['frequency_penalty', 'presence_penalty', 'metadata', 'store'], effect: 'unsupported', source: 'npm groq-sdk 1.6, resources/chat/completions.d.ts', asOf: ASOF },
    ],
  },
  mistral: {
    hosted: { host: 'api.mistral.ai', pathPrefix: 'v1' },
    // The gateway adds stream_options for the usage, which Mistral sends with the last chunk unasked, and makes `user` of Anthropic's metadata.user_id.
    removes: ['stream_options', 'user'],
    fields: [
      { fields: ['max_completion_tokens'], effect: 'refused', note: 'clients can send max_tokens', source: 'github.com/Gitlawb/openclaude/issues/739', asOf: '2026-04' },
      { fields: ['stream_options'], effect: 'refused', source: 'github.com/BerriAI/litellm/issues/8978', asOf: '2025-03' },
      { fields: ['seed'], effect: 'refused', note: 'clients can send random_seed', source: 'npm @mistralai/mistralai 2.7, models/components/chatcompletionrequest.d.ts', asOf: ASOF },
      {
        fields: ['logit_bias', 'logprobs', 'top_logprobs', 'user', ...OPENAI_ALONE],
        effect: 'refused',
        source: 'npm @mistralai/mistralai 2.7, models/components/chatcompletionrequest.d.ts',
        asOf: ASOF,
      },
      {
        fields: ['service_tier'],
        effect: 'refused',
        values: { words: 'other than `auto` and `standard_only`', has: (value) => value !== 'auto' && value !== 'standard_only' },
        source: 'npm @mistralai/mistralai 2.7, models/components/requestedservicetier.d.ts',
        asOf: ASOF,
      },
      { fields: ['messages[].name'], effect: 'refused', when: 'in messages of any role but tool', source: 'npm @mistralai/mistralai 2.7, models/components/usermessage.d.ts', asOf: ASOF },
      { fields: ['messages[].reasoning_content'], effect: 'refused', source: 'github.com/BerriAI/litellm/issues/30835', asOf: '2026-06' },
    ],
    note: 'refuses every field that it does not know with 422, and sends the usage of a stream unasked',
  },
  deepSeek: {
    hosted: { host: 'api.deepseek.com', pathPrefix: 'v1' },
    fields: [
      {
        fields: ['response_format'],
        effect: 'refused',
        values: { words: 'of type `json_schema`', has: (value) => typeof value === 'object' && value !== null && 'type' in value && value.type === 'json_schema' },
        source: 'github.com/NousResearch/hermes-agent/issues/102849',
        asOf: '2026-09',
      },
      {
        fields: ['tool_choice'],
        effect: 'refused',
        values: REQUIRED_TOOL,
        when: 'while it thinks, as it does unless `thinking: {"type": "disabled"}` is sent',
        source: 'github.com/deepseek-ai/DeepSeek-V3/issues/1376',
        asOf: '2026-05',
      },
      {
        fields: ['temperature', 'presence_penalty', 'frequency_penalty'],
        effect: 'ignored',
        when: 'while it thinks, as it does unless `thinking: {"type": "disabled"}` is sent',
        source: 'api-docs.deepseek.com/guides/thinking_mode',
        asOf: ASOF,
      },
      { fields: ['top_p'], effect: 'changed', note: 'by model, 0.95 is the least, or it is ignored', source: 'api-docs.deepseek.com/guides/thinking_mode', asOf: ASOF },
      {
        fields: ['reasoning_effort'],
        effect: 'changed',
        values: { words: '`minimal`, `medium` or `xhigh`', has: (value) => value === 'minimal' || value === 'medium' || value === 'xhigh' },
        note: '`low` counts for minimal, `high` for the others',
        source: 'api-docs.deepseek.com/guides/thinking_mode',
        asOf: ASOF,
      },
    ],
  },
  xAi: {
    hosted: { host: 'api.x.ai', pathPrefix: 'v1' },
    fields: [
      { fields: ['presence_penalty'], effect: 'refused', source: 'github.com/miaoxworld/NativeTavern/issues/83', asOf: '2026-09' },
      { fields: ['frequency_penalty', 'stop'], effect: 'refused', when: 'by reasoning models', source: 'docs.x.ai/docs/guides/reasoning', asOf: ASOF },
      {
        fields: ['reasoning_effort'],
        effect: 'refused',
        when: 'by models that list no efforts, such as grok-4.20 and grok-build-0.1',
        source: 'github.com/vercel/ai/releases/tag/@ai-sdk%2Fxai@4.0.8',
        asOf: '2026-07',
      },
    ],
  },
  together: {
    hosted: { host: 'api.together.ai', pathPrefix: 'v1' },
    fields: [],
    note: 'its documentation (docs.together.ai/docs/inference/openai-compatibility) says of no field of a chat that it is refused',
  },
  fireworks: {
    hosted: { host: 'api.fireworks.ai', pathPrefix: 'inference/v1' },
    fields: [
      { fields: ['max_tokens'], effect: 'changed', when: 'where the context has no room for it', note: 'it is lowered', source: 'docs.fireworks.ai/tools-sdks/migrate-to-fireworks', asOf: ASOF },
    ],
    note: 'refuses fields that OpenAI does not have either (github.com/web-infra-dev/midscene/issues/1322), and sends the usage of a stream unasked',
  },
  openRouter: {
    hosted: { host: 'openrouter.ai', pathPrefix: 'api/v1' },
    fields: [],
    note: 'providers behind it ignore what they do not have, unless `provider.require_parameters` is true (openrouter.ai/docs/features/provider-routing)',
  },
  geminiOpenAi: {
    hosted: { host: 'generativelanguage.googleapis.com', pathPrefix: 'v1beta/openai' },
    fields: [
      { fields: ['store'], effect: 'refused', source: 'github.com/liliMozi/openhanako/issues/394', asOf: '2026-04' },
      { fields: ['metadata'], effect: 'refused', when: 'in that month, and perhaps no more', source: 'github.com/ed-donner/agents/issues/45', asOf: '2025-05' },
      { fields: ['prompt_cache_key'], effect: 'refused', source: 'github.com/leookun/cursor-byok/issues/112', asOf: '2026-06' },
      { fields: ['frequency_penalty'], effect: 'refused', source: 'github.com/sleepydeer666/RPGBox/issues/2', asOf: '2026-08' },
      { fields: ['seed'], effect: 'refused', when: 'in that month, and perhaps no more', source: 'github.com/Vali-98/ChatterUI/issues/227', asOf: '2025-02' },
    ],
    note: 'refuses every field that it does not know with 400; its documentation (ai.google.dev/gemini-api/docs/openai) has no list',
  },
  cerebras: {
    hosted: { host: 'api.cerebras.ai', pathPrefix: 'v1' },
    fields: [
      { fields: ['store'], effect: 'refused', source: 'github.com/Gitlawb/openclaude/issues/740', asOf: '2026-04' },
      {
        fields: ['metadata', ...OPENAI_ALONE.filter((field) => field !== 'store')],
        effect: 'refused',
        source: 'npm @cerebras/cerebras_cloud_sdk 1.91, resources/chat/completions.d.ts',
        asOf: ASOF,
      },
      { fields: ['messages[].reasoning_content'], effect: 'refused', source: 'github.com/Alishahryar1/free-claude-code/issues/1136', asOf: '2026-07' },
    ],
    note: 'refuses every field that it does not know',
  },
  vllm: {
    fields: [
      { fields: ['user', 'parallel_tool_calls'], effect: 'ignored', source: 'docs.vllm.ai/en/latest/serving/openai_compatible_server', asOf: ASOF },
      { fields: ['suffix'], effect: 'unsupported', when: 'of completions', source: 'docs.vllm.ai/en/latest/serving/openai_compatible_server', asOf: ASOF },
    ],
  },
  ollama: {
    fields: [
      { fields: ['tool_choice', 'logit_bias', 'n', 'user'], effect: 'unsupported', source: 'docs.ollama.com/api/openai-compatibility', asOf: ASOF },
    ],
  },
} satisfies Readonly<Record<string, CompatibleServer>>;

const BY_HOST: ReadonlyMap<string, CompatibleServer> = new Map(
  Object.values<CompatibleServer>(COMPATIBLE_SERVERS).flatMap((server) => (server.hosted === undefined ? [] : [[server.hosted.host, server] as const])),
);

/** What is known of chat completion requests at a host; nothing, where it is no imitation of OpenAI's API that the catalog knows. */
export function fieldFacts(host: string | undefined): readonly FieldFact[] {
  return host === undefined ? [] : BY_HOST.get(host)?.fields ?? [];
}
