import { hasProvidersNames, misplacedModel } from './catalog/misplaced-model';
import { modelFact } from './catalog/model-facts';
import { translators } from './registry';
import { Endpoint } from './translator';
import { MODEL_KINDS, ModelEntry, ModelKind } from '../resources/model-entry';
import { InputSchemaName, OutputSchemaName } from '../resources/schema-name';

/** A model that a rule sends requests to. */
export interface TargetModel {
  readonly input: InputSchemaName;
  readonly output: OutputSchemaName;
  /** DNS name of the provider; absent: not known. */
  readonly host?: string;
  /** The name that goes upstream, or with `beginning` how it begins. */
  readonly model: string;
  readonly beginning?: boolean;
  /** What the backend's owner says of it. */
  readonly entry?: ModelEntry;
}

const CHAT: readonly Endpoint[] = ['ChatCompletions', 'Responses', 'ResponseInputTokens', 'Messages', 'CountTokens', 'Tokenize'];
const ENDPOINTS: Readonly<Record<ModelKind, readonly Endpoint[]>> = {
  Chat: CHAT,
  Responses: ['Responses', 'ResponseInputTokens'],
  Completions: ['Completions', 'Tokenize'],
  Embeddings: ['Embeddings', 'Tokenize'],
  Images: ['ImageGenerations'],
  Speech: ['Speech'],
  Transcription: ['Transcriptions', 'Translations'],
  Rerank: ['Rerank', 'Tokenize'],
};
/** Counting alone makes no use of a model. */
const COUNTING: ReadonlySet<Endpoint> = new Set(['ResponseInputTokens', 'CountTokens', 'Tokenize']);
const WORDS: Readonly<Record<ModelKind, string>> = {
  Chat: 'chat',
  Responses: 'responses',
  Completions: 'completions',
  Embeddings: 'embeddings',
  Images: 'images',
  Speech: 'speech',
  Transcription: 'transcription',
  Rerank: 'rerank',
};

/**
 * Why no request of such clients can ever be answered by this model, what is allowed, and what to do. `undefined`: nothing is known against
 * it, as of every model that the catalog does not know. What the backend's owner says of the model is taken to be true.
 */
export function targetModelDefect({ input, output, host, model, beginning = false, entry }: TargetModel): string | undefined {
  if (entry === undefined) {
    const misplaced = misplacedModel(output, host, model, beginning);
    if (misplaced !== undefined) return `${misplaced}; ${orDescribeIt(model)}`;
    // Customers name Azure's deployments, and imitations of an API their models, as they like.
    if (beginning || !hasProvidersNames(output, host)) return undefined;
  }
  const kinds = entry?.kinds ?? kindsOf(output, entry === undefined ? model : entry.baseModel);
  const served = servedKinds(input, output);
  if (kinds === undefined || kinds.some((kind) => served.includes(kind))) return undefined;
  const purpose = kinds.length === 0 ? 'the gateway has no endpoint for what this model does' : `this model is for ${kinds.map((kind) => WORDS[kind]).join(' and ')}`;
  return `${purpose}, and ${input} clients use backends that speak ${output} for ${served.map((kind) => WORDS[kind]).join(', ')}; send another model there; ${orDescribeIt(model)}`;
}

function kindsOf(output: OutputSchemaName, model: string | undefined): readonly ModelKind[] | undefined {
  return model === undefined ? undefined : modelFact(output, model)?.kinds;
}

function servedKinds(input: InputSchemaName, output: OutputSchemaName): ModelKind[] {
  const endpoints = translators().filter((translator) => translator.input === input && translator.output === output && !COUNTING.has(translator.endpoint))
    .map(({ endpoint }) => endpoint);
  return MODEL_KINDS.filter((kind) => ENDPOINTS[kind].some((endpoint) => endpoints.includes(endpoint)));
}

function orDescribeIt(model: string): string {
  return `if the catalog is wrong, describe ${JSON.stringify(model)} in \`models\` of the backend`;
}
