import { hash } from 'node:crypto';
import { HeaderPairs } from './credentials/header-pairs';
import { LimitKey } from '../resources/llm-route';
import { limitKeyHeader } from '../resources/object-meta';
import { RegexCompiler } from '../routing/http-route';
import { matcher } from '../routing/rule-table';
import { ClientError } from '../translate/input-dialect';

/** What becomes of a request by the keys of its route's limits: it is refused, or goes on with these headers. */
export interface LimitKeyHeaders {
  readonly refusal?: ClientError;
  readonly set: HeaderPairs;
  readonly remove: readonly string[];
}

export type LimitKeys = (model: string, header: (name: string) => string | undefined) => LimitKeyHeaders;

/** Hex digits of SHA-256: what two values do not share, and a person can work out. */
const DIGEST_LENGTH = 16;

/** Compiles `spec.limitKeys`, `undefined` where there are none; throws for an expression that is none. */
export function compileLimitKeys(keys: readonly LimitKey[] | undefined, compile: RegexCompiler): LimitKeys | undefined {
  if (keys === undefined || keys.length === 0) return undefined;
  const compiled = keys.map(({ header, claim, models }) => {
    const name = header.toLowerCase();
    const tests = models?.map((model) => matcher(model, compile));
    return { name, keyHeader: limitKeyHeader(name), refusal: refusal(name, claim), needed: (model: string) => tests === undefined || tests.some((test) => test(model)) };
  });
  return (model, header) => {
    const set: Array<readonly [name: string, value: string]> = [];
    const remove: string[] = [];
    for (const { name, keyHeader, refusal: missing, needed } of compiled) {
      const value = header(name)?.trim();
      if (value) set.push([keyHeader, limitKeyDigest(value)]);
      else if (needed(model)) return { refusal: missing, set: [], remove: [] };
      else remove.push(keyHeader);
    }
    return { set, remove };
  };
}

/** By what a value's budget is kept: neither the rate limit service's store nor a provider sees the value itself. */
export function limitKeyDigest(value: string): string {
  return hash('sha256', value).slice(0, DIGEST_LENGTH);
}

function refusal(header: string, claim: string | undefined): ClientError {
  return claim === undefined
    ? { status: 400, message: `the request needs the header ${header}: limits are counted by it`, code: 'missing_header' }
    : { status: 403, message: `the token of the request needs the claim ${claim}: limits are counted by it`, code: 'missing_claim' };
}
