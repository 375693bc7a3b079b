import { backendManifest, configurationOf, routeManifest, secretManifest } from './configuration-of';
import { Configuration } from '../../src/runtime/configuration';
import { Answer, Exchange, Forward, RequestHead, ResponseHeadIn, ResponseHeadOut } from '../../src/runtime/exchange';
import { LlmEngine } from '../../src/runtime/llm-engine';
import { RequestRecord } from '../../src/runtime/request-record';
import { joinedBody, SentBody } from '../../src/translate/body-pieces';

/** The key that backend `openai` has; whoever sees it elsewhere has found a leak. */
export const OPENAI_KEY = 'sk-planted-openai';
const AWS_KEY = 'planted-aws-secret';
const AWS_FILE = `[default]\naws_access_key_id = AKIAPLANTED\naws_secret_access_key = ${AWS_KEY}\n`;

/** One LLMRoute, a rule for each way in which a request can go. */
export const CONFIGURATION = configurationOf([
  backendManifest('openai', 'OpenAI', 'credential: {apiKey: {secretRef: {name: openai, key: k}}}'),
  backendManifest('bedrock', 'AWSBedrock', 'credential: {aws: {region: us-east-1, secretRef: {name: aws, key: k}}}'),
  backendManifest('edited', 'OpenAI', `headers: {set: [{name: X-Team, value: a}, {name: authorization, value: Basic own}], remove: [X-Debug]},
    body: {set: [{path: user, value: '"gateway"'}], remove: [seed]}`),
  backendManifest('nokey', 'OpenAI', 'credential: {apiKey: {secretRef: {name: none, key: k}}}'),
  backendManifest('caller', 'OpenAI', 'credential: {fromRequestHeader: {name: x-per-request-key, required: true}}'),
  backendManifest('calleraws', 'AWSBedrock', 'credential: {aws: {region: us-east-1, secretRef: {name: aws, key: k}}, fromRequestHeader: {prefix: x-own-aws-}}'),
  secretManifest('openai', 'k', OPENAI_KEY),
  secretManifest('aws', 'k', AWS_FILE),
  routeManifest(`[
    {name: openai, models: [{value: gpt}], backendRefs: [{name: openai}]},
    {name: renamed, models: [{value: alias}], backendRefs: [{name: openai, model: a-much-longer-upstream-name}]},
    {name: bedrock, models: [{value: claude}], backendRefs: [{name: bedrock, model: anthropic.claude-v1}]},
    {name: strict, models: [{value: strict}], unsupportedParameters: Strict, backendRefs: [{name: bedrock, model: anthropic.claude-v1}]},
    {name: edited, models: [{value: edited}], backendRefs: [{name: edited}]},
    {name: nokey, models: [{value: nokey}], backendRefs: [{name: nokey}]},
    {name: caller, models: [{value: caller}], backendRefs: [{name: caller}]},
    {name: gone, models: [{value: gone}], backendRefs: [{name: gone}]},
    {name: many, models: [{type: Prefix, value: "any-"}], backendRefs: [{name: openai}]},
    {name: tenant, models: [{value: tenant}], headers: [{name: x-tenant, value: a}], backendRefs: [{name: openai}]}]`,
  ', costs: [{metadataKey: total, type: TotalToken}, {metadataKey: out, type: OutputToken}]'),
].join(''));

/** The head of a chat request on the route's HTTPRoute. */
export function headOf(more: Partial<RequestHead> = {}, headers: Readonly<Record<string, string>> = { 'content-type': 'application/json' }): RequestHead {
  return { method: 'POST', path: '/v1/chat/completions', authority: 'gateway.example', httpRoute: 'default/chat', endOfStream: false, header: (name) => headers[name], ...more };
}

/** One exchange, driven as its owners do, with what it reported. */
export class DrivenExchange {
  readonly records: RequestRecord[] = [];
  readonly faults: unknown[] = [];
  readonly exchange: Exchange;
  private clock = 1_000;

  constructor(configuration: Configuration = CONFIGURATION, bodyLimit?: number) {
    this.exchange = new LlmEngine({
      configuration: () => configuration,
      random: () => 0,
      now: () => (this.clock += 10),
      id: (prefix) => `${prefix}1`,
      onRecord: (record) => this.records.push(record),
      onFault: (error) => this.faults.push(error),
      ...(bodyLimit === undefined ? {} : { bodyLimit }),
    }).exchange();
  }

  /** The answer to a body, which must have been asked for. */
  async body(body: unknown, head: RequestHead = headOf()): Promise<Answer | Forward> {
    const need = await this.exchange.requestHead(head);
    if (need.kind !== 'needBody') return need;
    return this.exchange.requestBody(typeof body === 'string' || body instanceof Uint8Array ? Buffer.from(body) : Buffer.from(JSON.stringify(body)));
  }

  async forward(body: unknown, head?: RequestHead): Promise<Forward> {
    const next = await this.body(body, head);
    if (next.kind !== 'forward') throw new Error(`answered ${next.status}: ${Buffer.from(next.body).toString()}`);
    return next;
  }

  async answer(body: unknown, head?: RequestHead): Promise<Answer> {
    const next = await this.body(body, head);
    if (next.kind !== 'answer') throw new Error('it went upstream');
    return next;
  }

  head(status: number, headers: Readonly<Record<string, string>> = {}, more: Partial<ResponseHeadIn> = {}): ResponseHeadOut {
    return this.exchange.responseHead({ status, endOfStream: false, header: (name) => headers[name], ...more });
  }

  /** All bytes that the client gets for these chunks and the end. */
  bytes(...chunks: readonly Uint8Array[]): string {
    return text(Buffer.concat([...chunks.map((chunk) => Buffer.from(this.exchange.responseChunk(chunk).bytes)), this.exchange.responseEnd().bytes]));
  }

  close(outcome: 'completed' | 'aborted' = 'completed'): RequestRecord {
    this.exchange.close(outcome);
    expect(this.records).toHaveLength(1);
    return this.records[0];
  }
}

/** Bytes as text. */
export function text(body: SentBody | undefined): string {
  const bytes = body && joinedBody(body);
  return Buffer.from(bytes ?? []).toString('utf8');
}

/** The error in an answer of OpenAI's dialect. */
export function errorOf(
  answer: { readonly body?: Uint8Array; readonly replaceBody?: Uint8Array },
): { message: string; type: string; code: string | null; param: string | null } {
  return (JSON.parse(text(answer.body ?? answer.replaceBody)) as { error: { message: string; type: string; code: string | null; param: string | null } }).error;
}

/** A chat request. */
export function chat(model: string, more: object = {}): object {
  return { model, messages: [{ role: 'user', content: 'hi' }], ...more };
}
