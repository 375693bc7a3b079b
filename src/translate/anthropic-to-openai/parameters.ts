import type { MessageCreateParams as BetaMessageCreateParams } from '@anthropic-ai/sdk/resources/beta/messages/messages';
import type { MessageCountTokensParams, MessageCreateParams } from '@anthropic-ai/sdk/resources/messages';
import { ChatTarget } from './chat-target';
import { ParameterRule, ParameterTable } from '../parameter-table';

/** Fields that the current client no longer declares, but older ones send and the API takes. */
type OlderField = 'temperature' | 'top_p' | 'top_k';
type BetaField = Exclude<keyof BetaMessageCreateParams, keyof MessageCreateParams>;

const mapped = (to: string, note?: string): ParameterRule => ({ treatment: 'mapped', to, ...note !== undefined && { note } });
const mappedWithLoss = (to: string, note: string): ParameterRule => ({ treatment: 'mappedWithLoss', to, note });
const advisory = (note: string, ...harmless: unknown[]): ParameterRule => ({ treatment: 'advisory', note, harmless: (value) => harmless.includes(value) });
const semantic = (note: string, ...harmless: unknown[]): ParameterRule => ({ treatment: 'semantic', note, harmless: (value) => harmless.includes(value) });
const ACCOUNT = 'it concerns accounts with Anthropic only';

/** What becomes of every field of a Messages request in a chat completion; `to` names fields of the latter. */
export function messagesParameters(target: ChatTarget): ParameterTable {
  const rules: Readonly<Record<keyof MessageCreateParams | OlderField, ParameterRule>> = {
    messages: mappedWithLoss('messages',
      'results of tools come first in a turn, as tool messages; is_error is told by the text where the model takes no status; documents of text and search results are sent as text; '
      + 'thinking goes back only to a model that wrote it; citations, and blocks of tools that Anthropic runs itself, have no counterpart'
      + (target.prefill ? '' : '; an assistant message at the end is not gone on with')),
    system: mapped('messages', 'the first message'),
    model: mapped('model', 'the target\'s own model name, where the route gives one'),
    stream: mapped('stream'),
    max_tokens: mapped('max_completion_tokens', 'max_tokens for models that are not OpenAI\'s'),
    stop_sequences: mapped('stop', 'which of them ended the answer is told only where the provider says so'),
    temperature: mapped('temperature'),
    top_p: mapped('top_p'),
    thinking: mappedWithLoss('reasoning_effort',
      'a budget becomes low below 4096 tokens, medium below 16384, high above; adaptive: output_config.effort, or else high; '
      + 'efforts that a model does not know become the nearest one' + (target.ownThinking ? `; ${target.ownThinking.note}` : '')),
    output_config: mappedWithLoss('reasoning_effort, response_format',
      'effort is sent where thinking is not disabled; format with strict where the schema allows it'),
    tools: mappedWithLoss('tools', 'tools of one\'s own only; names above 64 characters are changed on the way and restored in the answer'
      + (target.checksSchemas ? '; strict where the schema requires all of its properties' : '')),
    tool_choice: mapped('tool_choice, parallel_tool_calls'),
    metadata: mappedWithLoss('user', 'user_id; above 64 characters its SHA-256'),
    service_tier: mappedWithLoss('service_tier', 'standard_only is sent as default; auto is what providers do unasked'),
    cache_control: target.cacheControl ? mapped('messages', 'the mark stands on the last message') : advisory(`${target.provider} caches prompts by itself, if at all`),
    top_k: target.topK ? mappedWithLoss(target.topK.to, target.topK.note) : advisory('OpenAI\'s API has no such sampler'),
    container: semantic('containers are Anthropic\'s own'),
    inference_geo: semantic('the route decides where the model runs'),
    speed: advisory('the provider has one speed only', 'standard'),
    diagnostics: advisory('diagnostics are of Anthropic\'s own cache'),
    user_profile_id: advisory(`header anthropic-user-profile-id: ${ACCOUNT}`),
    workspace_id: advisory(`header anthropic-workspace-id: ${ACCOUNT}`),
  };
  const beta: Readonly<Record<BetaField, ParameterRule>> = {
    output_format: mappedWithLoss('response_format', 'as output_config.format, which wins'),
    mcp_servers: { ...semantic('the provider calls no MCP servers'), harmless: isEmptyList },
    context_management: semantic('the provider does not edit the context'),
    compaction: semantic('the provider does not compact the context'),
    thread: semantic('threads are kept by Anthropic'),
    fallbacks: advisory('the route has failover of its own'),
    fallback_credit_token: advisory('it concerns Anthropic\'s billing only'),
    billing_policy: advisory('it concerns Anthropic\'s billing only'),
    betas: advisory('clients send it as header anthropic-beta, which is not sent on: features of Anthropic\'s own'),
  };
  return { ...rules, ...beta };
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** Of those, the fields that a request to count tokens has. */
export function countTokensParameters(target: ChatTarget): ParameterTable {
  const table = messagesParameters(target);
  const fields: Readonly<Record<keyof MessageCountTokensParams, true>> = {
    messages: true,
    model: true,
    cache_control: true,
    output_config: true,
    speed: true,
    system: true,
    thinking: true,
    tool_choice: true,
    tools: true,
    user_profile_id: true,
    workspace_id: true,
  };
  return Object.fromEntries(Object.keys(fields).map((name) => [name, table[name]]));
}

/** From best to worst. */
const TREATMENTS: ReadonlyArray<ParameterRule['treatment']> = ['mapped', 'mappedWithLoss', 'advisory', 'semantic'];

/** The meet of two tables: what becomes of a Messages field where the chat completion is itself translated. */
export function throughParameters(outer: ParameterTable, chat: ParameterTable): ParameterTable {
  return Object.fromEntries(Object.entries(outer).map(([name, rule]) => [name, throughRule(rule, chat)]));
}

function throughRule(rule: ParameterRule, chat: ParameterTable): ParameterRule {
  if (rule.to === undefined) {
    return rule;
  }
  const inner = rule.to.split(', ').map((field) => chat[field]).filter((found) => found !== undefined);
  if (inner.length === 0) {
    return rule;
  }
  const mappedOn = inner.filter(({ to }) => to !== undefined);
  const notes = [...new Set([rule.note, ...inner.map(({ note }) => note)].filter((note) => note !== undefined))];
  // A field that becomes two of which one is lost is mapped with a loss.
  const treatments = [rule.treatment, ...mappedOn.map(({ treatment }) => treatment), ...mappedOn.length > 0 && mappedOn.length < inner.length ? ['mappedWithLoss' as const] : []];
  const worst = mappedOn.length === 0 ? inner.map(({ treatment }) => treatment) : treatments;
  const treatment = TREATMENTS[Math.max(...worst.map((one) => TREATMENTS.indexOf(one)))];
  const to = [...new Set(mappedOn.flatMap((one) => (one.to ?? '').split(', ')))].join(', ');
  return { treatment, ...to !== '' && { to }, ...notes.length > 0 && { note: notes.join('; ') } };
}
