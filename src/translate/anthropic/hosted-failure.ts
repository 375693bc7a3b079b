import { anthropicErrorStatus } from './error-body';
import { exceptionName } from '../bedrock/bedrock-exception';
import { SseDecoder } from '../sse/sse-decoder';
import { ResponseFailure, UpstreamResponseHead } from '../translator';

/** A failure that one of Claude's hosts told. `code` is its own word: Anthropic's error type, AWS's exception, Google's status. */
export interface HostedFailure extends ResponseFailure {
  /** Anthropic's error type, where the host said it. */
  readonly type?: string;
  /** By which the host finds the request in its logs. */
  readonly requestId?: string;
}

const MAX_TEXT = 1000;

/** An answer that is no success, whoever wrote it: Anthropic, AWS, Google, a proxy between. */
export function hostedFailure(head: UpstreamResponseHead, body: Uint8Array): HostedFailure {
  const { status } = head;
  const exception = head.header('x-amzn-errortype');
  const text = new TextDecoder().decode(body);
  const json = parsed(text);
  const told = toldIn(json ?? eventData(body));
  const code = told.type ?? (exception === undefined ? told.code : exceptionName(exception)) ?? null;
  const requestId = told.requestId ?? head.header('request-id') ?? head.header('x-amzn-requestid');
  return {
    status,
    code,
    message: told.message ?? (json === undefined ? plainText(text, head.header('content-type') ?? '') : undefined) ?? `the provider answered ${status} without an error message`,
    ...told.type !== undefined && { type: told.type },
    ...requestId !== undefined && { requestId },
  };
}

/** The error event of a stream that had begun with 200. */
export function hostedEventFailure(data: string): HostedFailure {
  const json = parsed(data);
  const told = toldIn(json);
  const message = told.message ?? (json === undefined ? plainText(data, '') : undefined) ?? 'the provider sent an error inside the stream';
  const status = told.type !== undefined ? anthropicErrorStatus(told.type) : told.status ?? 502;
  return {
    status,
    code: told.type ?? told.code ?? null,
    message,
    ...told.type !== undefined && { type: told.type },
    ...told.requestId !== undefined && { requestId: told.requestId },
  };
}

interface Told {
  readonly message?: string;
  readonly type?: string;
  readonly code?: string;
  readonly status?: number;
  readonly requestId?: string;
}

/**
 * `{"type": "error", "error": {"type", "message"}}` (Anthropic), `{"error": {"code", "status", "message"}}` and the same in an array
 * (Google), `{"message"}`, `{"Message"}`, `{"__type"}` (AWS), `{"error": "..."}`, `{"detail": "..."}` (proxies).
 */
function toldIn(json: unknown): Told {
  const outer = asObject(Array.isArray(json) ? json[0] : json);
  if (!outer) {
    return {};
  }
  const error = asObject(outer.error);
  const exception = asText(outer.__type);
  const code = asText(error?.status) ?? asText(error?.code) ?? (exception === undefined ? undefined : exceptionName(exception));
  return {
    message: asText(error?.message) ?? asText(outer.error) ?? asText(outer.message) ?? asText(outer.Message) ?? asText(outer.detail),
    type: asText(error?.type),
    ...code !== undefined && { code },
    ...isErrorStatus(error?.code) && { status: error.code },
    requestId: asText(outer.request_id),
  };
}

function isErrorStatus(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 400 && value <= 599;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Vertex writes the error of a stream that did not begin as an event, whatever the status and the content type. */
function eventData(body: Uint8Array): unknown {
  const decoder = new SseDecoder();
  return [...decoder.push(body), ...decoder.end()].map(({ data }) => parsed(data)).find((json) => json !== undefined);
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Readonly<Record<string, unknown>> : undefined;
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function plainText(text: string, contentType: string): string | undefined {
  return /html|xml/i.test(contentType) || /^\s*[<{[]/.test(text) ? undefined : asText(text.trim().slice(0, MAX_TEXT));
}
