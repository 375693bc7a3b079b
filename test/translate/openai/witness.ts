import OpenAI from 'openai';
import { readRequestBody } from '../../../src/translate/scan-request-body';
import { TranslatedRequest } from '../../../src/translate/translator';
import { answerThrough, bytesOf } from '../replay';

export interface Witness<Body> {
  readonly client: OpenAI;
  /** What the provider was sent. */
  readonly bodies: Body[];
}

/** The official client, with a translator between it and this answer of a provider's, sent 7 bytes at a time. `bodyOf`: what the provider reads. */
export function witness<Body>(
  translate: (request: object) => TranslatedRequest, bodyOf: (request: TranslatedRequest) => Body,
  status: number, headers: Readonly<Record<string, string>>, answer: Uint8Array,
): Witness<Body> {
  const bodies: Body[] = [];
  const fetch = async (_url: unknown, init?: { body?: unknown }): Promise<Response> => {
    const request = translate(readRequestBody(bytesOf(String(init?.body))).json());
    bodies.push(bodyOf(request));
    return answerThrough(request, status, headers, answer);
  };
  return { client: new OpenAI({ apiKey: 'none', baseURL: 'http://gateway.test/v1', maxRetries: 0, fetch }), bodies };
}
