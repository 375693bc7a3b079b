import { geminiPath, GoogleCloud } from './gemini-path';

/** Texts on their way to an embedding model. */
export interface EmbedRequest {
  readonly path: string;
  readonly body: unknown;
}

/** How many texts one request may have. https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api */
export function mostTexts(model: string, cloud: GoogleCloud): number {
  if (cloud && !isEmbedContentModel(model)) {
    return model.includes('gemini-embedding-001') ? 1 : 250;
  }
  return 100;
}

/**
 * Vertex AI's older models are asked by `predict`, its newer ones by `embedContent` or `batchEmbedContents`, the Gemini API's all by the
 * last one. Text that is too long is an error, as it is for OpenAI, where Vertex AI would cut it without a word.
 */
export function embedRequest(model: string, texts: readonly string[], outputDimensionality: number | undefined, cloud: GoogleCloud): EmbedRequest {
  const size = outputDimensionality === undefined ? {} : { outputDimensionality };
  if (cloud && !isEmbedContentModel(model)) {
    const body = { instances: texts.map((content) => ({ content })), parameters: { autoTruncate: false, ...size } };
    return { path: geminiPath(model, 'predict', cloud), body };
  }
  const contents = texts.map((text) => ({ content: { parts: [{ text }] }, ...cloud ? { embedContentConfig: { autoTruncate: false, ...size } } : size }));
  if (cloud && contents.length === 1) {
    return { path: geminiPath(model, 'embedContent', cloud), body: contents[0] };
  }
  // The Gemini API wants the model in every one of them, too.
  const requests = cloud ? contents : contents.map((content) => ({ model: `models/${model.replace(/^models\//, '')}`, ...content }));
  return { path: geminiPath(model, 'batchEmbedContents', cloud), body: { requests } };
}

/** By the same mark as the official SDK. */
function isEmbedContentModel(model: string): boolean {
  return model.includes('gemini') && !model.includes('gemini-embedding-001') || model.includes('maas');
}
