import type { Message, RawContentBlockDelta } from '@anthropic-ai/sdk/resources/messages';
import { AnswerContext, AnswerReader } from './answer-reader';
import { BlockCollector } from './block-collector';
import { BegunBlock } from './block-sink';
import { firstChoice, isObject, ReceivedChat } from './received-chat';
import { stopOf } from './stop-reason';
import { anthropicErrorBody, anthropicErrorEvent } from '../anthropic/error-body';
import { MessageEventWriter } from '../anthropic/message-events';
import { anthropicUsage } from '../anthropic/usage';
import { CollectedBody } from '../collected-body';
import { writeJson } from '../exact-json';
import { KeptChat } from '../openai/chat-sink';
import { brokenAnswer, malformedOutput } from '../response-failure';
import { ResponseFailure, ResponseHead, ResponseTranslator, UpstreamResponseHead } from '../translator';
import { Usage } from '../usage';
import { utf8Bytes } from '../utf8-bytes';

const NOTHING = new Uint8Array(0);
const NO_ANSWER = brokenAnswer('the provider\'s answer is not a chat completion');
const NO_USAGE: Usage = { inputTokens: 0, cachedInputTokens: 0, cacheCreationInputTokens: 0, outputTokens: 0, reasoningTokens: 0, totalTokens: 0 };

/** A message as far as it is known here. */
type WrittenMessage = Pick<Message, 'id' | 'type' | 'role' | 'model' | 'stop_reason' | 'stop_sequence'> & {
  readonly content: readonly BegunBlock[];
  readonly usage: ReturnType<typeof anthropicUsage>;
  readonly provider_finish_reason?: string;
};

/** A whole chat completion as a message, or as the events of one for a client that asked for a stream and a provider that has none. */
export class WholeMessage implements ResponseTranslator {
  failure: ResponseFailure | undefined;
  private readonly body = new CollectedBody();

  constructor(
    private readonly chat: ResponseTranslator, private readonly kept: KeptChat, private readonly stream: boolean, private readonly context: AnswerContext,
  ) {}

  get usage(): Usage | undefined {
    return this.chat.usage;
  }

  head({ status }: UpstreamResponseHead): ResponseHead {
    return { status, setHeaders: [['content-type', this.stream ? 'text/event-stream' : 'application/json']], removeHeaders: [], bodyUnchanged: false };
  }

  push(chunk: Uint8Array): Uint8Array {
    this.body.push(this.chat.push(chunk));
    return NOTHING;
  }

  end(): Uint8Array {
    this.body.push(this.chat.end());
    if (this.chat.failure) {
      return this.failed(this.chat.failure);
    }
    const completion = this.kept.whole ?? this.body.json();
    try {
      const message = isObject(completion) ? this.message(completion) : NO_ANSWER;
      return 'content' in message ? utf8Bytes(this.stream ? this.events(message) : writeJson(message)) : this.failed(message);
    } catch {
      // Too deep to be written.
      return this.failed(NO_ANSWER);
    }
  }

  fail(message: string): Uint8Array {
    this.chat.fail(message);
    return this.failed(this.chat.failure ?? brokenAnswer(message));
  }

  private failed(failure: ResponseFailure): Uint8Array {
    this.failure = failure;
    return this.stream ? anthropicErrorEvent(failure) : anthropicErrorBody(failure);
  }

  private message(completion: ReceivedChat): WrittenMessage | ResponseFailure {
    const choice = firstChoice(completion);
    if (!choice || !isObject(choice.message)) {
      return NO_ANSWER;
    }
    const collector = new BlockCollector();
    const reader = new AnswerReader(collector, this.context);
    reader.take(choice.message);
    if (!reader.finish(choice.finish_reason === 'length')) {
      return malformedOutput('malformed_tool_use');
    }
    const { reason, sequence } = stopOf(choice, reader.hasTools, reader.refused);
    const provider = choice.provider_finish_reason;
    return {
      id: this.context.id,
      type: 'message',
      role: 'assistant',
      model: this.context.model,
      content: collector.blocks,
      stop_reason: reason,
      stop_sequence: sequence,
      usage: anthropicUsage(this.usage ?? NO_USAGE),
      ...typeof provider === 'string' && { provider_finish_reason: provider },
    };
  }

  private events({ content, stop_reason: reason, stop_sequence: sequence }: WrittenMessage): string {
    const writer = new MessageEventWriter(this.context);
    return [
      writer.messageStart(this.usage),
      ...content.flatMap((block) => {
        const { begun, deltas } = taken(block);
        return [writer.blockStart(begun), ...deltas.map((delta) => writer.blockDelta(delta)), writer.blockStop()];
      }),
      writer.end(reason ?? 'end_turn', this.usage, { stop_sequence: sequence }),
    ].join('');
  }
}

/** A block as it begins, and what comes after that. */
function taken(block: BegunBlock): { readonly begun: BegunBlock; readonly deltas: readonly RawContentBlockDelta[] } {
  switch (block.type) {
    case 'text':
      return { begun: { ...block, text: '' }, deltas: [{ type: 'text_delta', text: block.text }] };
    case 'thinking':
      return {
        begun: { ...block, thinking: '', signature: '' },
        deltas: [
          { type: 'thinking_delta', thinking: block.thinking },
          ...block.signature === '' ? [] : [{ type: 'signature_delta' as const, signature: block.signature }],
        ],
      };
    case 'redacted_thinking':
      return { begun: block, deltas: [] };
    case 'tool_use':
      return { begun: { ...block, input: {} }, deltas: [{ type: 'input_json_delta', partial_json: writeJson(block.input) }] };
  }
}
