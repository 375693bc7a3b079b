import { ClaudeHost, HostedOptions, hostedTarget } from './hosted-target';

export interface HostedRequest {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly setHeaders: ReadonlyArray<readonly [name: string, value: string]>;
  readonly removeHeaders: readonly string[];
}

/** A Messages request, given without `model`, `stream` and `anthropic_version`, as one host of Claude takes it. */
export function hostedRequest(host: ClaudeHost, options: HostedOptions, body: Readonly<Record<string, unknown>>): HostedRequest {
  const { path, fields, setHeaders, removeHeaders } = hostedTarget(host, options);
  const whole = { ...fields, ...body };
  return { path, body: host === 'AWSAnthropic' && options.countTokens ? bedrockCount(whole) : whole, setHeaders, removeHeaders };
}

/**
 * CountTokens takes the whole body of an InvokeModel call, which has to have `max_tokens`, above the budget of thinking.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModelTokensRequest.html
 */
function bedrockCount(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const thinking = body.thinking as { readonly budget_tokens?: unknown } | null | undefined;
  const budget = typeof thinking?.budget_tokens === 'number' ? thinking.budget_tokens : 0;
  return { input: { invokeModel: { body: Buffer.from(JSON.stringify({ max_tokens: budget + 1, ...body })).toString('base64') } } };
}
