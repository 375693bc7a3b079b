import { ResponseFailure, UpstreamResponseHead } from '../translator';

const MAX_TEXT = 1000;

/** An error as Google words it: `code` is the name of its gRPC status, such as `RESOURCE_EXHAUSTED`. */
export interface GeminiError {
  /** HTTP status; absent: not told. */
  readonly status?: number;
  readonly code: string | null;
  readonly message?: string;
}

/**
 * The error in a body: `{"error": {...}}`, also inside an array, as streams that are no SSE have it, or OAuth's
 * `{"error": "...", "error_description": "..."}`. `undefined`: there is none. https://cloud.google.com/apis/design/errors
 */
export function geminiError(body: unknown): GeminiError | undefined {
  const [first] = Array.isArray(body) ? body as readonly unknown[] : [body];
  const { error, error_description: description } = members(first);
  if (typeof error === 'string') {
    return { code: error.slice(0, 100), message: text(description) };
  }
  if (typeof error !== 'object' || error === null) {
    return undefined;
  }
  const { code, status, message } = members(error);
  return {
    ...typeof code === 'number' && Number.isInteger(code) && code >= 400 && code <= 599 && { status: code },
    code: text(status) ?? null,
    message: text(message),
  };
}

/** An answer that is no success: its status stays. */
export function geminiFailure({ status, header }: UpstreamResponseHead, body: string): ResponseFailure {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    json = undefined;
  }
  const error = geminiError(json);
  const said = error?.message ?? (json === undefined ? plainText(body, header('content-type') ?? '') : undefined);
  return { status, code: error?.code ?? null, message: said ?? `the provider answered ${status} without an error message` };
}

/** What is no JSON comes from something between us and Google. */
function plainText(body: string, contentType: string): string | undefined {
  const plain = body.trim().slice(0, MAX_TEXT);
  return plain === '' || /html|xml/i.test(contentType) || plain.startsWith('<') ? undefined : plain;
}

function members(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? value as Readonly<Record<string, unknown>> : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}
