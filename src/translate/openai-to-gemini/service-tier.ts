import type { ChatCompletion } from 'openai/resources/chat/completions';
import { GoogleCloud } from '../gemini/gemini-path';
import { GeminiBody, GeminiUsage } from '../gemini/gemini-wire';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

type AnsweredTier = NonNullable<ChatCompletion['service_tier']>;

export interface ServiceTier {
  readonly body: Pick<GeminiBody, 'serviceTier'>;
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>;
}

/**
 * `flex` and `priority`: a header for Vertex AI, a field for the Gemini API. `auto` and `default` are what both do unasked.
 * https://docs.cloud.google.com/vertex-ai/generative-ai/docs/flex-paygo, .../priority-paygo
 */
export function serviceTier(value: RequestValue, cloud: GoogleCloud, losses: Losses): ServiceTier {
  const tier = value.present ? value.oneOf(['auto', 'default', 'flex', 'scale', 'priority']) : 'auto';
  if (tier === 'scale') {
    losses.advisory(value.path, 'Google has no tier of this name; flex and priority are there');
  }
  if (tier !== 'flex' && tier !== 'priority') {
    return { body: {}, headers: [] };
  }
  return cloud ? { body: {}, headers: [['x-vertex-ai-llm-shared-request-type', tier]] } : { body: { serviceTier: tier }, headers: [] };
}

/** The tier that an answer names; `undefined`: one that OpenAI has no word for, or none. */
export function answeredTier(usage: GeminiUsage | undefined): AnsweredTier | undefined {
  switch (usage?.trafficType ?? usage?.serviceTier) {
    case 'ON_DEMAND':
    case 'standard':
      return 'default';
    case 'ON_DEMAND_FLEX':
    case 'flex':
      return 'flex';
    case 'ON_DEMAND_PRIORITY':
    case 'priority':
      return 'priority';
    default:
      return undefined;
  }
}
