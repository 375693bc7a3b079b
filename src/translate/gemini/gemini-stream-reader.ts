import { geminiError } from './gemini-error';
import { GeminiAnswer } from './gemini-wire';
import { readJson } from '../exact-json';
import { brokenAnswer } from '../response-failure';
import { SseDecoder } from '../sse/sse-decoder';
import { SseEvent } from '../sse/sse-event';
import { ResponseFailure } from '../translator';

/** One event of streamGenerateContent: a piece of the answer, or what ended it. */
export type GeminiStreamEvent = { readonly answer: GeminiAnswer; readonly failure?: undefined } | { readonly failure: ResponseFailure };

/** Reads `streamGenerateContent?alt=sse`, whose events are answers with a piece of the content each. No event says that it is the last one. */
export class GeminiStreamReader {
  private readonly decoder = new SseDecoder();

  push(chunk: Uint8Array): GeminiStreamEvent[] {
    return this.decoder.push(chunk).map(read);
  }

  end(): GeminiStreamEvent[] {
    return this.decoder.end().map(read);
  }
}

function read({ data }: SseEvent): GeminiStreamEvent {
  let json: unknown;
  try {
    json = readJson(data);
  } catch {
    json = undefined;
  }
  const error = geminiError(json);
  if (error) {
    return { failure: { status: error.status ?? 502, code: error.code, message: error.message ?? 'the provider ended the stream with an error and no message' } };
  }
  return typeof json === 'object' && json !== null && !Array.isArray(json)
    ? { answer: json } : { failure: brokenAnswer('an event of the provider\'s stream holds no JSON object') };
}
