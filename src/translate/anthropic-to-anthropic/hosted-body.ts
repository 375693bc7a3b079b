import { MESSAGES_PARAMETERS } from './parameters';
import { hostedRequest } from '../anthropic/hosted-request';
import { ClaudeHost, HostedOptions, HostedTarget } from '../anthropic/hosted-target';
import { SentBody } from '../body-pieces';
import { ParameterTable } from '../parameter-table';
import { Losses } from '../request/losses';
import { RequestBody } from '../request-body';
import { Splice, spliceBytes } from '../splice-bytes';
import { ByteRange, TopLevelScanner } from '../top-level-scanner';

const COMMA = 0x2c;

/** Members that go elsewhere or have to be looked at: where one of the latter is there, the bytes cannot be spliced. */
const scanner = new TopLevelScanner(['model', 'stream', 'anthropic_version', 'anthropic_beta', ...withoutCounterpart(MESSAGES_PARAMETERS.AWSAnthropic)]);

function withoutCounterpart(table: ParameterTable): readonly string[] {
  return Object.keys(table).filter((name) => table[name].treatment === 'advisory' || table[name].treatment === 'semantic');
}

/** The body for a cloud that serves Claude: the client's own bytes with other members in place of `model` and `stream`. */
export function hostedBody(
  host: Exclude<ClaudeHost, 'Anthropic'>, body: RequestBody, options: HostedOptions, target: HostedTarget, table: ParameterTable, losses: Losses,
): SentBody {
  if (host === 'AWSAnthropic' && options.countTokens) {
    return rewritten(host, body, options, table, losses);
  }
  const [model, stream, ...special] = scanner.scan(body.bytes) ?? [];
  if (!model || special.some((range) => range !== undefined)) {
    return rewritten(host, body, options, table, losses);
  }
  // Vertex takes `stream` where the client wrote it.
  const { stream: _, ...fields } = target.fields;
  const splices: Splice[] = [{ ...memberRange(body.bytes, 'model', model), text: JSON.stringify(fields).slice(1, -1) }];
  if (stream && host === 'AWSAnthropic') {
    splices.push({ ...withComma(body.bytes, memberRange(body.bytes, 'stream', stream)), text: '' });
  }
  return spliceBytes(body.bytes, splices);
}

function rewritten(host: ClaudeHost, body: RequestBody, options: HostedOptions, table: ParameterTable, losses: Losses): SentBody {
  const { model: _model, stream: _stream, anthropic_version: version, anthropic_beta: betas, ...rest } = body.json();
  const kept = Object.fromEntries(Object.entries(rest).filter(([name, value]) => isKept(name, value, table, losses)));
  // Clients of Bedrock's own API write betas into the body.
  const all = Array.isArray(betas) ? { ...options, betas: [...new Set([...options.betas, ...betas.filter((name) => typeof name === 'string')])] } : options;
  return hostedRequest(host, typeof version === 'string' && all.version === undefined ? { ...all, version } : all, kept).body;
}

/** What is in no table is the host's to know or to refuse: it speaks the same dialect. */
function isKept(name: string, value: unknown, table: ParameterTable, losses: Losses): boolean {
  const rule = Object.hasOwn(table, name) ? table[name] : undefined;
  if (rule?.treatment !== 'advisory' && rule?.treatment !== 'semantic') {
    return true;
  }
  if (value !== null && !rule.harmless?.(value)) {
    losses[rule.treatment](name, rule.note ?? 'there is no counterpart');
  }
  return false;
}

/** From the quote before the member's name to the end of its value. The scanner takes names without escapes only. */
function memberRange(bytes: Uint8Array, name: string, value: ByteRange): ByteRange {
  const colon = bytes.lastIndexOf(0x3a, value.start - 1);
  const closingQuote = bytes.lastIndexOf(0x22, colon);
  return { start: closingQuote - name.length - 1, end: value.end };
}

/** With the comma after it, or the one before it where it is the last: there always is another member. */
function withComma(bytes: Uint8Array, { start, end }: ByteRange): ByteRange {
  let next = end;
  while (isSpace(bytes[next])) {
    next += 1;
  }
  return bytes[next] === COMMA ? { start, end: next + 1 } : { start: bytes.lastIndexOf(COMMA, start), end };
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
