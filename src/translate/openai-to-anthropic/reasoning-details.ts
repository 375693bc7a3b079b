import type { RedactedThinkingBlockParam, ThinkingBlockParam } from '@anthropic-ai/sdk/resources/messages';
import { ReasoningDetail } from '../openai/reasoning-detail';

/** `undefined`: thinking without a signature, which Claude does not take back. */
export function thinkingDetail(text: string, signature: unknown, index: number): ReasoningDetail | undefined {
  return typeof signature === 'string' && signature !== '' ? { type: 'reasoning.text', text, signature, index } : undefined;
}

/** `undefined`: it holds nothing. */
export function redactedDetail(data: unknown, index: number): ReasoningDetail | undefined {
  return typeof data === 'string' && data !== '' ? { type: 'reasoning.encrypted', data, index } : undefined;
}

/** The block that Claude gets back; `undefined`: an entry of another shape, or without signature. */
export function thinkingBlock(detail: unknown): ThinkingBlockParam | RedactedThinkingBlockParam | undefined {
  const { type, text, signature, data } = (typeof detail === 'object' && detail !== null ? detail : {}) as Readonly<Record<string, unknown>>;
  if (type === 'reasoning.encrypted' && typeof data === 'string' && data !== '') {
    return { type: 'redacted_thinking', data };
  }
  return type === 'reasoning.text' && typeof text === 'string' && typeof signature === 'string' && signature !== ''
    ? { type: 'thinking', thinking: text, signature } : undefined;
}
