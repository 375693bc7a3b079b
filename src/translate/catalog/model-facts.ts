import { claudeTraits } from './claude-traits';
import { ModelCapability, ModelKind } from '../../resources/model-entry';
import { OutputSchemaName } from '../../resources/schema-name';

/** What is known of a family of models at one provider. */
export interface ModelFact {
  /** Against the name in lower case. */
  readonly mark: RegExp;
  /** All that it is there for, of what the gateway has endpoints for; empty: nothing of that. */
  readonly kinds: readonly ModelKind[];
  /** What it is known not to have; of what stands in neither list nothing is known. */
  readonly lacks?: readonly ModelCapability[];
  /** Where that is said. */
  readonly source: string;
  /** Month in which that was read. */
  readonly asOf: string;
}

const ASOF = '2026-11';
const fact = (mark: RegExp, kinds: readonly ModelKind[], source: string, lacks?: readonly ModelCapability[]): ModelFact => (
  { mark, kinds, source, asOf: ASOF, ...lacks && { lacks } }
);

const OPENAI_SDK = 'npm openai 6.49, resources/shared.d.ts';

/** OpenAI itself, and the models behind Azure's deployments. */
const OPENAI: readonly ModelFact[] = [
  // The names that ResponsesModel has and ChatModel has not.
  fact(/^(?:o[13]-pro|o3-deep-research|o4-mini-deep-research|computer-use-preview|gpt-5-codex|gpt-5-pro|gpt-5\.1-codex-max)(?![a-z])/, ['Responses'], OPENAI_SDK),
  fact(/^text-embedding-(?:ada-002|3-)/, ['Embeddings'], 'npm openai 6.49, resources/embeddings.d.ts'),
  fact(/^(?:dall-e-|gpt-image-|chatgpt-image-)/, ['Images'], 'npm openai 6.49, resources/images.d.ts'),
  fact(/^(?:tts-1|gpt-4o-mini-tts)/, ['Speech'], 'npm openai 6.49, resources/audio/speech.d.ts'),
  fact(/^(?:whisper-1|gpt-4o-(?:mini-)?transcribe)/, ['Transcription'], 'npm openai 6.49, resources/audio/audio.d.ts'),
  fact(/^(?:gpt-3\.5-turbo-instruct|davinci-002|babbage-002)/, ['Completions'], 'npm openai 6.49, resources/completions.d.ts'),
  fact(/^sora-/, [], 'npm openai 6.49, resources/videos.d.ts'),
  fact(/^(?:omni|text)-moderation-/, [], 'npm openai 6.49, resources/moderations.d.ts'),
  fact(/^gpt-(?:4o-(?:mini-)?)?realtime/, [], 'npm openai 6.49, resources/realtime/realtime.d.ts'),
  fact(/^gpt-3\.5-/, ['Chat'], 'platform.openai.com/docs/models/gpt-3.5-turbo', ['Vision', 'JsonSchema', 'Reasoning']),
  fact(/^gpt-4(?:o|\.1)-?/, ['Chat'], 'platform.openai.com/docs/models', ['Reasoning']),
  fact(/^(?:ft:)?(?:gpt-(?!oss)|o\d(?![a-z])|chatgpt-|codex-)/, ['Chat'], OPENAI_SDK),
];

const CLAUDE_MODELS = 'platform.claude.com/docs/en/about-claude/models/overview';

/** Claude, wherever it is served. Schemas and reasoning are in claude-traits.ts. */
const CLAUDE: readonly ModelFact[] = [
  fact(/claude-(?:2|instant|v2)/, ['Chat'], CLAUDE_MODELS, ['Tools', 'Vision']),
  fact(/claude-/, ['Chat'], CLAUDE_MODELS),
];

const CONVERSE_FEATURES = 'docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference-supported-models-features.html';
const BEDROCK_MODELS = 'docs.aws.amazon.com/bedrock/latest/userguide/models-api-compatibility.html';

