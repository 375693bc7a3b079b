import type { RawContentBlockDelta, RedactedThinkingBlock, TextBlock, ThinkingBlock, ToolUseBlock } from '@anthropic-ai/sdk/resources/messages';

/** A block as it begins: texts empty, the input of a tool `{}`. */
export type BegunBlock = TextBlock | ThinkingBlock | RedactedThinkingBlock | Omit<ToolUseBlock, 'caller'>;

/** Takes the blocks of an answer, one after the other: a start, any number of deltas, a stop. */
export interface BlockSink {
  blockStart(block: BegunBlock): void;
  blockDelta(delta: RawContentBlockDelta): void;
  blockStop(): void;
}
