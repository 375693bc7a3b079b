import { CohereEmbedBody, MOST_EMBED_TEXTS } from '../cohere/cohere-wire';
import { EMBED_EXTENSIONS, embedOptions } from '../cohere/embed-options';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';
import { RequestError } from '../request-error';

/** How one family of models takes texts and gives vectors. InvokeModel has no form of its own. */
export interface EmbeddingModel {
  readonly provider: string;
  /** Texts of one request. */
  readonly limit: number;
  /** Fields beside OpenAI's that it reads. */
  readonly extensions: readonly string[];
  body(texts: readonly string[], request: RequestValue, losses: Losses): object;
  /** The vectors in an answer, in whatever shape they are. */
  vectors(answer: unknown): unknown;
}

interface TitanAnswer {
  readonly embedding?: unknown;
}

/** https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html */
const TITAN_G1: EmbeddingModel = {
  provider: 'Amazon Titan',
  limit: 1,
  extensions: [],
  body([inputText], request, losses) {
    refuseDimensions(request, losses, 'Titan Embeddings G1');
    return { inputText };
  },
  vectors: (answer) => [(answer as TitanAnswer).embedding],
};

const TITAN_V2: EmbeddingModel = {
  ...TITAN_G1,
  extensions: ['normalize'],
  body([inputText], request) {
    const normalize = request.member('normalize');
    return { inputText, ...dimensions(request, 'dimensions'), ...normalize.present && { normalize: normalize.boolean() } };
  },
};

/** https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-mm.html */
const TITAN_MULTIMODAL: EmbeddingModel = {
  ...TITAN_G1,
  body([inputText], request) {
    const length = dimensions(request, 'outputEmbeddingLength');
    return { inputText, ...length && { embeddingConfig: length } };
  },
};

type BedrockEmbedBody = Omit<CohereEmbedBody, 'model'>;

interface CohereAnswer {
  /** Lists by their type; a list alone where the request names no types. */
  readonly embeddings?: { readonly float?: unknown };
}

/** https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed-v3.html */
const COHERE_V3: EmbeddingModel = {
  provider: 'Cohere Embed',
  limit: MOST_EMBED_TEXTS,
  extensions: EMBED_EXTENSIONS,
  body(texts, request, losses): BedrockEmbedBody {
    refuseDimensions(request, losses, 'Cohere Embed v3');
    return { texts: [...texts], ...embedOptions(request), embedding_types: ['float'] };
  },
  vectors: (answer) => {
    const { embeddings } = answer as CohereAnswer;
    return Array.isArray(embeddings) ? embeddings : embeddings?.float;
  },
};

/** https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed-v4.html */
const COHERE_V4: EmbeddingModel = {
  ...COHERE_V3,
  body: (texts, request): object => ({
    texts: [...texts], ...v4Options(embedOptions(request)), embedding_types: ['float'], ...dimensions(request, 'output_dimension'),
  }),
};

/** Bedrock's v4 names the sides of a text otherwise than Cohere itself does. */
function v4Options({ truncate, ...options }: ReturnType<typeof embedOptions>): object {
  return { ...options, ...truncate && { truncate: truncate === 'START' ? 'LEFT' : truncate === 'END' ? 'RIGHT' : 'NONE' } };
}

/** The first mark in the model's id (or ARN) decides. */
const MARKS: ReadonlyArray<readonly [mark: RegExp, model: EmbeddingModel]> = [
  [/amazon\.titan-embed-text-v2/, TITAN_V2],
  [/amazon\.titan-embed-image/, TITAN_MULTIMODAL],
  [/amazon\.titan-embed-/, TITAN_G1],
  [/cohere\.embed-v4/, COHERE_V4],
  [/cohere\.embed-/, COHERE_V3],
];

/** Throws `RequestError` for a model of another family. */
export function embeddingModel(modelId: string): EmbeddingModel {
  const id = modelId.toLowerCase();
  const found = MARKS.find(([mark]) => mark.test(id));
  if (!found) {
    throw new RequestError(
      400, 'embeddings on AWS Bedrock are there for models whose id names amazon.titan-embed-* or cohere.embed-*; route this model to one of them, or name the model behind it as baseModel in spec.models of the LLMBackend', 'unsupported_model', 'model',
    );
  }
  return found[1];
}

function dimensions<Name extends string>(request: RequestValue, to: Name): { readonly [Key in Name]?: number } | undefined {
  const value = request.member('dimensions');
  return value.present ? { [to]: value.positiveInteger() } as { [Key in Name]: number } : undefined;
}

function refuseDimensions(request: RequestValue, losses: Losses, model: string): void {
  const value = request.member('dimensions');
  if (value.present) {
    losses.semantic(value.path, `${model} has one length of vectors`);
  }
}
