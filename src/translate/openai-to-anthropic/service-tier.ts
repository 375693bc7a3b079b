import { ClaudeHost } from '../anthropic/hosted-target';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

export interface ServiceTier {
  readonly service_tier?: 'auto' | 'standard_only';
  readonly setHeaders: ReadonlyArray<readonly [name: string, value: string]>;
}

/** Bedrock's InvokeModel takes it as a header, https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html */
const BEDROCK_HEADER = 'x-amzn-bedrock-service-tier';
const UNASKED: ServiceTier = { setHeaders: [] };

/** `service_tier` where the host has tiers. `auto` is what each of them does unasked. https://platform.claude.com/docs/en/api/service-tiers */
export function serviceTier(host: ClaudeHost, value: RequestValue, losses: Losses): ServiceTier {
  const tier = value.present ? value.oneOf(['auto', 'default', 'flex', 'scale', 'priority']) : 'auto';
  if (tier === 'auto') {
    return UNASKED;
  }
  switch (host) {
    case 'Anthropic':
      return onAnthropic(tier, value, losses);
    case 'AWSAnthropic':
      if (tier === 'scale') {
        losses.advisory(value.path, 'Bedrock has no tier of this name; flex and priority are there');
      }
      return tier === 'flex' || tier === 'priority' ? { setHeaders: [[BEDROCK_HEADER, tier]] } : UNASKED;
    case 'GCPAnthropic':
      if (tier !== 'default') {
        losses.advisory(value.path, 'Vertex AI has no tiers');
      }
      return UNASKED;
  }
}

function onAnthropic(tier: 'default' | 'flex' | 'scale' | 'priority', value: RequestValue, losses: Losses): ServiceTier {
  switch (tier) {
    case 'default':
      return { service_tier: 'standard_only', setHeaders: [] };
    case 'priority':
      losses.changed(value.path, 'sent as auto: Anthropic gives priority where the organization has bought it');
      return { service_tier: 'auto', setHeaders: [] };
    default:
      losses.advisory(value.path, 'Anthropic has no tier of this name');
      return UNASKED;
  }
}

/** OpenAI's word for the tier that answered; `undefined`: it has none, or the host said nothing. */
export function answeredTier(usage: unknown): 'default' | 'priority' | undefined {
  const tier = typeof usage === 'object' && usage !== null ? (usage as { readonly service_tier?: unknown }).service_tier : undefined;
  return tier === 'standard' ? 'default' : tier === 'priority' ? 'priority' : undefined;
}
