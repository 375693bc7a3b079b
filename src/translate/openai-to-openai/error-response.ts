import { concatBytes } from '../concat-bytes';
import { copyBytes } from '../copy-bytes';
import { openAiErrorBody } from '../openai/error-body';
import { ResponseFailure, ResponseHead, ResponseTranslator, UpstreamResponseHead } from '../translator';

/** A longer error is no error message. */
const MAX_BODY = 1024 * 1024;
const MAX_TEXT = 1000;

/**
 * An answer that is no success. One in OpenAI's shape passes as it is; anything else is put into that shape, with the original status and
 * what can be found of message, type, code and parameter.
 */
export class ErrorResponse implements ResponseTranslator {
  readonly usage = undefined;
  failure: ResponseFailure | undefined;
  private status = 502;
  private contentType = '';
  private readonly chunks: Uint8Array[] = [];
  private length = 0;

  head(response: UpstreamResponseHead): ResponseHead {
    this.status = response.status;
    this.contentType = response.header('content-type') ?? '';
    return {
      status: response.status,
      setHeaders: isJson(this.contentType) ? [] : [['content-type', 'application/json']],
      removeHeaders: [],
      bodyUnchanged: false,
    };
  }

  push(chunk: Uint8Array): Uint8Array {
    this.length += chunk.length;
    if (this.length <= MAX_BODY) {
      this.chunks.push(copyBytes(chunk));
    }
    return new Uint8Array(0);
  }

  end(): Uint8Array {
    const body = concatBytes(this.chunks);
    const text = this.length <= MAX_BODY ? new TextDecoder().decode(body) : '';
    const json = parsed(text);
    const detail = errorDetail(json);
    const plain = json === undefined && !/html|xml/i.test(this.contentType) && !text.trimStart().startsWith('<') ? text.trim().slice(0, MAX_TEXT) : '';
    const message = detail?.message ?? (plain || `the provider answered ${this.status} without an error message`);
    const code = detail?.code;
    this.failure = { status: this.status, code: code ?? null, message };
    return detail?.openAiShaped ? body : openAiErrorBody({ status: this.status, message, type: detail?.type, param: detail?.param, code });
  }

  fail(message: string): Uint8Array {
    this.failure = { status: this.status, code: 'upstream_broke_off', message };
    return openAiErrorBody(this.failure);
  }
}

function isJson(contentType: string): boolean {
  return /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(contentType.trim());
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface ErrorDetail {
  /** `{"error": {"message": ...}}`: OpenAI's clients understand it as it is. */
  readonly openAiShaped: boolean;
  readonly message?: string;
  readonly type?: string;
  readonly code?: string;
  readonly param?: string;
}

/**
 * The places where servers behind OpenAI's API put their words: `{"error": {...}}`, the same in an array (Google), `{"error": "..."}`
 * (Ollama, TGI), `{"object": "error", "message": ...}` (vLLM before 0.9), `{"detail": ...}` (FastAPI), `{"message": ...}` (proxies).
 */
function errorDetail(json: unknown): ErrorDetail | undefined {
  const outer = asObject(Array.isArray(json) ? json[0] : json);
  if (!outer) {
    return undefined;
  }
  const inner = asObject(outer.error) ?? outer;
  const message = asText(inner.message) ?? asText(outer.error) ?? asText(outer.message) ?? asText(outer.detail)
    ?? (outer.detail === undefined ? undefined : JSON.stringify(outer.detail).slice(0, MAX_TEXT));
  return {
    openAiShaped: !Array.isArray(json) && inner !== outer && asText(inner.message) !== undefined,
    message,
    type: asText(inner.type),
    code: typeof inner.code === 'number' ? String(inner.code) : asText(inner.code),
    param: asText(inner.param),
  };
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Readonly<Record<string, unknown>> : undefined;
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
