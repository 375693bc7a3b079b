import type { ChatCompletion, ChatCompletionMessage } from 'openai/resources/chat/completions';
import { AnsweredImage, answeredPart, SignedToolCall } from './candidate';
import { finishReason } from './finish-reason';
import { chatLogprobs } from './logprobs';
import { ResponseContext } from './response-context';
import { answeredTier } from './service-tier';
import { geminiError } from '../gemini/gemini-error';
import { usageFromGemini } from '../gemini/gemini-usage';
import { GeminiAnswer, GeminiCandidate } from '../gemini/gemini-wire';
import { ExtraContent } from '../gemini/thought-signature';
import { chatCompletion } from '../openai/chat-completion';
import { ResponseFailure } from '../translator';
import { ConvertedAnswer } from '../whole-response';

/** Fields beside OpenAI's own: what a model thought, the pictures that it made, and the signature that goes back with the message. */
type GeminiMessage = ChatCompletionMessage & Partial<ExtraContent> & { reasoning_content?: string; images?: AnsweredImage[]; tool_calls?: SignedToolCall[] };
type GeminiChoice = ChatCompletion.Choice & { provider_finish_reason?: string };

/** A whole answer of generateContent as a chat completion; `undefined`: it is none. */
export function chatAnswer(json: unknown, context: ResponseContext): ConvertedAnswer | undefined {
  const error = geminiError(json);
  if (error) {
    return { failure: { status: error.status ?? 502, code: error.code, message: error.message ?? 'the provider answered with an error and no message' } };
  }
  const answer = typeof json === 'object' && json !== null ? json as GeminiAnswer : {};
  const usage = usageFromGemini(answer.usageMetadata);
  const choices: GeminiChoice[] = [];
  for (const [position, candidate] of (answer.candidates ?? []).entries()) {
    const choice = chatChoice(candidate, position, context);
    if (choice === undefined || 'status' in choice) {
      return choice && { failure: choice, usage };
    }
    choices.push(choice);
  }
  const { blockReason, blockReasonMessage } = answer.promptFeedback ?? {};
  if (choices.length === 0 && typeof blockReason === 'string') {
    choices.push(blockedChoice(blockReason, blockReasonMessage));
  }
  const tier = answeredTier(answer.usageMetadata);
  return choices.length === 0 ? undefined : { json: chatCompletion(context.head, choices, usage, tier), usage };
}

/** `undefined`: the candidate has no reason to have ended. */
function chatChoice(candidate: GeminiCandidate, position: number, context: ResponseContext): GeminiChoice | ResponseFailure | undefined {
  if (typeof candidate.finishReason !== 'string') {
    return undefined;
  }
  const message = chatMessage(candidate, context);
  const reason = finishReason(candidate.finishReason, message.tool_calls !== undefined);
  return typeof reason !== 'string' ? reason : {
    index: candidate.index ?? position,
    message,
    logprobs: candidate.logprobsResult ? chatLogprobs(candidate.logprobsResult) : null,
    finish_reason: reason,
    provider_finish_reason: candidate.finishReason,
  };
}

function chatMessage({ content }: GeminiCandidate, context: ResponseContext): GeminiMessage {
  let text = '';
  let reasoning = '';
  let extra: ExtraContent | undefined;
  const images: AnsweredImage[] = [];
  const calls: SignedToolCall[] = [];
  for (const part of content?.parts ?? []) {
    const answered = answeredPart(part, context);
    switch (answered?.kind) {
      case 'content':
        text += answered.text;
        extra = answered.extra ?? extra;
        break;
      case 'reasoning':
        reasoning += answered.text;
        break;
      case 'image':
        images.push(answered.image);
        extra = answered.extra ?? extra;
        break;
      case 'call':
        calls.push(answered.call);
        break;
    }
  }
  return {
    role: 'assistant',
    content: text === '' && (calls.length > 0 || reasoning !== '' || images.length > 0) ? null : text,
    refusal: null,
    ...reasoning !== '' && { reasoning_content: reasoning },
    ...images.length > 0 && { images },
    ...calls.length > 0 && { tool_calls: calls },
    ...extra,
  };
}

/** Google did not let the prompt through. */
function blockedChoice(blockReason: string, message: string | undefined): GeminiChoice {
  return {
    index: 0,
    message: { role: 'assistant', content: null, refusal: message ?? null },
    logprobs: null,
    finish_reason: 'content_filter',
    provider_finish_reason: blockReason,
  };
}
