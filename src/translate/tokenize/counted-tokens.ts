import { COUNTED_TOKENS_PARAMETERS } from './parameters';
import { TokenizeAnswer } from './tokenize-request';
import { OutputSchemaName } from '../../resources/schema-name';
import { withinCapabilities } from '../catalog/stated-capabilities';
import { ChatTokenCounter } from '../openai/chat-token-counter';
import { openAiErrorBody } from '../openai/error-body';
import { Losses } from '../request/losses';
import { applyParameterPolicy } from '../request/parameter-policy';
import { RequestValue } from '../request/request-value';
import { RequestError } from '../request-error';
import { ResponseByStatus } from '../response-by-status';
import { Translator } from '../translator';
import { utf8Bytes } from '../utf8-bytes';
import { ConvertedAnswer, WholeResponse } from '../whole-response';

/** /tokenize on a provider that counts tokens and does not tell them. */
export function countedTokens(output: OutputSchemaName, counter: ChatTokenCounter, provider: string): Translator {
  return {
    input: 'OpenAI',
    output,
    endpoint: 'Tokenize',
    parameters: COUNTED_TOKENS_PARAMETERS,
    translate(body, context) {
      const losses = new Losses(context.unsupportedParameters, provider);
      const json = body.json();
      applyParameterPolicy(json, COUNTED_TOKENS_PARAMETERS, losses, 'no field of /tokenize');
      const { path, body: counted, setHeaders, removeHeaders } = counter.request(withinCapabilities(chatOf(json), context.lacks, losses), context, losses);
      return {
        method: 'POST',
        path,
        body: counted,
        setHeaders: setHeaders ?? [['content-type', 'application/json'], ['accept', 'application/json']],
        removeHeaders: removeHeaders ?? [],
        stream: false,
        dropped: losses.dropped,
        response: new ResponseByStatus(
          new WholeResponse((answer) => tokenizeAnswer(counter.count(answer as Readonly<Record<string, unknown>>)), openAiErrorBody), counter.errors(),
        ),
      };
    },
  };
}

function chatOf({ prompt, messages, tools }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const text = new RequestValue(prompt, 'prompt');
  if (messages !== undefined && messages !== null) {
    if (text.present) {
      throw text.invalid('\'messages\' are there as well; send one of the two');
    }
    return { messages, tools };
  }
  if (!text.present) {
    throw new RequestError(400, 'missing required parameter: send \'prompt\', a string, or \'messages\', those of a chat', 'missing_required_parameter', 'prompt');
  }
  if (text.string().trim() === '') {
    throw text.invalid('it must hold more than white space');
  }
  return { messages: [{ role: 'user', content: prompt }] };
}

/** `undefined`: no number. Nothing was generated, so there is no usage. */
function tokenizeAnswer(count: unknown): ConvertedAnswer | undefined {
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0) {
    return undefined;
  }
  const answer: TokenizeAnswer = { count, tokens: [], token_strs: null };
  return { bytes: utf8Bytes(JSON.stringify(answer)) };
}
