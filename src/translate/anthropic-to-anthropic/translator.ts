import { COUNT_TOKENS_PARAMETERS, MESSAGES_PARAMETERS } from './parameters';
import { messagesRequest } from './request';
import { MessagesResponse } from './response';
import { ClaudeHost } from '../anthropic/hosted-target';
import { Translator } from '../translator';

const HOSTS: readonly ClaudeHost[] = ['Anthropic', 'AWSAnthropic', 'GCPAnthropic'];

/** Messages and the counting of their tokens, where Claude is served. */
export const ANTHROPIC_TO_ANTHROPIC: readonly Translator[] = HOSTS.flatMap((host) => [passThrough(host, false), passThrough(host, true)]);

/** Claude at any of its hosts, for clients of Anthropic's own API. */
function passThrough(output: ClaudeHost, countTokens: boolean): Translator {
  const parameters = (countTokens ? COUNT_TOKENS_PARAMETERS : MESSAGES_PARAMETERS)[output];
  return {
    input: 'Anthropic',
    output,
    endpoint: countTokens ? 'CountTokens' : 'Messages',
    parameters,
    translate(body, context) {
      const kind = { stream: !countTokens && body.stream, countTokens };
      const { target, body: changed, dropped } = messagesRequest(output, body, kind, parameters, context);
      return {
        method: 'POST',
        path: target.path,
        ...changed && { body: changed },
        setHeaders: target.setHeaders,
        removeHeaders: target.removeHeaders,
        stream: kind.stream,
        dropped,
        response: new MessagesResponse(output, kind),
      };
    },
  };
}
