import { exceptionName } from './bedrock-exception';
import { ResponseFailure, UpstreamResponseHead } from '../translator';

const MAX_TEXT = 1000;

/** An answer that is no success: its status stays, `code` is the name of Bedrock's exception. */
export function bedrockFailure({ status, header }: UpstreamResponseHead, body: string): ResponseFailure {
  const json = parsed(body);
  // Bedrock writes `message`, IAM's denials `Message`; what is no JSON comes from something between us and Bedrock.
  const said = asText(json?.message) ?? asText(json?.Message) ?? (json ? undefined : plainText(body, header('content-type') ?? ''));
  const exception = header('x-amzn-errortype') ?? asText(json?.__type);
  return { status, code: exception ? exceptionName(exception) : null, message: said ?? `the provider answered ${status} without an error message` };
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value as Readonly<Record<string, unknown>> : undefined;
  } catch {
    return undefined;
  }
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function plainText(text: string, contentType: string): string | undefined {
  return /html|xml/i.test(contentType) || text.trimStart().startsWith('<') ? undefined : asText(text.trim().slice(0, MAX_TEXT));
}
