import { usageFromGemini } from './gemini-usage';
import { GeminiEmbedding, GeminiUsage } from './gemini-wire';
import { Usage } from '../usage';

/** An answer of `predict`, `embedContent` or `batchEmbedContents`. */
interface EmbedBody {
  readonly predictions?: ReadonlyArray<{ readonly embeddings?: GeminiEmbedding & { readonly statistics?: { readonly token_count?: number } } }>;
  readonly embedding?: GeminiEmbedding;
  readonly embeddings?: readonly GeminiEmbedding[];
  readonly usageMetadata?: GeminiUsage;
}

export interface EmbedAnswer {
  /** One for each text; what is no vector may be among them. */
  readonly vectors: readonly unknown[];
  readonly usage: Usage | undefined;
}

/** `undefined`: no such answer. */
export function embedAnswer(json: unknown): EmbedAnswer | undefined {
  const { predictions, embedding, embeddings, usageMetadata } = (typeof json === 'object' && json !== null ? json : {}) as EmbedBody;
  if (Array.isArray(predictions)) {
    const found = (predictions as NonNullable<EmbedBody['predictions']>).map((prediction) => prediction?.embeddings);
    const counts = found.map((one) => one?.statistics?.token_count).filter((count) => typeof count === 'number' && Number.isSafeInteger(count) && count >= 0);
    const promptTokenCount = counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
    return { vectors: found.map((one) => one?.values), usage: usageFromGemini(counts.length === 0 ? undefined : { promptTokenCount }) };
  }
  const all: unknown = embedding ? [embedding] : embeddings;
  return Array.isArray(all) ? { vectors: (all as Array<GeminiEmbedding | null>).map((one) => one?.values), usage: usageFromGemini(usageMetadata) } : undefined;
}
