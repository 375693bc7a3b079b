import type { MessageTokensCount } from '@anthropic-ai/sdk/resources/messages';
import { ChatTarget } from './chat-target';
import { ANTHROPIC_HEADERS, loseHeaders } from './client-headers';
import { ErrorAnswer } from './error-answer';
import { countTokensParameters, throughParameters } from './parameters';
import { ChatRequestWriter } from './request';
import { inClientWords, withoutOverflow } from './translation-errors';
import { anthropicErrorBody } from '../anthropic/error-body';
import { calledModel } from '../catalog/called-model';
import { withinCapabilities } from '../catalog/stated-capabilities';
import { ChatTokenCounter } from '../openai/chat-token-counter';
import { allDropped, Losses } from '../request/losses';
import { ResponseByStatus } from '../response-by-status';
import { ResponseTranslator, Translator } from '../translator';
import { utf8Bytes } from '../utf8-bytes';
import { ConvertedAnswer, WholeResponse } from '../whole-response';

/** `count_tokens` of Anthropic's API, at a provider that counts what `chat` would send. */
export function countTokens(chat: Translator, counter: ChatTokenCounter, target: ChatTarget): Translator {
  const writer = new ChatRequestWriter(target, countTokensParameters(target));
  return {
    input: 'Anthropic',
    output: chat.output,
    endpoint: 'CountTokens',
    parameters: throughParameters(writer.parameters, chat.parameters),
    translate(body, context) {
      return withoutOverflow(() => {
        const losses = new Losses(context.unsupportedParameters, target.provider);
        loseHeaders(context, writer.parameters, losses);
        const { body: prompt, paths } = writer.write(body.json(), calledModel(context), losses);
        const inner = new Losses(context.unsupportedParameters, target.provider);
        const request = inClientWords(paths, () => counter.request(withinCapabilities(prompt, context.lacks, inner), context, inner));
        return {
          method: 'POST',
          path: request.path,
          body: request.body,
          setHeaders: [['content-type', 'application/json'], ['accept', 'application/json'], ...request.setHeaders ?? []],
          removeHeaders: [...ANTHROPIC_HEADERS, ...request.removeHeaders ?? []],
          stream: false,
          dropped: allDropped(losses.dropped, inner.dropped.map((dropped) => paths.dropped(dropped))),
          response: answer(counter),
        };
      });
    },
  };
}

/** Nothing was generated, so there is no usage. */
function answer(counter: ChatTokenCounter): ResponseTranslator {
  return new ResponseByStatus(new WholeResponse((json) => count(json, counter), anthropicErrorBody), new ErrorAnswer(counter.errors()));
}

/** `undefined`: it is no count. */
function count(json: unknown, counter: ChatTokenCounter): ConvertedAnswer | undefined {
  const tokens = typeof json === 'object' && json !== null ? counter.count(json as Readonly<Record<string, unknown>>) : undefined;
  if (typeof tokens !== 'number' || !Number.isSafeInteger(tokens) || tokens < 0) {
    return undefined;
  }
  const counted: MessageTokensCount = { input_tokens: tokens };
  return { bytes: utf8Bytes(JSON.stringify(counted)) };
}
