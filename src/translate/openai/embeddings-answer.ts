import { openAiEmbeddings } from './embeddings-body';
import { RequestValue } from '../request/request-value';
import { Usage } from '../usage';
import { ConvertedAnswer } from '../whole-response';

export interface AskedEmbeddings {
  /** The name that the client asked for. */
  readonly model: string;
  /** How many texts there were. */
  readonly count: number;
  readonly base64: boolean;
}

/** `encoding_format`; OpenAI's official clients ask for base64 unless they are told otherwise. */
export function asksForBase64(format: RequestValue): boolean {
  return format.present && format.oneOf(['float', 'base64']) === 'base64';
}

/** The vectors in an answer as OpenAI words them; `undefined`: they are not one for every text. */
export function embeddingsAnswer(vectors: unknown, { model, count, base64 }: AskedEmbeddings, usage: Usage | undefined): ConvertedAnswer | undefined {
  return Array.isArray(vectors) && vectors.length === count && vectors.every(isVector)
    ? { bytes: openAiEmbeddings(vectors, model, base64, usage), usage } : undefined;
}

function isVector(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.every((number) => typeof number === 'number');
}
