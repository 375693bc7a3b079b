import type { RawContentBlockDelta } from '@anthropic-ai/sdk/resources/messages';
import { BegunBlock, BlockSink } from './block-sink';
import { readJson } from '../exact-json';

/** The blocks of a whole message. */
export class BlockCollector implements BlockSink {
  readonly blocks: BegunBlock[] = [];
  private input = '';

  blockStart(block: BegunBlock): void {
    this.blocks.push({ ...block });
    this.input = '';
  }

  blockDelta(delta: RawContentBlockDelta): void {
    const block = this.blocks.at(-1);
    if (block?.type === 'text' && delta.type === 'text_delta') {
      block.text += delta.text;
    } else if (block?.type === 'thinking' && delta.type === 'thinking_delta') {
      block.thinking += delta.thinking;
    } else if (block?.type === 'thinking' && delta.type === 'signature_delta') {
      block.signature = delta.signature;
    } else if (delta.type === 'input_json_delta') {
      this.input += delta.partial_json;
    }
  }

  blockStop(): void {
    const block = this.blocks.at(-1);
    if (block?.type === 'tool_use') {
      block.input = parsed(this.input);
    }
  }
}

/** What the token limit cut off has no input that could be read. */
function parsed(input: string): unknown {
  try {
    return readJson(input);
  } catch {
    return {};
  }
}
