import { finishReason } from './finish-reason';
import { reasoningDetail } from './reasoning-details';
import { ResponseContext } from './response-context';
import { brokenAnswer, malformedOutput } from '../response-failure';
import { isSharedTier } from './service-tier';
import { metStop } from './stop-sequence';
import { usageFromConverse } from '../bedrock/converse-usage';
import { ContentBlockDeltaPayload, ContentBlockStartPayload, ContentBlockStopPayload, MessageStopPayload, MetadataPayload } from '../bedrock/converse-wire';
import { EventStreamDecoder, EventStreamMessage } from '../bedrock/event-stream-decoder';
import { eventStreamFailure } from '../bedrock/event-stream-failure';
import { plainTextDelta } from '../bedrock/plain-text-delta';
import { ChatChunkWriter, ChatDelta } from '../openai/chat-chunk';
import { openAiErrorEventText } from '../openai/error-body';
import { ReasoningDetail } from '../openai/reasoning-detail';
import { ResponseFailure, ResponseHead, ResponseTranslator, UpstreamResponseHead } from '../translator';
import { Usage } from '../usage';
import { utf8Bytes } from '../utf8-bytes';

const NOTHING = new Uint8Array(0);
const text = new TextDecoder();

type ReasoningDelta = ChatDelta & { reasoning_content?: string; reasoning_details?: ReasoningDetail[] };

interface OpenTool {
  /** Among the tool calls, from 0. */
  readonly index: number;
  hasArguments: boolean;
}

interface OpenReasoning {
  text: string;
  signature: string;
  /** Each base64 of its own. */
  readonly redacted: string[];
}

/**
 * The events of ConverseStream as chat chunks. Nothing is written before the model has written something, so a stream that fails at once
 * has `failure` set before it has any output but the error. The answer is complete when `messageStop` and `metadata` came; any other end
 * is an error event.
 */
export class StreamResponse implements ResponseTranslator {
  usage: Usage | undefined;
  failure: ResponseFailure | undefined;
  private readonly decoder = new EventStreamDecoder();
  private readonly writer: ChatChunkWriter;
  private readonly openTools = new Map<number, OpenTool>();
  private readonly openReasoning = new Map<number, OpenReasoning>();
  private toolCalls = 0;
  private reasoningDetails = 0;
  private stopped = false;
  private metadataCame = false;

  constructor(private readonly context: ResponseContext) {
    this.writer = new ChatChunkWriter(context.head, context.sink);
  }

  head({ status }: UpstreamResponseHead): ResponseHead {
    return { status, setHeaders: [['content-type', 'text/event-stream']], removeHeaders: [], bodyUnchanged: false };
  }

  push(chunk: Uint8Array): Uint8Array {
    if (this.failure) {
      return NOTHING;
    }
    // Text, encoded once for all events of the chunk.
    let output = '';
    for (const message of this.decoder.push(chunk)) {
      output += this.translated(message);
      if (this.failure) {
        return utf8Bytes(output);
      }
    }
    if (this.decoder.error !== undefined) {
      output += this.failed(brokenAnswer(`the provider's event stream is damaged: ${this.decoder.error}`));
    }
    return output === '' ? NOTHING : utf8Bytes(output);
  }

  end(): Uint8Array {
    if (this.failure) {
      return NOTHING;
    }
    return utf8Bytes(this.complete ? this.writer.done() : this.failed(brokenAnswer('the provider ended the stream before the answer was complete')));
  }

  fail(message: string): Uint8Array {
    if (this.failure) {
      return NOTHING;
    }
    // A connection that breaks after the last event takes nothing away.
    return utf8Bytes(this.complete ? this.writer.done() : this.failed(brokenAnswer(message)));
  }

  private get complete(): boolean {
    return this.stopped && this.metadataCame && !this.decoder.incomplete;
  }

  private failed(failure: ResponseFailure): string {
    this.failure = failure;
    return openAiErrorEventText(failure);
  }

  private translated(message: EventStreamMessage): string {
    const failure = eventStreamFailure(message);
    if (failure) {
      return this.failed(failure);
    }
    const type = message.headers.get(':event-type');
    // Nearly all events are of this kind, so they go through without being parsed and written anew.
    const plain = type === 'contentBlockDelta' ? plainTextDelta(message) : undefined;
    if (plain !== undefined) {
      return plain === '""' ? '' : this.writer.content(plain);
    }
    let event: unknown;
    try {
      event = JSON.parse(text.decode(message.payload));
    } catch {
      event = undefined;
    }
    if (typeof event !== 'object' || event === null) {
      return this.failed(brokenAnswer('an event of the provider\'s stream holds no JSON object'));
    }
    switch (type) {
      case 'contentBlockStart':
        return this.blockStart(event);
      case 'contentBlockDelta':
        return this.blockDelta(event as ContentBlockDeltaPayload);
      case 'contentBlockStop':
        return this.blockStop((event as ContentBlockStopPayload).contentBlockIndex ?? 0);
      case 'messageStop':
        return this.messageStop(event as MessageStopPayload);
      case 'metadata':
        return this.metadata(event);
      default:
        // `messageStart` says nothing that the first chunk does not; events that are not known yet have no place in a chunk.
        return '';
    }
  }

