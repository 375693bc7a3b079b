import { ChatEventReader } from './chat-event-reader';
import { EventWriter } from './event-writer';
import { Finish, finishOf } from './finish';
import { OutputStream } from './output-stream';
import { firstChoice, ReceivedChat } from './received-chat';
import { ResponseContext } from './response-context';
import { responseJson, ResponseState } from './response-object';
import { concatBytes } from '../concat-bytes';
import { KeptChat } from '../openai/chat-sink';
import { responsesErrorEvent } from '../openai/responses-error-event';
import { brokenAnswer } from '../response-failure';
import { ResponseFailure, ResponseHead, ResponseTranslator, UpstreamResponseHead } from '../translator';
import { Usage } from '../usage';

const NOTHING = new Uint8Array(0);

/**
 * A stream of chat chunks, as a chat translator gives it, as the events of a response. Nothing is written before the first chunk, so a
 * stream that fails at once has no output but its error.
 */
export class StreamAnswer implements ResponseTranslator {
  private ownFailure: ResponseFailure | undefined;
  private readonly reader = new ChatEventReader();
  private readonly writer = new EventWriter();
  private readonly output: OutputStream;
  private begun = false;
  private ended = false;
  private finish: Finish | undefined;
  private finishReason: unknown;
  private serviceTier: unknown;

  constructor(private readonly chat: ResponseTranslator, private readonly kept: KeptChat, private readonly context: ResponseContext) {
    this.output = new OutputStream(this.writer, (prefix) => context.environment.id(prefix));
  }

  get usage(): Usage | undefined {
    return this.chat.usage;
  }

  get failure(): ResponseFailure | undefined {
    return this.ownFailure ?? this.chat.failure;
  }

  head(response: UpstreamResponseHead): ResponseHead {
    return { ...this.chat.head(response), bodyUnchanged: false };
  }

  push(chunk: Uint8Array): Uint8Array {
    return this.ended ? NOTHING : this.translated(this.chat.push(chunk));
  }

  end(): Uint8Array {
    return this.ended ? NOTHING : this.last(this.chat.end(), 'the provider ended the stream before the answer was complete');
  }

  fail(message: string): Uint8Array {
    return this.ended ? NOTHING : this.last(this.chat.fail(message), message);
  }

  private last(chunk: Uint8Array, message: string): Uint8Array {
    const translated = this.translated(chunk);
    return this.ended ? translated : concatBytes([translated, this.failed(brokenAnswer(message))]);
  }

  private translated(chunk: Uint8Array): Uint8Array {
    try {
      // What the chat gave as objects, and what it wrote: errors, or all of a chat that passes through.
      this.kept.take().forEach((kept) => this.take(kept));
      if (this.kept.ended && !this.ended) {
        this.complete();
      }
      if (chunk.length > 0 && !this.ended) {
        this.readAll(this.reader.push(chunk));
      }
    } catch {
      return this.failed(brokenAnswer('a chunk of the provider\'s answer is not what its API promises'));
    }
    return this.chat.failure ? this.failed(this.chat.failure) : this.writer.take();
  }

  private readAll(events: readonly string[]): void {
    for (const data of events) {
      if (data === '[DONE]') {
        this.complete();
      } else {
        this.take(JSON.parse(data) as ReceivedChat);
      }
      if (this.ended) {
        return;
      }
    }
  }

  private take(chunk: ReceivedChat): void {
    if (chunk.error !== undefined) {
      // The chat translator says the same in `failure`.
      return;
    }
    this.begin();
    this.serviceTier = chunk.service_tier ?? this.serviceTier;
    const choice = firstChoice(chunk);
    if (choice?.delta) {
      this.output.add(choice.delta, choice.logprobs?.content ?? []);
    }
    if (typeof choice?.finish_reason === 'string') {
      this.finish = finishOf(choice.finish_reason);
      this.finishReason = choice.provider_finish_reason;
    }
  }

  private begin(): void {
    if (!this.begun) {
      this.begun = true;
      const response = this.response({ status: 'in_progress', output: [] });
      this.writer.event('response.created', response);
      this.writer.event('response.in_progress', response);
    }
  }

  private complete(): void {
    // Without a reason the answer is cut off.
    if (this.finish) {
      this.ended = true;
      const output = this.output.finish(this.finish.status);
      const { usage, serviceTier, finishReason } = this;
      this.writer.event(`response.${this.finish.status}`, this.response({ ...this.finish, output, usage, serviceTier, finishReason }));
    }
  }

  private failed(failure: ResponseFailure): Uint8Array {
    this.ended = true;
    this.ownFailure = failure;
    const before = this.writer.take();
    const error = responsesErrorEvent(failure, this.writer.sequenceNumber);
    if (!this.begun) {
      return error;
    }
    this.writer.skip();
    this.writer.event('response.failed', this.response({ status: 'failed', output: this.output.broken(), usage: this.usage, failure }));
    return concatBytes([before, error, this.writer.take()]);
  }

  private response(state: ResponseState): string {
    return `"response":${responseJson(this.context, state)}`;
  }
}
