import { ClaudeHost, HostedOptions, hostedTarget } from './hosted-target';
import { SentBody } from '../body-pieces';
import { jsonBody, jsonText } from '../json-bytes';

export interface HostedRequest {
  readonly path: string;
  /** JSON. */
  readonly body: SentBody;
  readonly setHeaders: ReadonlyArray<readonly [name: string, value: string]>;
  readonly removeHeaders: readonly string[];
}

/** A Messages request, given without `model`, `stream` and `anthropic_version`, as one host of Claude takes it. */
export function hostedRequest(host: ClaudeHost, options: HostedOptions, body: object): HostedRequest {
  const { path, fields, setHeaders, removeHeaders } = hostedTarget(host, options);
  const whole = { ...fields, ...body };
  return { path, body: host === 'AWSAnthropic' && options.countTokens ? bedrockCount(whole) : jsonBody(whole), setHeaders, removeHeaders };
}

/**
 * CountTokens takes the whole body of an InvokeModel call, which has to have `max_tokens`, above the budget of thinking.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModelTokensRequest.html
 */
function bedrockCount(body: Readonly<Record<string, unknown>>): Uint8Array {
  const thinking = body.thinking as { readonly budget_tokens?: unknown } | null | undefined;
  const budget = typeof thinking?.budget_tokens === 'number' ? thinking.budget_tokens : 0;
  const base64 = Buffer.from(jsonText({ max_tokens: budget + 1, ...body })).toString('base64');
  // As it stands: there is nothing in base64 that JSON would escape, and to look for it takes as long as to write the body.
  return Buffer.from(`{"input":{"invokeModel":{"body":"${base64}"}}}`, 'latin1');
}
