import { finishOf } from './finish';
import { customToolCallItem, functionCallItem, imageItem, ItemStatus, messageItem, MessagePart, reasoningItem, refusalPart, textPart } from './output-items';
import { annotationsOf, firstChoice, imagesOf, ReceivedCall, ReceivedChat, ReceivedChoice, ReceivedMessage, textIn } from './received-chat';
import { ResponseContext } from './response-context';
import { responseJson } from './response-object';
import { CollectedBody } from '../collected-body';
import { KeptChat } from '../openai/chat-sink';
import { openAiErrorBody } from '../openai/error-body';
import { brokenAnswer } from '../response-failure';
import { ResponseFailure, ResponseHead, ResponseTranslator, UpstreamResponseHead } from '../translator';
import { Usage } from '../usage';
import { utf8Bytes } from '../utf8-bytes';

const NOTHING = new Uint8Array(0);

/** A whole chat completion, as a chat translator gives it, as a response. Errors are the same in both. */
export class WholeAnswer implements ResponseTranslator {
  private ownFailure: ResponseFailure | undefined;
  private readonly body = new CollectedBody();

  constructor(private readonly chat: ResponseTranslator, private readonly kept: KeptChat, private readonly context: ResponseContext) {}

  get usage(): Usage | undefined {
    return this.chat.usage;
  }

  get failure(): ResponseFailure | undefined {
    return this.chat.failure ?? this.ownFailure;
  }

  head(response: UpstreamResponseHead): ResponseHead {
    return { ...this.chat.head(response), bodyUnchanged: false };
  }

  push(chunk: Uint8Array): Uint8Array {
    this.body.push(this.chat.push(chunk));
    return NOTHING;
  }

  end(): Uint8Array {
    this.body.push(this.chat.end());
    return this.written();
  }

  fail(message: string): Uint8Array {
    this.body.push(this.chat.fail(message));
    return this.written();
  }

  private written(): Uint8Array {
    const answer = (this.kept.whole ?? this.body.json()) as ReceivedChat | null | undefined;
    if (this.chat.failure) {
      return answer?.error ? utf8Bytes(this.body.text()) : openAiErrorBody(this.chat.failure);
    }
    try {
      const choice = answer && firstChoice(answer);
      if (choice?.message && typeof choice.finish_reason === 'string') {
        return utf8Bytes(this.response(answer as ReceivedChat, choice, choice.message, choice.finish_reason));
      }
    } catch {
      // Not what a chat completion is, or too deep to be written.
    }
    this.ownFailure = brokenAnswer('the provider\'s answer is not what its API promises');
    return openAiErrorBody(this.ownFailure);
  }

  private response(answer: ReceivedChat, choice: ReceivedChoice, message: ReceivedMessage, finishReason: string): string {
    const { status, incompleteReason } = finishOf(finishReason);
    return responseJson(this.context, {
      status,
      incompleteReason,
      output: this.items(message, choice, status),
      usage: this.usage,
      serviceTier: answer.service_tier,
      finishReason: choice.provider_finish_reason,
    });
  }

  private items(message: ReceivedMessage, choice: ReceivedChoice, lastStatus: ItemStatus): object[] {
    const id = (prefix: string): string => this.context.environment.id(prefix);
    const items: Array<(status: ItemStatus) => object> = [];
    const thoughts = textIn(message.reasoning_content);
    const { reasoning_details: details, tool_calls: calls, extra_content: extra } = message;
    const extras = (calls ?? []).flatMap((call) => call.extra_content !== undefined && typeof call.id === 'string' ? [[call.id, call.extra_content] as const] : []);
    if (thoughts !== '' || details?.length || extras.length > 0 || extra !== undefined) {
      const kept = {
        ...details?.length && { details }, ...extras.length > 0 && { calls: Object.fromEntries(extras) }, ...extra !== undefined && { message: extra },
      };
      items.push((status) => reasoningItem(id('rs_'), thoughts, status, kept));
    }
    const parts = messageParts(message, choice.logprobs?.content);
    if (parts.length > 0) {
      items.push((status) => messageItem(id('msg_'), parts, status));
    }
    imagesOf(message).forEach((image) => items.push(() => imageItem(id('ig_'), image)));
    (calls ?? []).forEach((call) => items.push((status) => callItem(call, id, status)));
    return items.map((item, index) => item(index === items.length - 1 ? lastStatus : 'completed'));
  }
}

function messageParts(message: ReceivedMessage, logprobs: readonly unknown[] | null | undefined): MessagePart[] {
  const [text, refusal] = [textIn(message.content), textIn(message.refusal)];
  return [...text === '' ? [] : [textPart(text, logprobs ?? [], annotationsOf(message))], ...refusal === '' ? [] : [refusalPart(refusal)]];
}

function callItem(call: ReceivedCall, id: (prefix: string) => string, status: ItemStatus): object {
  const callId = textIn(call.id) || id('call_');
  return call.custom
    ? customToolCallItem(id('ctc_'), { callId, name: textIn(call.custom.name), arguments: textIn(call.custom.input) }, status)
    : functionCallItem(id('fc_'), { callId, name: textIn(call.function?.name), arguments: textIn(call.function?.arguments), extraContent: call.extra_content }, status);
}
