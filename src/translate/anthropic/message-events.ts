import type {
  Message, RawContentBlockDelta, RawContentBlockStartEvent, RawMessageDeltaEvent, StopReason,
} from '@anthropic-ai/sdk/resources/messages';
import { anthropicUsage } from './usage';
import { Usage } from '../usage';

/** A block as its start shows it: texts empty, a tool's input `{}`. */
export type StartedBlock = RawContentBlockStartEvent['content_block'];

const NO_USAGE: Usage = { inputTokens: 0, cachedInputTokens: 0, cacheCreationInputTokens: 0, outputTokens: 0, reasoningTokens: 0, totalTokens: 0 };

/**
 * Writes the events of a Messages stream as text, for providers that speak another dialect: blocks are numbered from 0, one at a time is open, and
 * each gets one start and one stop. `message_stop` is written by `end` alone, so a stream that fails never seems to have ended.
 * https://docs.anthropic.com/en/api/messages-streaming
 */
export class MessageEventWriter {
  private blocks = 0;
  private open = false;
  /** What every delta of the block that is open begins with. */
  private deltaStart = '';

  constructor(private readonly head: { readonly id: string; readonly model: string }) {}

  /** `usage`: what is known of the input by now. */
  public messageStart(usage: Usage = NO_USAGE): string {
    const message: Pick<Message, 'id' | 'type' | 'role' | 'model' | 'content' | 'stop_reason' | 'stop_sequence'> & { usage: object } = {
      id: this.head.id,
      type: 'message',
      role: 'assistant',
      model: this.head.model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: anthropicUsage(usage),
    };
    return event('message_start', { message });
  }

  /** Stops the block that is open. */
  public blockStart(block: Partial<StartedBlock> & { readonly type: string }): string {
    const stop = this.blockStop();
    this.open = true;
    this.blocks += 1;
    this.deltaStart = `event: content_block_delta\ndata: {"type":"content_block_delta","index":${this.blocks - 1},"delta":`;
    return stop + event('content_block_start', { index: this.blocks - 1, content_block: block });
  }

  /** Of the block that is open. */
  public blockDelta(delta: RawContentBlockDelta): string {
    return `${this.deltaStart}${JSON.stringify(delta)}}\n\n`;
  }

  /** Nothing when no block is open. */
  public blockStop(): string {
    if (!this.open) {
      return '';
    }
    this.open = false;
    return event('content_block_stop', { index: this.blocks - 1 });
  }

  /** `message_delta` and `message_stop`. `extra`: fields beside `stop_reason`, such as the provider's own word for it. */
  public end(stopReason: StopReason, usage: Usage | undefined, extra: Partial<RawMessageDeltaEvent.Delta> | Readonly<Record<string, unknown>> = {}): string {
    return this.blockStop()
      + event('message_delta', { delta: { stop_reason: stopReason, stop_sequence: null, ...extra }, usage: anthropicUsage(usage ?? NO_USAGE) })
      + event('message_stop', {});
  }

  public ping(): string {
    return event('ping', {});
  }
}

function event(type: string, rest: Readonly<Record<string, unknown>>): string {
  const members = JSON.stringify(rest).slice(1);
  return `event: ${type}\ndata: {"type":"${type}"${members === '}' ? '' : ','}${members}\n\n`;
}
