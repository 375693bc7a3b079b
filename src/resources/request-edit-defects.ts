import { isIdentityHeader } from './client-identity';
import { BodyEdits, HeaderEdits } from './llm-backend';

/** One edit that may not be made, with its place inside the rule. */
export interface EditDefect {
  readonly path: string;
  readonly message: string;
}

/** Headers of the connection, of the message's form, and those that the gateway goes by. */
const MESSAGE_HEADERS: ReadonlySet<string> = new Set([
  'host', 'connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'expect', 'content-length', 'content-type', 'content-encoding', 'accept-encoding',
]);
const CREDENTIAL_HEADERS: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'x-api-key', 'api-key', 'x-goog-api-key', 'x-amz-security-token', 'cookie']);
const OWN_PREFIXES = ['x-ai-gateway-', 'x-envoy-', 'x-forwarded-'];
/** Fields that routing and translation have gone by already. */
const READ_FIELDS: ReadonlyMap<string, string> = new Map([
  ['model', 'the name that a backend gets is the `model` of its backendRef'],
  ['stream', 'the client waits for what it asked for'],
]);

/** Headers that carry a credential, which only an LLMBackend's `credential` may set. */
export function isCredentialHeader(name: string): boolean {
  return CREDENTIAL_HEADERS.has(name.toLowerCase());
}

/** Edits of a rule that would break the request or carry a credential. */
export function requestEditDefects(headers: HeaderEdits | undefined, body: BodyEdits | undefined): EditDefect[] {
  return [
    ...(headers?.set ?? []).flatMap(({ name, value }, index) => [...headerDefects(name, `requestHeaders.set[${index}].name`), ...valueDefects(value, `requestHeaders.set[${index}].value`)]),
    ...(headers?.remove ?? []).flatMap((name, index) => headerDefects(name, `requestHeaders.remove[${index}]`)),
    ...(body?.set ?? []).flatMap(({ path, value }, index) => [...fieldDefects(path, `requestBody.set[${index}].path`), ...jsonDefects(value, `requestBody.set[${index}].value`)]),
    ...(body?.remove ?? []).flatMap((path, index) => fieldDefects(path, `requestBody.remove[${index}]`)),
  ];
}

function headerDefects(name: string, path: string): EditDefect[] {
  const lower = name.toLowerCase();
  if (MESSAGE_HEADERS.has(lower)) return [{ path, message: `${JSON.stringify(name)} belongs to the connection or to the form of the body, which the gateway sees to; remove this edit` }];
  if (isCredentialHeader(lower)) return [{ path, message: `${JSON.stringify(name)} is for credentials: no client's goes upstream, and the backend's own is its LLMBackend's to say; remove this edit` }];
  if (isIdentityHeader(lower) || OWN_PREFIXES.some((prefix) => lower.startsWith(prefix))) return [{ path, message: `${JSON.stringify(name)} is the gateway's or Envoy's own; remove this edit` }];
  return [];
}

/** As Envoy and Node would refuse it with every request. */
function valueDefects(value: string, path: string): EditDefect[] {
  return /[^\t\x20-\x7e\x80-\xff]/.test(value) ? [{ path, message: 'must have no control characters and none beyond Latin-1' }] : [];
}

function fieldDefects(field: string, path: string): EditDefect[] {
  const reason = READ_FIELDS.get(field);
  if (reason !== undefined) return [{ path, message: `${JSON.stringify(field)} cannot be edited: ${reason}` }];
  return field.split('.').some((name) => name === '' || name === '__proto__') ? [{ path, message: `${JSON.stringify(field)} must be names with dots between them` }] : [];
}

function jsonDefects(value: string, path: string): EditDefect[] {
  try {
    JSON.parse(value);
    return [];
  } catch {
    return [{ path, message: 'must be JSON text; write a string with its quotes, as in \'"gateway"\'' }];
  }
}
