import { ConverseReasoning, ReceivedReasoning } from '../bedrock/converse-wire';
import { ReasoningDetail } from '../openai/reasoning-detail';

/** `undefined`: reasoning without a signature, which a model does not take back. */
export function reasoningDetail(reasoning: ReceivedReasoning, index: number): ReasoningDetail | undefined {
  if (typeof reasoning.redactedContent === 'string') {
    return { type: 'reasoning.encrypted', data: reasoning.redactedContent, index };
  }
  const { text = '', signature } = reasoning.reasoningText ?? {};
  return signature ? { type: 'reasoning.text', text, signature, index } : undefined;
}

/** The block that Converse gets back; `undefined`: an entry of another shape, or without signature. */
export function reasoningBlock(detail: unknown): ConverseReasoning | undefined {
  const { type, text, signature, data } = (typeof detail === 'object' && detail !== null ? detail : {}) as Readonly<Record<string, unknown>>;
  if (type === 'reasoning.encrypted' && typeof data === 'string' && /^[A-Za-z0-9+/]+={0,2}$/.test(data)) {
    return { redactedContent: data };
  }
  return type === 'reasoning.text' && typeof text === 'string' && typeof signature === 'string' && signature !== ''
    ? { reasoningText: { text, signature } } : undefined;
}
