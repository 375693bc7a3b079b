/** Tokens of one request. `inputTokens` includes `cachedInputTokens` and `cacheCreationInputTokens`; `outputTokens` includes `reasoningTokens`. */
export interface Usage {
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly cacheCreationInputTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
  readonly totalTokens: number;
  /** What a rerank is billed in; absent for all else. */
  readonly searchUnits?: number;
}
