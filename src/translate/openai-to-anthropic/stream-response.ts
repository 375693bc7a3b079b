import { told } from './failed-answer';
import { finishReason, refusalText } from './finish-reason';
import { OpenBlocks } from './open-blocks';
import { members, ReceivedBlock, ReceivedBlockDelta, ReceivedBlockStart, ReceivedDelta, ReceivedMessageDelta, ReceivedStart } from './received-message';
import { ResponseContext } from './response-context';
import { answeredTier } from './service-tier';
import { HostedEvent, HostedStream, hostedStream } from '../anthropic/hosted-stream';
import { AnthropicUsage } from '../anthropic/usage';
import { readJson } from '../exact-json';
import { ChatChunkWriter, ChatDelta } from '../openai/chat-chunk';
import { openAiErrorEventText } from '../openai/error-body';
import { brokenAnswer } from '../response-failure';
import { ResponseFailure, ResponseHead, ResponseTranslator, UpstreamResponseHead } from '../translator';
import { Usage } from '../usage';
import { utf8Bytes } from '../utf8-bytes';

const NOTHING = new Uint8Array(0);
const NO_EVENT = brokenAnswer('an event of the provider\'s stream holds no JSON object');

/**
 * The events of a Messages stream as chat chunks. Nothing is written before the model has written something, so a stream that fails at
 * once has `failure` set before it has any output but the error. The answer is complete when `message_stop` came after a stop reason;
 * any other end is an error event.
 */
export class StreamResponse implements ResponseTranslator {
  failure: ResponseFailure | undefined;
  private readonly stream: HostedStream;
  private readonly writer: ChatChunkWriter;
  private readonly blocks: OpenBlocks;
  private readonly counted = new AnthropicUsage();
  private tier: string | undefined;
  private stopped = false;
  private ended = false;

  constructor(private readonly context: ResponseContext) {
    this.stream = hostedStream(context.host);
    this.writer = new ChatChunkWriter(context.head, context.sink);
    this.blocks = new OpenBlocks(context.toolNames);
  }

  get usage(): Usage | undefined {
    return this.counted.total;
  }

  head({ status }: UpstreamResponseHead): ResponseHead {
    return { status, setHeaders: [['content-type', 'text/event-stream']], removeHeaders: [], bodyUnchanged: false };
  }

  push(chunk: Uint8Array): Uint8Array {
    // Text, encoded once for all events of the chunk.
    const output = this.failure ? '' : this.translated(this.stream.push(chunk));
    return output === '' ? NOTHING : utf8Bytes(output);
  }

  end(): Uint8Array {
    return this.finished('the provider ended the stream before the answer was complete');
  }

  fail(message: string): Uint8Array {
    // A connection that breaks after the last event takes nothing away.
    return this.finished(message);
  }

  private finished(message: string): Uint8Array {
    if (this.failure) {
      return NOTHING;
    }
    const rest = this.translated(this.stream.end());
    if (this.failure) {
      return utf8Bytes(rest);
    }
    return utf8Bytes(rest + (this.ended && this.stream.complete ? this.writer.done() : this.failed(brokenAnswer(message))));
  }

  private translated(events: readonly HostedEvent[]): string {
    let output = '';
    for (const event of events) {
      output += this.chunks(event);
      if (this.failure) {
        return output;
      }
    }
    return this.stream.failure ? output + this.failed(this.stream.failure) : output;
  }

  private failed(failure: ResponseFailure): string {
    this.failure = told(failure);
    return openAiErrorEventText(this.failure);
  }

  private chunks({ event, data }: HostedEvent): string {
    if (this.ended || event === 'ping') {
      return '';
    }
    try {
      const payload: unknown = readJson(data);
      return typeof payload === 'object' && payload !== null ? this.payloadChunks(event, payload) : this.failed(NO_EVENT);
    } catch {
      // No JSON, or too deep to be written.
      return this.failed(NO_EVENT);
    }
  }

  private payloadChunks(event: string, payload: object): string {
    switch (event) {
      case 'message_start':
        return this.messageStart(payload);
      case 'content_block_start':
        return this.blockStart(payload);
      case 'content_block_delta':
        return this.blockDelta(payload);
      case 'content_block_stop':
        return this.deltas(this.blocks.stop(indexIn(payload)));
      case 'message_delta':
        return this.messageDelta(payload);
      case 'message_stop':
        return this.messageStop();
      default:
        // Events that are not known yet have no place in a chunk.
        return '';
    }
  }

  private deltas(deltas: readonly ChatDelta[]): string {
    let output = '';
    for (const delta of deltas) {
      output += this.writer.delta(delta);
    }
    return output;
  }

  private messageStart({ message }: ReceivedStart): string {
    const { usage } = members(message);
    this.counted.add(usage);
    this.tier = answeredTier(usage);
    return '';
  }

  private blockStart(event: ReceivedBlockStart): string {
    return this.deltas(this.blocks.start(indexIn(event), members(event.content_block) as ReceivedBlock));
  }

  private blockDelta(event: ReceivedBlockDelta): string {
    return this.deltas(this.blocks.delta(indexIn(event), members(event.delta) as ReceivedDelta));
  }

  private messageDelta({ delta, usage }: ReceivedMessageDelta): string {
    this.counted.add(usage);
    const { stop_reason: stopReason, stop_details: stopDetails } = members(delta);
    if (typeof stopReason !== 'string' || this.stopped) {
      return '';
    }
    this.stopped = true;
    const refusal = refusalText(stopDetails);
    const open = this.deltas(this.blocks.stopAll());
    const reason = finishReason(stopReason, this.blocks.toolCalls > 0);
    return open + this.writer.delta(refusal === null ? {} : { refusal }, reason, { provider_finish_reason: stopReason });
  }

  private messageStop(): string {
    if (!this.stopped) {
      return this.failed(brokenAnswer('the provider ended the answer without a reason'));
    }
    this.ended = true;
    return this.usage && this.context.includeUsage ? this.writer.usage(this.usage, this.tier === undefined ? {} : { service_tier: this.tier }) : '';
  }
}

function indexIn(event: { readonly index?: unknown }): number {
  return typeof event.index === 'number' ? event.index : 0;
}
