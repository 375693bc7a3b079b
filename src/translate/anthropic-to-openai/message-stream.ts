import { AnswerContext, AnswerReader } from './answer-reader';
import { BlockSink } from './block-sink';
import { firstChoice, ReceivedChat, ReceivedChoice } from './received-chat';
import { stopOf } from './stop-reason';
import { anthropicErrorEventText } from '../anthropic/error-body';
import { MessageEventWriter } from '../anthropic/message-events';
import { KeptChat } from '../openai/chat-sink';
import { brokenAnswer, malformedOutput } from '../response-failure';
import { SseDecoder } from '../sse/sse-decoder';
import { SseEvent } from '../sse/sse-event';
import { ResponseFailure, ResponseHead, ResponseTranslator, UpstreamResponseHead } from '../translator';
import { Usage } from '../usage';
import { utf8Bytes } from '../utf8-bytes';

const NOTHING = new Uint8Array(0);

/**
 * The chunks of a chat stream as the events of a message. Nothing is written before the first choice came, so a stream that fails at once
 * has `failure` set before it has any output but the error. `chat` gives or writes the chunks, counts,
 * and says when they ended too early.
 */
export class MessageStream implements ResponseTranslator {
  failure: ResponseFailure | undefined;
  private readonly decoder = new SseDecoder();
  private readonly writer: MessageEventWriter;
  private readonly reader: AnswerReader;
  private output = '';
  private started = false;
  private finished = false;
  /** The choice with the finish reason. */
  private last: ReceivedChoice | undefined;

  constructor(private readonly chat: ResponseTranslator, private readonly kept: KeptChat, context: AnswerContext) {
    this.writer = new MessageEventWriter(context);
    this.reader = new AnswerReader(this.sink(), context);
  }

  get usage(): Usage | undefined {
    return this.chat.usage;
  }

  head({ status }: UpstreamResponseHead): ResponseHead {
    return { status, setHeaders: [['content-type', 'text/event-stream']], removeHeaders: [], bodyUnchanged: false };
  }

  push(chunk: Uint8Array): Uint8Array {
    if (this.over) {
      return NOTHING;
    }
    this.read(this.chat.push(chunk));
    return this.written();
  }

  end(): Uint8Array {
    return this.over ? NOTHING : this.ended(this.chat.end());
  }

  fail(message: string): Uint8Array {
    return this.over ? NOTHING : this.ended(this.chat.fail(message), message);
  }

  private get over(): boolean {
    return this.finished || this.failure !== undefined;
  }

  private sink(): BlockSink {
    return {
      blockStart: (block) => { this.output += this.writer.blockStart(block); },
      blockDelta: (delta) => { this.output += this.writer.blockDelta(delta); },
      blockStop: () => { this.output += this.writer.blockStop(); },
    };
  }

  private written(): Uint8Array {
    if (this.output === '') {
      return NOTHING;
    }
    const bytes = utf8Bytes(this.output);
    this.output = '';
    return bytes;
  }

  private ended(bytes: Uint8Array, message?: string): Uint8Array {
    this.read(bytes);
    if (!this.over) {
      this.readEvents(this.decoder.end());
    }
    if (!this.over && this.last && message === undefined) {
      // Some servers leave out `[DONE]`.
      this.finish();
    }
    if (!this.over) {
      this.failed(brokenAnswer(message ?? 'the provider ended the stream before the answer was complete'));
    }
    return this.written();
  }

  /** What the chat gave as objects, and what it wrote: errors, or all of a chat that passes through. */
  private read(bytes: Uint8Array): void {
    for (const chunk of this.kept.take()) {
      this.choice(firstChoice(chunk));
    }
    if (this.kept.ended && !this.over) {
      this.finish();
    }
    if (!this.over) {
      this.readEvents(bytes.length === 0 ? [] : this.decoder.push(bytes));
    }
  }

  private readEvents(events: readonly SseEvent[]): void {
    for (const event of events) {
      this.take(event);
      if (this.over) {
        return;
      }
    }
    if (this.chat.failure) {
      this.failed(this.chat.failure);
    }
  }

  private take({ data }: SseEvent): void {
    if (data.trim() === '[DONE]') {
      this.finish();
      return;
    }
    const chunk = parsed(data);
    if (!chunk) {
      this.failed(brokenAnswer('an event of the provider\'s stream holds no JSON object'));
    } else if (chunk.error !== undefined && chunk.error !== null) {
      this.failed(this.chat.failure ?? brokenAnswer('the provider sent an error inside the stream'));
    } else {
      this.choice(firstChoice(chunk));
    }
  }

  /** Chunks without a choice hold usage, or what Azure says of the prompt. */
  private choice(choice: ReceivedChoice | undefined): void {
    if (!choice) {
      return;
    }
    this.start();
    const delta = choice.delta ?? choice.message;
    if (typeof delta === 'object' && delta !== null) {
      this.reader.take(delta);
    }
    if (typeof choice.finish_reason === 'string' && choice.finish_reason !== '') {
      this.last = choice;
    }
  }

  private start(): void {
    if (!this.started) {
      this.started = true;
      this.output += this.writer.messageStart();
    }
  }

  private finish(): void {
    if (this.chat.failure) {
      this.failed(this.chat.failure);
      return;
    }
    const last = this.last ?? {};
    if (!this.started || !this.reader.finish(last.finish_reason === 'length')) {
      this.failed(this.started ? malformedOutput('malformed_tool_use') : brokenAnswer('the provider ended the stream without an answer'));
      return;
    }
    this.finished = true;
    const { reason, sequence } = stopOf(last, this.reader.hasTools, this.reader.refused);
    const provider = last.provider_finish_reason;
    this.output += this.writer.end(reason, this.usage, {
      stop_sequence: sequence, ...typeof provider === 'string' && { provider_finish_reason: provider },
    });
  }

  private failed(failure: ResponseFailure): void {
    this.failure = failure;
    this.output += anthropicErrorEventText(failure);
  }
}

function parsed(data: string): ReceivedChat | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as ReceivedChat : undefined;
  } catch {
    return undefined;
  }
}
