import OpenAI from 'openai';
import { readRequestBody } from '../../../src/translate/scan-request-body';
import { TranslatedRequest } from '../../../src/translate/translator';
import { bytesOf } from '../replay';

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
    const { response } = request;
    const head = response.head({ status, header: (name) => headers[name] });
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let offset = 0; offset < answer.length; offset += 7) {
          controller.enqueue(response.push(answer.slice(offset, offset + 7)));
        }
        controller.enqueue(response.end());
        controller.close();
      },
    });
    return new Response(body, { status: head.status, headers: new Headers(head.setHeaders.map(([name, value]): [string, string] => [name, value])) });
  };
  return { client: new OpenAI({ apiKey: 'none', baseURL: 'http://gateway.test/v1', maxRetries: 0, fetch }), bodies };
}
