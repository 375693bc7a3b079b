import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OUTPUT_SCHEMAS } from '../../src/resources/schema-name';
import { lackedCapabilities, MODEL_FACTS, modelFact } from '../../src/translate/catalog/model-facts';
import { TargetModel, targetModelDefect } from '../../src/translate/target-model-defect';

const OPENAI = { output: 'OpenAI', host: 'api.openai.com' } as const;
const ANTHROPIC = { output: 'Anthropic', host: 'api.anthropic.com' } as const;
const BEDROCK = { output: 'AWSBedrock', host: 'bedrock-runtime.us-east-1.amazonaws.com' } as const;
const INVOKE = { output: 'AWSAnthropic', host: 'bedrock-runtime.eu-west-1.amazonaws.com' } as const;
const GEMINI = { output: 'GCPVertexAI', host: 'us-central1-aiplatform.googleapis.com' } as const;
const VERTEX_CLAUDE = { output: 'GCPAnthropic', host: 'us-east5-aiplatform.googleapis.com' } as const;
const COHERE = { output: 'Cohere', host: 'api.cohere.com' } as const;
type Backend = Pick<TargetModel, 'output' | 'host'>;

const defect = (input: TargetModel['input'], backend: Backend, model: string, more: Partial<TargetModel> = {}) => targetModelDefect({ input, ...backend, model, ...more });

