import { AnsweredImage, answeredPart, AnsweredPart, SignedToolCall } from './candidate';
import { finishReason } from './finish-reason';
import { chatLogprobs } from './logprobs';
import { ResponseContext } from './response-context';
import { answeredTier } from './service-tier';
import { GeminiStreamEvent, GeminiStreamReader } from '../gemini/gemini-stream-reader';
import { usageFromGemini } from '../gemini/gemini-usage';
import { GeminiAnswer, GeminiCandidate, GeminiUsage } from '../gemini/gemini-wire';
import { ExtraContent } from '../gemini/thought-signature';
import { ChatChunkWriter, ChatDelta } from '../openai/chat-chunk';
import { openAiErrorEventText } from '../openai/error-body';
import { brokenAnswer } from '../response-failure';
import { ResponseFailure, ResponseHead, ResponseTranslator, UpstreamResponseHead } from '../translator';
import { Usage } from '../usage';
import { utf8Bytes } from '../utf8-bytes';

const NOTHING = new Uint8Array(0);
const CUT_SHORT = brokenAnswer('the provider ended the stream before the answer was complete');

type GeminiDelta = Omit<ChatDelta, 'tool_calls'> & Partial<ExtraContent> & {
  reasoning_content?: string;
  images?: AnsweredImage[];
  tool_calls?: Array<SignedToolCall & { readonly index: number }>;
};

/** One of the answers that stream side by side. */
interface Choice {
  readonly writer: ChatChunkWriter;
  toolCalls: number;
  finished: boolean;
}

/**
 * The events of streamGenerateContent as chat chunks. Nothing is written before the model has written something, so a stream that fails at
 * once has `failure` set before it has any output but the error. The answer is complete when every choice has its reason to end; any other
 * end is an error event.
 */
export class StreamResponse implements ResponseTranslator {
  usage: Usage | undefined;
  failure: ResponseFailure | undefined;
  private readonly reader = new GeminiStreamReader();
  private readonly choices = new Map<number, Choice>();
  private readonly writer: ChatChunkWriter;
  private blocked = false;
  private lastUsage: GeminiUsage | undefined;

  constructor(private readonly context: ResponseContext) {
    this.writer = new ChatChunkWriter(context.head, context.sink);
  }

  head({ status }: UpstreamResponseHead): ResponseHead {
    return { status, setHeaders: [['content-type', 'text/event-stream']], removeHeaders: [], bodyUnchanged: false };
  }

  push(chunk: Uint8Array): Uint8Array {
    // Text, encoded once for all events of the chunk.
    const output = this.failure ? '' : this.written(this.reader.push(chunk));
    return output === '' ? NOTHING : utf8Bytes(output);
  }

  end(): Uint8Array {
    return this.ended(CUT_SHORT);
  }

  fail(message: string): Uint8Array {
    // A connection that breaks after the last event takes nothing away.
    return this.ended(brokenAnswer(message));
  }

  private get complete(): boolean {
    const finished = [...this.choices.values()].filter((choice) => choice.finished).length;
    return this.blocked || finished >= this.context.choices && finished === this.choices.size;
  }

  private ended(failure: ResponseFailure): Uint8Array {
    if (this.failure) {
      return NOTHING;
    }
    const last = this.written(this.reader.end());
    if (this.failure) {
      return utf8Bytes(last);
    }
    return utf8Bytes(last + (this.complete ? this.closing() : this.failed(failure)));
  }

  private closing(): string {
    const tier = answeredTier(this.lastUsage);
    return (this.usage && this.context.includeUsage ? this.writer.usage(this.usage, tier && { service_tier: tier }) : '') + this.writer.done();
  }

  private failed(failure: ResponseFailure): string {
    this.failure = failure;
    return openAiErrorEventText(failure);
  }

  private written(events: readonly GeminiStreamEvent[]): string {
    let output = '';
    for (const event of events) {
      output += event.failure ? this.failed(event.failure) : this.translated(event.answer);
      if (this.failure) {
        break;
      }
    }
    return output;
  }

  private translated(answer: GeminiAnswer): string {
    let output = '';
    try {
      this.usage = usageFromGemini(answer.usageMetadata) ?? this.usage;
      this.lastUsage = answer.usageMetadata ?? this.lastUsage;
      for (const [position, candidate] of (answer.candidates ?? []).entries()) {
        for (const chunk of this.candidate(candidate, candidate.index ?? position)) {
          output += chunk;
        }
        if (this.failure) {
          return output;
        }
      }
      return output + this.block(answer);
    } catch {
      // A member somewhere in it is of another type than the API says, or too deep to be written.
      return output + this.failed(brokenAnswer('an event of the provider\'s stream is not a Gemini answer'));
    }
  }

  /** Google did not let the prompt through. */
  private block({ promptFeedback }: GeminiAnswer): string {
    const { blockReason, blockReasonMessage } = promptFeedback ?? {};
    if (typeof blockReason !== 'string' || this.choices.size > 0 || this.blocked) {
      return '';
    }
    this.blocked = true;
    return this.writer.delta(typeof blockReasonMessage === 'string' ? { refusal: blockReasonMessage } : {}, 'content_filter', { provider_finish_reason: blockReason });
  }

  /** What came before a part that is none still counts. */
  private* candidate(candidate: GeminiCandidate, index: number): Iterable<string> {
    const choice = this.choices.get(index) ?? { writer: new ChatChunkWriter(this.context.head, this.context.sink, index), toolCalls: 0, finished: false };
    this.choices.set(index, choice);
    if (choice.finished) {
      return;
    }
    let logprobs = candidate.logprobsResult ? { logprobs: chatLogprobs(candidate.logprobsResult) } : undefined;
    for (const part of candidate.content?.parts ?? []) {
      const answered = answeredPart(part, this.context);
      if (answered) {
        yield choice.writer.delta(deltaOf(answered, choice) as ChatDelta, null, logprobs);
        logprobs = undefined;
      }
    }
    if (typeof candidate.finishReason !== 'string') {
      return;
    }
    const reason = finishReason(candidate.finishReason, choice.toolCalls > 0);
    if (typeof reason !== 'string') {
      yield this.failed(reason);
      return;
    }
    choice.finished = true;
    yield choice.writer.delta({}, reason, { ...logprobs, provider_finish_reason: candidate.finishReason });
  }
}

function deltaOf(answered: AnsweredPart, choice: Choice): GeminiDelta {
  switch (answered.kind) {
    case 'content':
      return { content: answered.text, ...answered.extra };
    case 'reasoning':
      return { reasoning_content: answered.text };
    case 'image':
      return { images: [answered.image], ...answered.extra };
    case 'call':
      choice.toolCalls += 1;
      // Whole and once: Gemini does not write arguments piece by piece.
      return { tool_calls: [{ index: choice.toolCalls - 1, ...answered.call }] };
  }
}
