import type { TranslationContext } from '../translator';

/**
 * Takes a chat answer as objects, for a translator that goes on from chat completions: what is only read again is not written before.
 * Errors do not come here: they are written, and stand in `failure`.
 */
export interface ChatSink {
  chunk(chunk: object): void;
  /** The stream ended as it should. */
  done(): void;
  /** A whole chat completion. */
  completion(completion: object): void;
}

/** Keeps a chat answer until it is read. */
export class KeptChat implements ChatSink {
  /** The stream ended as it should. */
  ended = false;
  /** The whole chat completion, once it is there. */
  whole: object | undefined;
  private chunks: object[] = [];

  chunk(chunk: object): void {
    this.chunks.push(chunk);
  }

  done(): void {
    this.ended = true;
  }

  completion(completion: object): void {
    this.whole = completion;
  }

  /** The chunks that came since the last time. */
  take(): readonly object[] {
    if (this.chunks.length === 0) {
      return NONE;
    }
    const { chunks } = this;
    this.chunks = [];
    return chunks;
  }
}

const NONE: readonly object[] = [];

/** The context of a request for the chat translator that it goes by way of. Written out: to spread it took a tenth of the time of a small request. */
export function chatContext(context: TranslationContext, chatSink: ChatSink, lacks: TranslationContext['lacks']): TranslationContext {
  const whole: Readonly<Record<keyof Required<TranslationContext>, unknown>> & TranslationContext = {
    endpoint: 'ChatCompletions',
    requestedModel: context.requestedModel,
    upstreamModel: context.upstreamModel,
    modelEntry: context.modelEntry,
    lacks,
    output: context.output,
    gcp: context.gcp,
    unsupportedParameters: context.unsupportedParameters,
    environment: context.environment,
    chatSink,
    clientHeader: (name) => context.clientHeader(name),
  };
  return whole;
}