  private blockStart({ start, contentBlockIndex = 0 }: ContentBlockStartPayload): string {
    const tool = start?.toolUse;
    if (!tool || tool.type !== undefined) {
      return '';
    }
    const index = this.toolCalls;
    this.toolCalls += 1;
    this.openTools.set(contentBlockIndex, { index, hasArguments: false });
    const call = { name: this.context.toolNames.original(tool.name ?? ''), arguments: '' };
    return this.writer.delta({ tool_calls: [{ index, id: tool.toolUseId ?? '', type: 'function', function: call }] });
  }

  private blockDelta({ delta, contentBlockIndex = 0 }: ContentBlockDeltaPayload): string {
    if (typeof delta?.text === 'string') {
      return delta.text === '' ? '' : this.writer.delta({ content: delta.text });
    }
    if (typeof delta?.toolUse?.input === 'string') {
      return this.toolArguments(contentBlockIndex, delta.toolUse.input);
    }
    return delta?.reasoningContent ? this.reasoning(contentBlockIndex, delta.reasoningContent) : '';
  }

  private toolArguments(block: number, part: string): string {
    const tool = this.openTools.get(block);
    if (!tool || part === '') {
      return '';
    }
    tool.hasArguments = true;
    return this.writer.delta({ tool_calls: [{ index: tool.index, function: { arguments: part } }] });
  }

  private reasoning(block: number, delta: NonNullable<NonNullable<ContentBlockDeltaPayload['delta']>['reasoningContent']>): string {
    const open = this.openReasoning.get(block) ?? { text: '', signature: '', redacted: [] };
    this.openReasoning.set(block, open);
    open.signature += delta.signature ?? '';
    if (typeof delta.redactedContent === 'string') {
      open.redacted.push(delta.redactedContent);
    }
    if (!delta.text) {
      return '';
    }
    open.text += delta.text;
    const chunk: ReasoningDelta = { reasoning_content: delta.text };
    return this.writer.delta(chunk);
  }

  private blockStop(block: number): string {
    const tool = this.openTools.get(block);
    this.openTools.delete(block);
    if (tool && !tool.hasArguments) {
      return this.writer.delta({ tool_calls: [{ index: tool.index, function: { arguments: '{}' } }] });
    }
    const open = this.openReasoning.get(block);
    this.openReasoning.delete(block);
    const detail = open && reasoningDetail(
      open.redacted.length === 0 ? { reasoningText: open } : { redactedContent: joinedBase64(open.redacted) }, this.reasoningDetails,
    );
    if (!detail) {
      return '';
    }
    this.reasoningDetails += 1;
    // Whole and once, so that a client has nothing to put together before it sends the block back.
    const chunk: ReasoningDelta = { reasoning_details: [detail] };
    return this.writer.delta(chunk);
  }

  private messageStop(event: MessageStopPayload): string {
    const { stopReason, additionalModelResponseFields: more } = event as { readonly stopReason?: unknown; readonly additionalModelResponseFields?: unknown };
    if (typeof stopReason !== 'string') {
      return this.failed(brokenAnswer('the provider ended the answer without a reason'));
    }
    const output = [...this.openTools.keys(), ...this.openReasoning.keys()].map((block) => this.blockStop(block)).join('');
    const reason = finishReason(stopReason, this.toolCalls > 0);
    if (!reason) {
      return output + this.failed(malformedOutput(stopReason));
    }
    this.stopped = true;
    return output + this.writer.delta({}, reason, { provider_finish_reason: stopReason, ...metStop(more) });
  }

  private metadata(event: MetadataPayload): string {
    this.metadataCame = true;
    this.usage = usageFromConverse(event.usage);
    return this.usage && this.context.includeUsage ? this.writer.usage(this.usage, serviceTier(event)) : '';
  }
}

function serviceTier({ serviceTier: tier }: MetadataPayload): Readonly<Record<string, unknown>> {
  return isSharedTier(tier?.type) ? { service_tier: tier.type } : {};
}

function joinedBase64(pieces: readonly string[]): string {
  try {
    return pieces.length === 1 ? pieces[0] : btoa(pieces.map((piece) => atob(piece)).join(''));
  } catch {
    return pieces.join('');
  }
}
