import { AnswerContext } from './answer-reader';
import { ChatTarget } from './chat-target';
import { ANTHROPIC_HEADERS, loseHeaders } from './client-headers';
import { throughParameters } from './parameters';
import { ChatRequestWriter } from './request';
import { MessagesResponse } from './response';
import { inClientWords, withoutOverflow } from './translation-errors';
import { calledModel } from '../catalog/called-model';
import { withinCapabilities } from '../catalog/stated-capabilities';
import { chatContext, KeptChat } from '../openai/chat-sink';
import { allDropped, Losses } from '../request/losses';
import { RestrictedNames } from '../request/restricted-names';
import { TranslationContext, Translator } from '../translator';
import { UnwrittenBody } from '../unwritten-body';

/** A Messages translator for whatever `chat` translates chat completions for. */
export function throughChat(chat: Translator, target: ChatTarget): Translator {
  const writer = new ChatRequestWriter(target);
  return {
    input: 'Anthropic',
    output: chat.output,
    endpoint: 'Messages',
    parameters: throughParameters(writer.parameters, chat.parameters),
    translate(body, context) {
      return withoutOverflow(() => {
        const losses = new Losses(context.unsupportedParameters, target.provider);
        loseHeaders(context, writer.parameters, losses);
        const { body: converted, toolNames, paths } = writer.write(body.json(), calledModel(context), losses, { stream: body.stream });
        // A chat that passes as it is from here on was translated all the same.
        const lacked = new Losses(context.unsupportedParameters, target.provider);
        const sent = inClientWords(paths, () => withinCapabilities(converted, context.lacks, lacked));
        const request = new UnwrittenBody(sent, context.upstreamModel, body.stream);
        const kept = new KeptChat();
        const translated = inClientWords(paths, () => chat.translate(request, chatContext(context, kept, undefined)));
        return {
          method: translated.method,
          path: translated.path,
          body: translated.body ?? request.bytes,
          setHeaders: translated.setHeaders,
          removeHeaders: [...translated.removeHeaders, ...ANTHROPIC_HEADERS],
          stream: translated.stream,
          dropped: allDropped(losses.dropped, [...lacked.dropped, ...translated.dropped].map((dropped) => paths.dropped(dropped))),
          response: new MessagesResponse(translated.response, kept, translated.stream, answerContext(context, toolNames)),
        };
      });
    },
  };
}

function answerContext({ environment, requestedModel }: TranslationContext, toolNames: RestrictedNames): AnswerContext {
  return { id: environment.id('msg_'), model: requestedModel, toolNames, newToolId: () => environment.id('toolu_') };
}
