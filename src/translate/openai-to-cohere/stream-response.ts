import { failedGeneration, finishReason } from './finish-reason';
import { tokenLogprobs } from './logprobs';
import { ResponseContext } from './response-context';
import { usageFromCohere } from '../cohere/cohere-usage';
import {
  CitationStartEvent, CohereCitation, ContentEvent, MessageEndEvent, ReceivedToolCall, ToolCallDeltaEvent, ToolCallEndEvent, ToolCallStartEvent, ToolPlanEvent,
} from '../cohere/cohere-wire';
import { ChatChunkWriter, ChatDelta } from '../openai/chat-chunk';
import { openAiErrorEventText } from '../openai/error-body';
import { brokenAnswer } from '../response-failure';
import { SseDecoder } from '../sse/sse-decoder';
import { SseEvent } from '../sse/sse-event';
import { ResponseFailure, ResponseHead, ResponseTranslator, UpstreamResponseHead } from '../translator';
import { Usage } from '../usage';
import { utf8Bytes } from '../utf8-bytes';

const NOTHING = new Uint8Array(0);

type CohereDelta = ChatDelta & { reasoning_content?: string; citations?: readonly CohereCitation[] };

interface OpenTool {
  /** Among the tool calls, from 0. */
  readonly index: number;
  hasArguments: boolean;
}

/**
 * The events of a stream of Cohere's as chat chunks. Nothing is written before the model has written something, so a stream that fails at
 * once has `failure` set before it has any output but the error. The answer is complete when `message-end` came; any other end is an error event.
 * https://docs.cohere.com/docs/streaming
 */
export class StreamResponse implements ResponseTranslator {
  usage: Usage | undefined;
  failure: ResponseFailure | undefined;
  private readonly decoder = new SseDecoder();
  private readonly writer: ChatChunkWriter;
  private readonly openTools = new Map<number, OpenTool>();
  private toolCalls = 0;
  private complete = false;

  constructor(private readonly context: ResponseContext) {
    this.writer = new ChatChunkWriter(context.head, context.sink);
  }

  head({ status }: UpstreamResponseHead): ResponseHead {
    return { status, setHeaders: [['content-type', 'text/event-stream']], removeHeaders: [], bodyUnchanged: false };
  }

  push(chunk: Uint8Array): Uint8Array {
    // Text, encoded once for all events of the chunk.
    const output = this.failure || this.complete ? '' : this.translatedAll(this.decoder.push(chunk));
    return output === '' ? NOTHING : utf8Bytes(output);
  }

  end(): Uint8Array {
    return this.ended('the provider ended the stream before the answer was complete');
  }

  fail(message: string): Uint8Array {
    return this.ended(message);
  }

  private ended(message: string): Uint8Array {
    if (this.failure) {
      return NOTHING;
    }
    // Servers leave out the last blank line; what broke off in the middle of its JSON is no event.
    const last = this.complete ? '' : this.translatedAll(this.decoder.end().filter(({ data }) => parsed(data) !== undefined));
    if (this.failure) {
      return utf8Bytes(last);
    }
    // A connection that breaks after the last event takes nothing away.
    return utf8Bytes(last + (this.complete ? this.writer.done() : this.failed(brokenAnswer(message))));
  }

  private failed(failure: ResponseFailure): string {
    this.failure = failure;
    return openAiErrorEventText(failure);
  }

  private translatedAll(events: readonly SseEvent[]): string {
    let output = '';
    for (const event of events) {
      output += this.translated(event);
      if (this.failure || this.complete) {
        break;
      }
    }
    return output;
  }

  private translated({ event: name, data }: SseEvent): string {
    const event = parsed(data);
    if (event === undefined) {
      return data.trim() === '[DONE]' ? '' : this.failed(brokenAnswer('an event of the provider\'s stream holds no JSON object'));
    }
    try {
      return this.translatedEvent(event, name);
    } catch {
      return this.failed(brokenAnswer('an event of the provider\'s stream is not what its API promises'));
    }
  }