test.each<[TargetModel['input'], Backend, string, RegExp]>([
  // A kind that no endpoint of such clients has at this provider.
  ['Anthropic', OPENAI, 'text-embedding-3-small', /^this model is for embeddings, and Anthropic clients use backends that speak OpenAI for chat; send another model there; if the catalog is wrong, describe "text-embedding-3-small" in `models` of the backend$/],
  ['Anthropic', OPENAI, 'gpt-5-pro', /^this model is for responses, and Anthropic clients/],
  ['Anthropic', BEDROCK, 'amazon.titan-embed-text-v2:0', /^this model is for embeddings/],
  ['OpenAI', COHERE, 'rerank-v3.5', /^this model is for rerank, and OpenAI clients use backends that speak Cohere for chat, embeddings;/],
  ['Cohere', COHERE, 'command-a-03-2025', /^this model is for chat, and Cohere clients use backends that speak Cohere for rerank;/],
  ['OpenAI', INVOKE, 'us.amazon.titan-embed-text-v2:0', /has Claude alone; use one that speaks AWSBedrock/],
  ['OpenAI', BEDROCK, 'cohere.rerank-v3-5:0', /^this model is for rerank/],
  ['OpenAI', BEDROCK, 'amazon.nova-canvas-v1:0', /^the gateway has no endpoint for what this model does/],
  ['OpenAI', BEDROCK, 'amazon.nova-2-sonic-v1:0', /^the gateway has no endpoint/],
  ['OpenAI', OPENAI, 'sora-2', /^the gateway has no endpoint/],
  ['OpenAI', OPENAI, 'gpt-realtime', /^the gateway has no endpoint/],
  ['OpenAI', GEMINI, 'gemini-2.5-flash-native-audio-preview', /^the gateway has no endpoint/],
  // Names of somebody else's.
  ['OpenAI', GEMINI, 'claude-sonnet-4-5@20250929', /^that is a name of Anthropic's; use a backend that speaks Anthropic or GCPAnthropic;/],
  ['OpenAI', VERTEX_CLAUDE, 'gemini-2.5-pro', /^that is a name of Google's; use a backend that speaks GCPVertexAI;/],
  ['OpenAI', ANTHROPIC, 'gpt-4o', /^that is a name of OpenAI's/],
  ['OpenAI', ANTHROPIC, 'us.anthropic.claude-opus-4-6-v1', /^that is a name of Amazon Bedrock's; use a backend that speaks AWSBedrock or AWSAnthropic/],
  ['OpenAI', OPENAI, 'claude-opus-5', /^that is a name of Anthropic's/],
  ['OpenAI', BEDROCK, 'claude-opus-5', /^that is Anthropic's own name for it; Bedrock's ids begin with the vendor, as in "us\.anthropic\.claude-\.\.\."/],
  ['OpenAI', INVOKE, 'meta.llama3-70b-instruct-v1:0', /has Claude alone; use one that speaks AWSBedrock/],
  ['OpenAI', COHERE, 'gpt-4o', /^that is a name of OpenAI's/],
  // Names in another provider's form.
  ['OpenAI', VERTEX_CLAUDE, 'claude-sonnet-4-5-20250929', /write "claude-sonnet-4-5@20250929"/],
  ['Anthropic', ANTHROPIC, 'claude-sonnet-4-5@20250929', /write "claude-sonnet-4-5-20250929"/],
  // Inference profiles.
  ['OpenAI', BEDROCK, 'anthropic.claude-opus-4-1-20250805-v1:0', /by inference profile alone; write "us\.anthropic\.claude-opus-4-1-20250805-v1:0", or the ARN/],
  ['OpenAI', { output: 'AWSBedrock' }, 'anthropic.claude-sonnet-4-20250514-v1:0', /that of your geography, such as "us\.anthropic\.claude-sonnet-4-20250514-v1:0"/],
])('%s clients, %j, %s', (input, backend, model, message) => {
  expect(defect(input, backend, model)).toMatch(message);
  expect(defect(input, backend, model)).toMatch(/[^.]$/);
});

test.each<[TargetModel['input'], Backend, string]>([
  ['OpenAI', OPENAI, 'gpt-4o'], ['OpenAI', OPENAI, 'gpt-5-pro'], ['OpenAI', OPENAI, 'text-embedding-3-small'], ['OpenAI', OPENAI, 'whisper-1'], ['OpenAI', OPENAI, 'dall-e-3'],
  ['Anthropic', OPENAI, 'gpt-4o'], ['OpenAI', OPENAI, 'ft:gpt-4o-mini:acme::1'], ['OpenAI', OPENAI, 'what-comes-next'],
  ['OpenAI', BEDROCK, 'amazon.titan-embed-text-v2:0'], ['OpenAI', BEDROCK, 'us.anthropic.claude-opus-4-1-20250805-v1:0'], ['OpenAI', BEDROCK, 'anthropic.claude-opus-4-6-v1'],
  ['OpenAI', BEDROCK, 'arn:aws:bedrock:us-east-1:1234:application-inference-profile/abcd'], ['OpenAI', BEDROCK, 'openai.gpt-oss-120b-1:0'], ['OpenAI', BEDROCK, 'newcomer.model-1'],
  ['OpenAI', { output: 'AWSBedrock', host: 'bedrock-runtime.us-gov-west-1.amazonaws.com' }, 'anthropic.claude-3-7-sonnet-20250219-v1:0'],
  ['Anthropic', INVOKE, 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0'], ['OpenAI', GEMINI, 'gemini-embedding-001'], ['OpenAI', GEMINI, '1234567890'], ['Anthropic', GEMINI, 'gemini-3-pro'],
  ['OpenAI', VERTEX_CLAUDE, 'claude-opus-4-6'], ['Anthropic', ANTHROPIC, 'claude-sonnet-4-5-20250929'], ['Cohere', COHERE, 'rerank-v3.5'],
  // Imitations, and names that customers choose.
  ['OpenAI', { output: 'OpenAI', host: 'llm.example.com' }, 'claude-opus-5'], ['Anthropic', { output: 'OpenAI', host: 'llm.example.com' }, 'text-embedding-3-small'],
  ['OpenAI', { output: 'Anthropic', host: 'api.z.ai' }, 'glm-4.6'], ['Anthropic', { output: 'AzureOpenAI', host: 'a.openai.azure.com' }, 'text-embedding-3-small'],
])('%s clients, %j, %s: nothing against it', (input, backend, model) => {
  expect(defect(input, backend, model)).toBeUndefined();
});

test('of a prefix only whose names they are is known', () => {
  expect(defect('OpenAI', GEMINI, 'claude-', { beginning: true })).toMatch(/name of Anthropic's/);
  expect(defect('Anthropic', OPENAI, 'text-embedding-3-', { beginning: true })).toBeUndefined();
  expect(defect('OpenAI', GEMINI, 'cla', { beginning: true })).toBeUndefined();
});

test('what the backend\'s owner says goes before the catalog', () => {
  const entry = (more: object = {}, name = 'claude-opus-5') => ({ entry: { name, ...more } });
  expect(defect('OpenAI', BEDROCK, 'claude-opus-5', entry())).toBeUndefined();
  expect(defect('Anthropic', OPENAI, 'text-embedding-3-small', entry({ kinds: ['Chat', 'Embeddings'] }))).toBeUndefined();
  expect(defect('Anthropic', OPENAI, 'in-house', entry({ kinds: ['Embeddings'] }))).toMatch(/^this model is for embeddings/);
  expect(defect('Anthropic', { output: 'AzureOpenAI' }, 'prod', entry({ baseModel: 'text-embedding-3-small' }))).toMatch(/^this model is for embeddings/);
  expect(defect('Anthropic', { output: 'AzureOpenAI' }, 'prod', entry({ baseModel: 'gpt-4o' }))).toBeUndefined();
});

/** Names in a union type of an SDK's declarations. */
function declared(file: string, type: string): string[] {
  const path = join(__dirname, '..', '..', 'node_modules', file);
  expect(existsSync(path)).toBe(true);
  const union = new RegExp(`export type ${type} = ([^;]+);`).exec(readFileSync(path, 'utf8'))?.[1] ?? '';
  return [...union.matchAll(/'([^']+)'/g)].map(([, name]) => name);
}

describe('the facts, against the names that the SDKs declare', () => {
  test.each([
    ['openai/resources/shared.d.ts', 'ChatModel', 'OpenAI', 'Chat'], ['openai/resources/embeddings.d.ts', 'EmbeddingModel', 'OpenAI', 'Embeddings'],
    ['openai/resources/images.d.ts', 'ImageModel', 'OpenAI', 'Images'], ['openai/resources/audio/speech.d.ts', 'SpeechModel', 'OpenAI', 'Speech'],
    ['openai/resources/audio/audio.d.ts', 'AudioModel', 'OpenAI', 'Transcription'],
    ['@anthropic-ai/sdk/resources/messages/messages.d.ts', 'Model', 'Anthropic', 'Chat'],
  ] as const)('%s %s', (file, type, output, kind) => {
    const names = declared(file, type);
    expect(names.length).toBeGreaterThan(2);
    expect(names.filter((name) => !modelFact(output, name)?.kinds.includes(kind))).toEqual([]);
  });

  test('models for responses alone are those that only ResponsesModel has', () => {
    const chat = new Set(declared('openai/resources/shared.d.ts', 'ChatModel'));
    const responses = declared('openai/resources/shared.d.ts', 'ResponsesModel').filter((name) => !chat.has(name));
    expect(responses.length).toBeGreaterThan(5);
    expect(responses.filter((name) => modelFact('OpenAI', name)?.kinds.join() !== 'Responses')).toEqual([]);
    expect([...chat].filter((name) => modelFact('OpenAI', name)?.kinds.join() === 'Responses')).toEqual([]);
  });

  test.each([
    ['Anthropic', 'claude-opus-5', []], ['AWSBedrock', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', []], ['Anthropic', 'claude-sonnet-4-20250514', ['JsonSchema']],
    ['GCPAnthropic', 'claude-3-haiku@20240307', ['JsonSchema', 'Reasoning']], ['AWSBedrock', 'meta.llama3-70b-instruct-v1:0', ['Tools', 'Vision', 'Reasoning']],
    ['AWSBedrock', 'us.meta.llama3-1-70b-instruct-v1:0', []], ['OpenAI', 'gpt-4o', ['Reasoning']], ['OpenAI', 'unheard-of', []],
  ] as const)('%s %s lacks %j', (output, model, lacks) => {
    expect(lackedCapabilities(output, model)).toEqual(lacks);
  });

  test('every fact says where and when it was read', () => {
    for (const fact of OUTPUT_SCHEMAS.flatMap((output) => MODEL_FACTS[output])) {
      expect(fact.source).toMatch(/^(?:npm [a-z-]+ \d|[a-z.]+\/)/);
      expect(fact.asOf).toMatch(/^20\d\d-(?:0[1-9]|1[0-2])$/);
    }
  });
});
