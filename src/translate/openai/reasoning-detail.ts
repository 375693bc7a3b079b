/**
 * One block of reasoning in `reasoning_details` of an assistant message: what a client has to send back as it is, so that the model can
 * go on with its reasoning after a tool call. The shape is the one that OpenRouter made common,
 * https://openrouter.ai/docs/use-cases/reasoning-tokens. Only blocks that can be sent back are in it.
 */
export type ReasoningDetail =
  | { readonly type: 'reasoning.text'; readonly text: string; readonly signature: string; readonly index: number }
  /** `data`: base64. */
  | { readonly type: 'reasoning.encrypted'; readonly data: string; readonly index: number };