  private translatedEvent(event: Readonly<Record<string, unknown>>, name: string | undefined): string {
    switch (event.type ?? name) {
      case 'content-start':
      case 'content-delta':
        return this.content(event);
      case 'tool-plan-delta':
        return this.text({ content: (event as ToolPlanEvent).delta?.message?.tool_plan ?? '' });
      case 'tool-call-start':
        return this.toolCallStart(event);
      case 'tool-call-delta':
        return this.toolCallDelta(event);
      case 'tool-call-end':
        return this.toolCallEnd((event as ToolCallEndEvent).index ?? 0);
      case 'citation-start':
        return this.citation(event);
      case 'message-end':
        return this.messageEnd(event);
      case 'error':
        return this.failed(failedGeneration(undefined, textOf(event.message) ?? textOf(event.error)));
      default:
        // `message-start`, `content-end` and `citation-end` say nothing that a chunk has a place for; nor do events that are not known yet.
        return event.type === undefined && textOf(event.message) !== undefined ? this.failed(failedGeneration(undefined, textOf(event.message))) : '';
    }
  }

  private content({ delta, ...event }: ContentEvent): string {
    const content = delta?.message?.content;
    const logprobs = 'logprobs' in event && event.logprobs ? { logprobs: { content: tokenLogprobs([event.logprobs]), refusal: null } } : undefined;
    const thought: CohereDelta | undefined = content?.thinking ? { reasoning_content: content.thinking } : undefined;
    return (thought ? this.writer.delta(thought) : '') + this.text({ content: content?.text ?? '' }, logprobs);
  }

  private text(delta: { readonly content: string }, extra?: Readonly<Record<string, unknown>>): string {
    return delta.content === '' && !extra ? '' : this.writer.delta(delta, null, extra);
  }

  private toolCallStart({ index, delta }: ToolCallStartEvent): string {
    const started = delta?.message?.tool_calls as ReceivedToolCall | readonly ReceivedToolCall[] | null | undefined;
    // One call; some servers write a list of one.
    const call = Array.isArray(started) ? (started as readonly ReceivedToolCall[])[0] : started as ReceivedToolCall | null | undefined;
    if (!call) {
      return '';
    }
    const before = this.toolCallEnd(index ?? 0);
    const tool = { index: this.toolCalls, hasArguments: Boolean(call.function?.arguments) };
    this.toolCalls += 1;
    this.openTools.set(index ?? 0, tool);
    const called = { name: this.context.toolNames.original(call.function?.name ?? ''), arguments: call.function?.arguments ?? '' };
    return before + this.writer.delta({ tool_calls: [{ index: tool.index, id: call.id ?? '', type: 'function', function: called }] });
  }

  private toolCallDelta({ index, delta }: ToolCallDeltaEvent): string {
    const tool = this.openTools.get(index ?? 0);
    const part = delta?.message?.tool_calls?.function?.arguments;
    if (!tool || !part) {
      return '';
    }
    tool.hasArguments = true;
    return this.writer.delta({ tool_calls: [{ index: tool.index, function: { arguments: part } }] });
  }

  private toolCallEnd(index: number): string {
    const tool = this.openTools.get(index);
    this.openTools.delete(index);
    return tool && !tool.hasArguments ? this.writer.delta({ tool_calls: [{ index: tool.index, function: { arguments: '{}' } }] }) : '';
  }

  private citation({ delta }: CitationStartEvent): string {
    const citation = delta?.message?.citations;
    const chunk: CohereDelta | undefined = citation ? { citations: [citation] } : undefined;
    return chunk ? this.writer.delta(chunk) : '';
  }

  private messageEnd({ delta }: MessageEndEvent): string {
    const { finish_reason: reason, error, usage } = delta ?? {};
    this.usage = usageFromCohere(usage);
    const finish = typeof reason === 'string' && !error ? finishReason(reason, this.toolCalls > 0) : undefined;
    const output = [...this.openTools.keys()].map((index) => this.toolCallEnd(index)).join('');
    if (!finish) {
      return output + this.failed(reason || error ? failedGeneration(reason ?? undefined, error) : brokenAnswer('the provider ended the answer without a reason'));
    }
    this.complete = true;
    return output + this.writer.delta({}, finish, { provider_finish_reason: reason }) + (this.usage && this.context.includeUsage ? this.writer.usage(this.usage) : '');
  }
}

function parsed(data: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null ? value as Readonly<Record<string, unknown>> : undefined;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
