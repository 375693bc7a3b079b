import Anthropic from '@anthropic-ai/sdk';
import { readRequestBody } from '../../../src/translate/scan-request-body';
import { TranslationContext, Translator } from '../../../src/translate/translator';
import { answerThrough, bytesOf, textOf, translated } from '../replay';

export interface Witness {
  readonly client: Anthropic;
  /** What the provider was sent. */
  readonly bodies: unknown[];
}

/** The official client, with the translator between it and this answer of a provider's, sent 7 bytes at a time. */
export function witness(
  translator: Translator, status: number, headers: Readonly<Record<string, string>>, answer: Uint8Array, context: Partial<TranslationContext> = {},
): Witness {
  const bodies: unknown[] = [];
  let ids = 0;
  const environment = { now: () => 1741569952000, id: (prefix: string) => `${prefix}${ids += 1}` };
  const fetch = async (_url: unknown, init?: { body?: unknown }): Promise<Response> => {
    const request = translated(translator, readRequestBody(bytesOf(String(init?.body))).json(), { environment, ...context });
    bodies.push(JSON.parse(textOf(request.body ?? new Uint8Array(0))));
    return answerThrough(request, status, headers, answer);
  };
  return { client: new Anthropic({ apiKey: 'none', baseURL: 'http://gateway.test', maxRetries: 0, fetch }), bodies };
}
