import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { ListenAddress } from '../runtime/listen-address';

/** `HOST:PORT`, IPv6 hosts in brackets. Throws `InvalidArgumentError`. */
export function listenAddress(value: string): ListenAddress {
  const found = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(value);
  const port = Number(found?.[3]);
  if (!found || port > 65_535) throw new InvalidArgumentError('write HOST:PORT, such as 127.0.0.1:8080');
  return { host: found[1] ?? found[2], port };
}

/**
 * One more `<namespace>/<name>/<key>=env:VARIABLE|file:PATH`; the value is read now. Throws a plain error: commander repeats the argument of an
 * `InvalidArgumentError`, and that may hold a secret that was put on the command line by mistake.
 */
export function collectSecret(value: string, known: ReadonlyMap<string, Buffer>): ReadonlyMap<string, Buffer> {
  const found = /^([^/=]+\/[^/=]+\/[^=]+)=(env|file):(.+)$/.exec(value);
  if (!found) throw new Error('option --secret: write NAMESPACE/NAME/KEY=env:VARIABLE or NAMESPACE/NAME/KEY=file:PATH; a secret itself never stands on a command line');
  const [, key, kind, from] = found;
  return new Map([...known, [key, kind === 'env' ? ofVariable(from) : ofFile(from)]]);
}

/** One more `<namespace>/<name>=URL`. Throws `InvalidArgumentError`. */
export function collectUpstream(value: string, known: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const found = /^([^/=]+\/[^/=]+)=(https?:\/\/[^/]+)\/?$/.exec(value);
  if (!found) throw new InvalidArgumentError('write NAMESPACE/NAME=http://HOST:PORT, with the LLMBackend\'s namespace and name and no path');
  return new Map([...known, [found[1], found[2]]]);
}

/** One more `name=value`, the name in lower case. Throws `InvalidArgumentError`. */
export function collectHeader(value: string, known: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const found = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)[=:]\s*(.*)$/.exec(value);
  if (!found) throw new InvalidArgumentError('write name=value, such as x-tenant=a');
  return new Map([...known, [found[1].toLowerCase(), found[2]]]);
}

/** Bytes from `50Mi`, `512Ki`, `1Gi` or a bare number. Throws `InvalidArgumentError`. */
export function byteCount(value: string): number {
  const found = /^(\d+)(Ki|Mi|Gi)?$/.exec(value);
  const bytes = Number(found?.[1]) * { '': 1, 'Ki': 1024, 'Mi': 1024 ** 2, 'Gi': 1024 ** 3 }[found?.[2] ?? '']!;
  if (!found || !Number.isSafeInteger(bytes) || bytes === 0) throw new InvalidArgumentError('write a number of bytes, such as 50Mi');
  return bytes;
}

/** Milliseconds from `30s`, `5m`, `500ms` or `1h`. Throws `InvalidArgumentError`. */
export function duration(value: string): number {
  const found = /^(\d{1,7})(ms|s|m|h)$/.exec(value);
  if (!found) throw new InvalidArgumentError('write a duration, such as 30s or 5m');
  return Number(found[1]) * { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }[found[2]]!;
}

function ofVariable(name: string): Buffer {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`option --secret: the environment variable ${name} is not set or empty`);
  return Buffer.from(value);
}

function ofFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Error(`option --secret: cannot read ${path} (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  }
}
