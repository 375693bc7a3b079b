import { hostedBody } from './hosted-body';
import { betasOf } from '../anthropic/betas';
import { ClaudeHost, HostedOptions, HostedTarget, hostedTarget } from '../anthropic/hosted-target';
import { SentBody } from '../body-pieces';
import { jsonBody } from '../json-bytes';
import { ParameterTable } from '../parameter-table';
import { Losses } from '../request/losses';
import { RequestBody } from '../request-body';
import { requestFields } from '../scan-request-body';
import { spliceBytes } from '../splice-bytes';
import { DroppedParameter, TranslationContext } from '../translator';

export interface HostedMessagesRequest {
  readonly target: HostedTarget;
  /** Absent: the client's own bytes. */
  readonly body?: SentBody;
  readonly dropped: readonly DroppedParameter[];
}

/** Parameters that clients send as headers, which only Anthropic itself reads. */
const HEADER_PARAMETERS = [['anthropic-user-profile-id', 'user_profile_id'], ['anthropic-workspace-id', 'workspace_id']] as const;
const CLOUD_NAMES: Readonly<Record<ClaudeHost, string>> = { Anthropic: 'Anthropic', AWSAnthropic: 'AWS Bedrock', GCPAnthropic: 'Google Vertex AI' };

/** The request of a Messages client as this host takes it, with as few bytes changed as can be. */
export function messagesRequest(
  host: ClaudeHost, body: RequestBody, kind: { readonly stream: boolean; readonly countTokens: boolean }, table: ParameterTable, context: TranslationContext,
): HostedMessagesRequest {
  const options: HostedOptions = {
    ...kind,
    model: context.upstreamModel,
    version: context.output.version,
    anthropicVersion: context.clientHeader('anthropic-version'),
    betas: betasOf(context.clientHeader('anthropic-beta')),
    gcp: context.gcp,
  };
  const target = hostedTarget(host, options);
  if (host === 'Anthropic') {
    return { target, body: renamed(body, context.upstreamModel), dropped: [] };
  }
  const losses = new Losses(context.unsupportedParameters, CLOUD_NAMES[host]);
  for (const [header, parameter] of HEADER_PARAMETERS) {
    if (context.clientHeader(header) !== undefined) {
      losses.advisory(parameter, table[parameter].note ?? header);
    }
  }
  const bytes = hostedBody(host, body, options, target, table, losses);
  return { target: { ...target, removeHeaders: [...target.removeHeaders, ...HEADER_PARAMETERS.map(([header]) => header)] }, body: bytes, dropped: losses.dropped };
}

/**
 * The client's own bytes but for the model's name. Where the scan does not know them (a member twice, an escape in its name) the body is
 * written anew from what JSON.parse read: left as it is, the provider could read another model than the one that was routed.
 */
function renamed(body: RequestBody, upstreamModel: string): SentBody | undefined {
  const fields = requestFields(body);
  if (!fields) {
    return jsonBody({ ...body.json(), model: upstreamModel });
  }
  return body.model === upstreamModel ? undefined : spliceBytes(body.bytes, [{ ...fields.model, text: JSON.stringify(upstreamModel) }]);
}