/** Amazon Bedrock, by foundation model, system-defined inference profile, or an ARN that names one of them. */
const BEDROCK: readonly ModelFact[] = [
  fact(/amazon\.titan-embed-|cohere\.embed-/, ['Embeddings'], BEDROCK_MODELS),
  // They take pictures, films and sound, each in a form of its own; the gateway has no translation for it.
  fact(/amazon\.nova-2-multimodal-embeddings|twelvelabs\.marengo-/, [], BEDROCK_MODELS),
  fact(/amazon\.(?:titan-image-|nova-canvas|nova-reel)|stability\.|luma\.|twelvelabs\.pegasus-/, [], BEDROCK_MODELS),
  fact(/amazon\.nova-(?:2-)?sonic/, [], BEDROCK_MODELS),
  fact(/(?:amazon|cohere)\.rerank-/, ['Rerank'], BEDROCK_MODELS),
  fact(/amazon\.titan-text-|meta\.llama[23]-(?!\d-)|mistral\.(?:mistral-7b|mixtral-8x7b)|cohere\.command-(?:text|light)/, ['Chat'], CONVERSE_FEATURES, ['Tools', 'Vision', 'Reasoning']),
  fact(/deepseek\.r1-/, ['Chat'], CONVERSE_FEATURES, ['Tools', 'Vision']),
  fact(/amazon\.nova-micro/, ['Chat'], CONVERSE_FEATURES, ['Vision', 'Reasoning']),
  fact(/amazon\.nova-(?:lite|pro|premier)/, ['Chat'], CONVERSE_FEATURES, ['Reasoning']),
  ...CLAUDE.map((claude) => ({ ...claude, mark: new RegExp(`anthropic\\.(?:${claude.mark.source})`) })),
  fact(/(?:amazon\.nova-|meta\.llama|mistral\.|cohere\.command-|ai21\.|deepseek\.|qwen\.|openai\.gpt-oss|writer\.|minimax\.|moonshot\.)/, ['Chat'], BEDROCK_MODELS),
];

const GOOGLE_MODELS = 'docs.cloud.google.com/vertex-ai/generative-ai/docs/models';

/** Gemini on Vertex AI and on the Gemini API. */
const GOOGLE: readonly ModelFact[] = [
  fact(/^(?:models\/)?(?:gemini-embedding-|text-embedding-|text-multilingual-embedding-|textembedding-gecko|embedding-001)/, ['Embeddings'],
    'docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api'),
  fact(/^(?:models\/)?(?:imagen-|veo-|lyria-|multimodalembedding)/, [], GOOGLE_MODELS),
  fact(/^(?:models\/)?gemini-.*-(?:live|native-audio)/, [], 'ai.google.dev/gemini-api/docs/live'),
  fact(/^(?:models\/)?gemini-(?:1|2\.0)/, ['Chat'], 'ai.google.dev/gemini-api/docs/generate-content/thinking', ['Reasoning']),
  fact(/^(?:models\/)?gemini-/, ['Chat'], GOOGLE_MODELS),
];

/** Cohere itself. */
const COHERE: readonly ModelFact[] = [
  fact(/^embed-/, ['Embeddings'], 'docs.cohere.com/docs/models'),
  fact(/^rerank-/, ['Rerank'], 'docs.cohere.com/docs/models'),
  fact(/^(?:command|c4ai-)/, ['Chat'], 'docs.cohere.com/docs/models'),
];

/** By what a backend speaks: the first mark that fits a model's name decides. */
export const MODEL_FACTS: Readonly<Record<OutputSchemaName, readonly ModelFact[]>> = {
  OpenAI: OPENAI,
  AzureOpenAI: OPENAI,
  Anthropic: CLAUDE,
  AWSBedrock: BEDROCK,
  AWSAnthropic: BEDROCK,
  GCPVertexAI: GOOGLE,
  GCPAnthropic: CLAUDE,
  Cohere: COHERE,
};

/** `undefined`: nothing is known of a model of this name at such a provider. */
export function modelFact(output: OutputSchemaName, model: string): ModelFact | undefined {
  const name = model.toLowerCase();
  return MODEL_FACTS[output].find(({ mark }) => mark.test(name));
}

/** What a model is known not to have. */
export function lackedCapabilities(output: OutputSchemaName, model: string): readonly ModelCapability[] {
  const lacks = modelFact(output, model)?.lacks ?? [];
  const claude = claudeTraits(model);
  if (claude === undefined) return lacks;
  return [...lacks, ...claude.claude45OrLater ? [] : ['JsonSchema' as const], ...claude.thinking === 'none' ? ['Reasoning' as const] : []];
}
