import { readFileSync } from 'fs';
import { join } from 'path';
import { joinedBody, SentBody } from '../../src/translate/body-pieces';
import { concatBytes } from '../../src/translate/concat-bytes';
import { withLongTexts } from '../../src/translate/read-long-texts';
import { RequestError } from '../../src/translate/request-error';
import { readRequestBody } from '../../src/translate/scan-request-body';
import { Endpoint, Environment, ResponseFailure, ResponseHead, ResponseTranslator, TranslatedRequest, TranslationContext, Translator } from '../../src/translate/translator';
import { Usage } from '../../src/translate/usage';

/** What one replay of an answer left behind. */
export interface Replayed {
  readonly head: ResponseHead;
  readonly text: string;
  readonly usage: Usage | undefined;
  readonly failure: ResponseFailure | undefined;
}

export function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(join(__dirname, '..', 'fixtures', 'openai', name)));
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function textOf(bytes: SentBody): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(joinedBody(bytes));
}

const FIXED: Environment = { now: () => 1741569952000, id: (prefix) => `${prefix}1` };

/**
 * Translates a request with everything but its bytes at its default; and once more with every text of its prompt as the bytes that it came as, however
 * short it is, which must come to the same.
 */
export function translated(translator: Translator, request: unknown, context: Partial<TranslationContext> = {}): TranslatedRequest {
  const body = readRequestBody(typeof request === 'string' ? bytesOf(request) : bytesOf(JSON.stringify(request)));
  const whole: TranslationContext = {
    endpoint: translator.endpoint as Endpoint,
    requestedModel: body.model,
    upstreamModel: body.model,
    output: { schema: translator.output },
    unsupportedParameters: 'Safe',
    clientHeader: () => undefined,
    environment: FIXED,
    ...context,
  };
  const json = withLongTexts(body.bytes, '""'.length);
  if (json === undefined) {
    return translator.translate(body, whole);
  }
  const { bytes, model, stream } = body;
  const keeping = { bytes, model, stream, json: () => json as Readonly<Record<string, unknown>> };
  const made = outcomeOf(() => translator.translate(body, whole));
  // Ids may be counted.
  expect(summaryOf(outcomeOf(() => translator.translate(keeping, { ...whole, environment: FIXED })))).toEqual(summaryOf(made));
  if (made instanceof RequestError) {
    throw made;
  }
  return made;
}

function outcomeOf(translate: () => TranslatedRequest): TranslatedRequest | RequestError {
  try {
    return translate();
  } catch (error) {
    if (error instanceof RequestError) {
      return error;
    }
    throw error;
  }
}

function summaryOf(outcome: TranslatedRequest | RequestError): object {
  if (outcome instanceof RequestError) {
    return { status: outcome.status, message: outcome.message };
  }
  const { body, response: _, ...rest } = outcome;
  // Escapes may be other ones.
  return { ...rest, body: body && JSON.parse(textOf(body)) as unknown };
}

/** What the client is told to change; none when the request is translated. */
export function refusalIfAny(translate: () => unknown): RequestError | undefined {
  try {
    translate();
    return undefined;
  } catch (error) {
    if (error instanceof RequestError) {
      return error;
    }
    throw error;
  }
}

export function refusalOf(translate: () => unknown): RequestError {
  const refusal = refusalIfAny(translate);
  if (refusal) {
    return refusal;
  }
  throw new Error('the request was not refused');
}

/** Drives an answer through a response translator in these chunks; `broken`: the upstream breaks off after them. */
export function replay(
  response: ResponseTranslator, status: number, headers: Readonly<Record<string, string>>, chunks: readonly Uint8Array[], broken?: string,
): Replayed {
  const head = response.head({ status, header: (name) => headers[name] });
  const parts = chunks.map((chunk): Uint8Array => {
    // Its owner uses the buffer again as soon as the output is written. A Buffer, as servers have them: its slice() is no copy.
    const lent = Buffer.from(chunk);
    const output = new Uint8Array(response.push(lent));
    lent.fill(0);
    return output;
  });
  parts.push(broken === undefined ? response.end() : response.fail(broken));
  return { head, text: textOf(concatBytes(parts)), usage: response.usage, failure: response.failure };
}

/** The bytes whole, then cut in two at every offset, then one by one. */
export function* everySplit(bytes: Uint8Array): Generator<readonly Uint8Array[]> {
  yield [bytes];
  for (let cut = 0; cut <= bytes.length; cut++) {
    yield [bytes.subarray(0, cut), bytes.subarray(cut)];
  }
  yield Array.from(bytes, (_, offset) => bytes.subarray(offset, offset + 1));
}

/** The cuts of `everySplit` after which something else came out. Compared as text: a matcher's own work a split adds up. */
export function differingSplits(bytes: Uint8Array, answer: (chunks: readonly Uint8Array[]) => Replayed): Array<readonly Uint8Array[]> {
  const outcome = (chunks: readonly Uint8Array[]) => {
    const { text, ...rest } = answer(chunks);
    return text + JSON.stringify(rest);
  };
  const whole = outcome([bytes]);
  return [...everySplit(bytes)].filter((chunks) => outcome(chunks) !== whole);
}

/** The answer as an official client reads it, sent through the translator 7 bytes at a time. `kept`: headers of the provider's that stay. */
export function answerThrough(
  { response }: TranslatedRequest, status: number, headers: Readonly<Record<string, string>>, answer: Uint8Array, kept: Readonly<Record<string, string>> = {},
): Response {
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
  const out = new Headers(kept);
  head.setHeaders.forEach(([name, value]) => out.set(name, value));
  return new Response(body, { status: head.status, headers: out });
}
