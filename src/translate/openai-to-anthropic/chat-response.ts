import type { ChatCompletion, ChatCompletionMessageFunctionToolCall } from 'openai/resources/chat/completions';
import { told } from './failed-answer';
import { finishReason, refusalText } from './finish-reason';
import { redactedDetail, thinkingDetail } from './reasoning-details';
import { members, ReceivedBlock, ReceivedMessage, textIn } from './received-message';
import { ResponseContext } from './response-context';
import { answeredTier } from './service-tier';
import { UrlCitation, urlCitations } from './url-citations';
import { hostedEventFailure } from '../anthropic/hosted-failure';
import { usageFromAnthropic } from '../anthropic/usage';
import { calledArguments, chatCompletion, ReasoningMessage, reasoningMessage } from '../openai/chat-completion';
import { ReasoningDetail } from '../openai/reasoning-detail';
import { ConvertedAnswer } from '../whole-response';

/** A whole message as a chat completion; `undefined`: it is none. */
export function chatAnswer(answer: unknown, context: ResponseContext): ConvertedAnswer | undefined {
  const { type, content, stop_reason: stopReason, stop_details: stopDetails, usage: counted } = members(answer) as ReceivedMessage;
  const usage = usageFromAnthropic(counted);
  if (type === 'error') {
    return { failure: told(hostedEventFailure(JSON.stringify(answer))) };
  }
  if (typeof stopReason !== 'string' || !Array.isArray(content)) {
    return undefined;
  }
  const message = messageFrom(content.map(members), refusalText(stopDetails), context);
  const tier = answeredTier(counted);
  const choice: ChatCompletion.Choice & { provider_finish_reason?: string } = {
    index: 0, message, logprobs: null, finish_reason: finishReason(stopReason, message.tool_calls !== undefined), provider_finish_reason: stopReason,
  };
  return { json: chatCompletion(context.head, [choice], usage, tier), usage };
}

function messageFrom(content: readonly ReceivedBlock[], refusal: string | null, { toolNames }: ResponseContext): ReasoningMessage {
  let text = '';
  let reasoning = '';
  const details: ReasoningDetail[] = [];
  const calls: ChatCompletionMessageFunctionToolCall[] = [];
  const annotations: UrlCitation[] = [];
  const keep = (detail: ReasoningDetail | undefined) => {
    if (detail) {
      details.push(detail);
    }
  };
  for (const block of content) {
    switch (block.type) {
      case 'text': {
        const start = text.length;
        text += textIn(block.text);
        urlCitations(block.citations, start, text.length).forEach((citation) => annotations.push(citation));
        break;
      }
      case 'thinking':
        reasoning += textIn(block.thinking);
        keep(thinkingDetail(textIn(block.thinking), block.signature, details.length));
        break;
      case 'redacted_thinking':
        keep(redactedDetail(block.data, details.length));
        break;
      case 'tool_use':
        calls.push({ id: textIn(block.id), type: 'function', function: { name: toolNames.original(textIn(block.name)), arguments: calledArguments(block.input) } });
        break;
      default:
        // What the host's own tools did, and what is not known yet, has no place in a completion.
        break;
    }
  }
  const message = reasoningMessage({ text, refusal, reasoning, details, calls });
  if (annotations.length > 0) {
    message.annotations = annotations;
  }
  return message;
}
