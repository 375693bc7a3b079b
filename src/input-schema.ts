/** The dialect that clients of a route speak. */
export enum InputSchema {
  /** OpenAI's API: `/v1/chat/completions`, `/v1/completions`, `/v1/embeddings`, `/v1/models`. */
  OPENAI = 'OpenAI',
  /** Anthropic's Messages API. */
  ANTHROPIC = 'Anthropic',
  /** Cohere's API (rerank). */
  COHERE = 'Cohere',
}
