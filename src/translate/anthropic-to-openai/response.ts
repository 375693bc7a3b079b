import { AnswerContext } from './answer-reader';
import { ErrorAnswer } from './error-answer';
import { MessageStream } from './message-stream';
import { WholeMessage } from './whole-message';
import { KeptChat } from '../openai/chat-sink';
import { ResponseFailure, ResponseHead, ResponseTranslator, UpstreamResponseHead } from '../translator';
import { Usage } from '../usage';

/** Turns the answer of a chat completion into a message. `chat` turns the provider's own answer into a chat completion first, which is in `kept` then. */
export class MessagesResponse implements ResponseTranslator {
  private kind: ResponseTranslator;

  constructor(
    private readonly chat: ResponseTranslator, private readonly kept: KeptChat, private readonly stream: boolean, private readonly context: AnswerContext,
  ) {
    this.kind = new ErrorAnswer(chat);
  }

  get usage(): Usage | undefined {
    return this.kind.usage;
  }

  get failure(): ResponseFailure | undefined {
    return this.kind.failure;
  }

  head(response: UpstreamResponseHead): ResponseHead {
    if (response.status < 200 || response.status >= 300) {
      return this.kind.head(response);
    }
    const chat = this.chat.head(response);
    const type = chat.setHeaders.find(([name]) => name === 'content-type')?.[1] ?? response.header('content-type')?.trim() ?? '';
    const streams = this.stream && (type === '' || /^text\/event-stream/i.test(type));
    this.kind = streams ? new MessageStream(this.chat, this.kept, this.context) : new WholeMessage(this.chat, this.kept, this.stream, this.context);
    return { ...this.kind.head(response), removeHeaders: chat.removeHeaders };
  }

  push(chunk: Uint8Array): Uint8Array {
    return this.kind.push(chunk);
  }

  end(): Uint8Array {
    return this.kind.end();
  }

  fail(message: string): Uint8Array {
    return this.kind.fail(message);
  }
}
