import type {
  MessageCountTokensParams as BetaMessageCountTokensParams, MessageCreateParams as BetaMessageCreateParams,
} from '@anthropic-ai/sdk/resources/beta/messages/messages';
import type { MessageCountTokensParams, MessageCreateParams } from '@anthropic-ai/sdk/resources/messages';
import { ClaudeHost } from '../anthropic/hosted-target';
import { ParameterRule, ParameterTable } from '../parameter-table';

/** In the API, though the client's newest types leave them out. */
type Sampling = 'temperature' | 'top_k' | 'top_p';
type MessageField = keyof MessageCreateParams | keyof BetaMessageCreateParams | Sampling;
type CountField = keyof MessageCountTokensParams | keyof BetaMessageCountTokensParams;

/** Goes to the host as it came; so do fields that are in no table, which are the host's to know or to refuse. */
function same<Name extends string>(...names: readonly Name[]): Record<Name, ParameterRule> {
  return Object.fromEntries(names.map((name): [Name, ParameterRule] => [name, { treatment: 'mapped', to: name }])) as Record<Name, ParameterRule>;
}

const mapped = (to: string, note: string): ParameterRule => ({ treatment: 'mapped', to, note });
const advisory = (note: string, ...harmless: unknown[]): ParameterRule => ({ treatment: 'advisory', note, harmless: (value) => harmless.includes(value) });
const semantic = (note: string): ParameterRule => ({ treatment: 'semantic', note });

const COMMON = [
  'max_tokens', 'messages', 'cache_control', 'metadata', 'output_config', 'stop_sequences', 'system', 'temperature', 'thinking', 'tool_choice', 'tools',
  'top_k', 'top_p',
  // Those of betas.
  'compaction', 'context_management', 'fallback_credit_token', 'fallbacks', 'mcp_servers', 'output_format', 'thread',
] as const;
const COUNT_COMMON = [
  'messages', 'cache_control', 'output_config', 'system', 'thinking', 'tool_choice', 'tools', 'compaction', 'context_management', 'mcp_servers', 'output_format',
] as const;
const OWN_NAME = 'the target\'s own model name, where the route gives one';

const anthropic: Readonly<Record<MessageField, ParameterRule>> = {
  ...same(...COMMON, 'billing_policy', 'container', 'diagnostics', 'inference_geo', 'service_tier', 'speed', 'stream'),
  model: mapped('model', OWN_NAME),
  user_profile_id: mapped('header anthropic-user-profile-id', 'where the clients send it'),
  workspace_id: mapped('header anthropic-workspace-id', 'where the clients send it'),
  betas: mapped('header anthropic-beta', 'where the clients send it'),
};

const anthropicCount: Readonly<Record<CountField, ParameterRule>> = {
  ...same(...COUNT_COMMON, 'billing_policy', 'speed'),
  model: mapped('model', OWN_NAME),
  user_profile_id: anthropic.user_profile_id,
  workspace_id: anthropic.workspace_id,
  betas: anthropic.betas,
};

/** What is of Anthropic's own platform. https://docs.anthropic.com/en/docs/build-with-claude/overview: features by platform. */
function ownPlatform(cloud: string): Readonly<Record<'billing_policy' | 'speed' | 'user_profile_id' | 'workspace_id', ParameterRule>> {
  return {
    billing_policy: advisory(`on ${cloud} the backend's account is billed`),
    speed: advisory(`${cloud} has no fast mode`, 'standard'),
    user_profile_id: advisory(`header anthropic-user-profile-id: ${cloud} knows no profiles of Anthropic's`),
    workspace_id: advisory(`header anthropic-workspace-id: ${cloud} knows no workspaces of Anthropic's`),
  };
}

function cloudMessages(cloud: string, model: ParameterRule, stream: ParameterRule, betas: ParameterRule): Readonly<Record<MessageField, ParameterRule>> {
  return {
    ...same(...COMMON),
    ...ownPlatform(cloud),
    model,
    stream,
    betas,
    diagnostics: advisory(`${cloud} has no diagnostics of the cache`),
    service_tier: advisory(`${cloud} has none of Anthropic's tiers; both values are what it does unasked`, 'auto', 'standard_only'),
    inference_geo: semantic(`on ${cloud} the backend's region, or the model's inference profile, says where inference runs`),
    container: semantic(`${cloud} has no containers`),
  };
}

function cloudCount(cloud: string, model: ParameterRule, betas: ParameterRule): Readonly<Record<CountField, ParameterRule>> {
  return { ...same(...COUNT_COMMON), ...ownPlatform(cloud), model, betas };
}

const BEDROCK_BETAS = mapped('anthropic_beta', 'clients send it as header anthropic-beta');
const VERTEX_BETAS = mapped('anthropic_beta, header anthropic-beta', 'clients send it as header anthropic-beta');
const IN_PATH = mapped('the path', OWN_NAME);

export const MESSAGES_PARAMETERS: Readonly<Record<ClaudeHost, ParameterTable>> = {
  Anthropic: anthropic,
  AWSAnthropic: cloudMessages('Amazon Bedrock', IN_PATH, mapped('the path', 'invoke-with-response-stream instead of invoke'), BEDROCK_BETAS),
  GCPAnthropic: cloudMessages('Vertex AI', IN_PATH, mapped('the path, stream', 'streamRawPredict instead of rawPredict'), VERTEX_BETAS),
};

export const COUNT_TOKENS_PARAMETERS: Readonly<Record<ClaudeHost, ParameterTable>> = {
  Anthropic: anthropicCount,
  AWSAnthropic: cloudCount(
    'Amazon Bedrock', mapped('the path', `${OWN_NAME}; without the prefix of an inference profile, for tokens are counted by the model itself`), BEDROCK_BETAS,
  ),
  GCPAnthropic: cloudCount('Vertex AI', mapped('model', OWN_NAME), VERTEX_BETAS),
};
