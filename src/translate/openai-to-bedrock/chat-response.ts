import type { ChatCompletion, ChatCompletionMessage, ChatCompletionMessageFunctionToolCall } from 'openai/resources/chat/completions';
import { finishReason } from './finish-reason';
import { reasoningDetail } from './reasoning-details';
import { ResponseContext } from './response-context';
import { brokenAnswer, malformedOutput } from '../response-failure';
import { isSharedTier } from './service-tier';
import { usageFromConverse } from '../bedrock/converse-usage';
import { ConverseAnswer, ReceivedBlock } from '../bedrock/converse-wire';
import { concatBytes } from '../concat-bytes';
import { copyBytes } from '../copy-bytes';
import { openAiUsage } from '../openai/chat-chunk';
import { openAiErrorBody } from '../openai/error-body';
import { ReasoningDetail } from '../openai/reasoning-detail';
import { ResponseFailure, ResponseHead, ResponseTranslator, UpstreamResponseHead } from '../translator';
import { Usage } from '../usage';

const NO_ANSWER = brokenAnswer('the provider\'s answer is not a Converse answer');

/** Fields beside OpenAI's own: what a reasoning model thought, and what it takes back on the next turn. */
type ReasoningMessage = ChatCompletionMessage & { reasoning_content?: string; reasoning_details?: ReasoningDetail[] };

/** A whole Converse answer as a chat completion. Nothing can be written before all of it is there. */
export class ChatResponse implements ResponseTranslator {
  usage: Usage | undefined;
  failure: ResponseFailure | undefined;
  private readonly chunks: Uint8Array[] = [];

  constructor(private readonly context: ResponseContext) {}

  head({ status }: UpstreamResponseHead): ResponseHead {
    return { status, setHeaders: [['content-type', 'application/json']], removeHeaders: [], bodyUnchanged: false };
  }

  push(chunk: Uint8Array): Uint8Array {
    // A copy: the chunk may lie in a buffer that its owner uses again.
    this.chunks.push(copyBytes(chunk));
    return new Uint8Array(0);
  }

  end(): Uint8Array {
    const answer = parsed(new TextDecoder().decode(concatBytes(this.chunks)));
    this.usage = usageFromConverse(answer?.usage);
    try {
      return answer ? this.translated(answer) : this.failed(NO_ANSWER);
    } catch {
      // A member somewhere in it is of another type than the API says, or too deep to be written.
      return this.failed(NO_ANSWER);
    }
  }

  fail(message: string): Uint8Array {
    return this.failed(brokenAnswer(message));
  }

  private translated(answer: ConverseAnswer): Uint8Array {
    const content = answer.output?.message?.content;
    if (typeof answer.stopReason !== 'string' || !Array.isArray(content)) {
      return this.failed(NO_ANSWER);
    }
    const message = messageFrom(content as readonly ReceivedBlock[], this.context);
    const reason = finishReason(answer.stopReason, message.tool_calls !== undefined);
    return reason ? this.completion(answer, message, reason) : this.failed(malformedOutput(answer.stopReason));
  }

  private failed(failure: ResponseFailure): Uint8Array {
    this.failure = failure;
    return openAiErrorBody(failure);
  }

  private completion(answer: ConverseAnswer, message: ReasoningMessage, reason: ChatCompletion.Choice['finish_reason']): Uint8Array {
    const choice: ChatCompletion.Choice & { provider_finish_reason?: string } = {
      index: 0, message, logprobs: null, finish_reason: reason, provider_finish_reason: answer.stopReason,
    };
    const completion: ChatCompletion = {
      ...this.context.head,
      object: 'chat.completion',
      choices: [choice],
      ...this.usage && { usage: openAiUsage(this.usage) },
      ...isSharedTier(answer.serviceTier?.type) && { service_tier: answer.serviceTier.type },
    };
    return new TextEncoder().encode(JSON.stringify(completion));
  }
}

function parsed(text: string): ConverseAnswer | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value as ConverseAnswer : undefined;
  } catch {
    return undefined;
  }
}

function messageFrom(content: readonly ReceivedBlock[], { toolNames }: ResponseContext): ReasoningMessage {
  let text = '';
  let reasoning = '';
  const details: ReasoningDetail[] = [];
  const calls: ChatCompletionMessageFunctionToolCall[] = [];
  for (const block of content) {
    text += block?.text ?? block?.citationsContent?.content?.map((part) => part.text ?? '').join('') ?? '';
    if (block?.reasoningContent) {
      reasoning += block.reasoningContent.reasoningText?.text ?? '';
      const detail = reasoningDetail(block.reasoningContent, details.length);
      if (detail) {
        details.push(detail);
      }
    }
    if (block?.toolUse && block.toolUse.type === undefined) {
      const { toolUseId = '', name = '', input } = block.toolUse;
      calls.push({ id: toolUseId, type: 'function', function: { name: toolNames.original(name), arguments: argumentsFrom(input) } });
    }
  }
  return {
    role: 'assistant',
    content: text === '' && (calls.length > 0 || reasoning !== '') ? null : text,
    refusal: null,
    ...reasoning !== '' && { reasoning_content: reasoning },
    ...details.length > 0 && { reasoning_details: details },
    ...calls.length > 0 && { tool_calls: calls },
  };
}

/** A tool without arguments has an empty object, in whatever way the model left it out. */
function argumentsFrom(input: unknown): string {
  return input === undefined || input === null || input === '' ? '{}' : JSON.stringify(input);
}
