import { ClientError } from '../input-dialect';
import { ResponseFailure, UpstreamResponseHead } from '../translator';
import { utf8Bytes } from '../utf8-bytes';

/** A longer error is no error message. */
const MAX_TEXT = 1000;

/** Cohere's error: `message`, and beside it what says more to a program. https://docs.cohere.com/reference/errors */
export function cohereErrorBody({ message, code, param }: ClientError): Uint8Array {
  return utf8Bytes(JSON.stringify({ message, ...code && { code }, ...param && { param } }));
}

/** An answer that is no success, from Cohere (`{"id", "message"}`), a server that imitates it, or a proxy between. */
export function cohereFailure({ status, header }: UpstreamResponseHead, body: string): ResponseFailure {
  const told = membersOf(parsed(body));
  const error = membersOf(told?.error);
  const message = asText(told?.message) ?? asText(error?.message) ?? asText(told?.error) ?? asText(told?.detail) ?? asText(told?.data)
    ?? (told ? undefined : plainText(body, header('content-type') ?? ''));
  return {
    status,
    code: asText(error?.code) ?? asText(told?.code) ?? null,
    message: message ?? `the provider answered ${status} without an error message`,
  };
}

/** Whether a client of Cohere's understands this body as it is. */
export function isCohereError(body: string): boolean {
  return asText(membersOf(parsed(body))?.message) !== undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Readonly<Record<string, unknown>> : undefined;
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function plainText(text: string, contentType: string): string | undefined {
  return /html|xml/i.test(contentType) || /^\s*[<{[]/.test(text) ? undefined : asText(text.trim().slice(0, MAX_TEXT));
}
