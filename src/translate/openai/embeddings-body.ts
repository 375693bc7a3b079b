import type { CreateEmbeddingResponse } from 'openai/resources/embeddings';
import { Usage } from '../usage';
import { utf8Bytes } from '../utf8-bytes';

const FLOAT_BYTES = 4;

/** The answer to an embeddings request. `usage`: absent where the provider said nothing. */
export function openAiEmbeddings(vectors: ReadonlyArray<readonly number[]>, model: string, base64: boolean, usage: Usage | undefined): Uint8Array {
  const body: Omit<CreateEmbeddingResponse, 'data' | 'usage'> & { data: unknown[]; usage?: CreateEmbeddingResponse['usage'] } = {
    object: 'list',
    data: vectors.map((vector, index) => ({ object: 'embedding', index, embedding: base64 ? base64Floats(vector) : vector })),
    model,
    ...usage && { usage: { prompt_tokens: usage.inputTokens, total_tokens: usage.totalTokens } },
  };
  return utf8Bytes(JSON.stringify(body));
}

/** Floats of 32 bits, the lowest byte first, which is what the official clients ask for unless they are told otherwise. */
export function base64Floats(vector: readonly number[]): string {
  const view = new DataView(new ArrayBuffer(vector.length * FLOAT_BYTES));
  vector.forEach((value, index) => view.setFloat32(index * FLOAT_BYTES, value, true));
  let binary = '';
  for (const byte of new Uint8Array(view.buffer)) {
    binary += String.fromCharCode(byte);
  }
  return btoa(binary);
}
