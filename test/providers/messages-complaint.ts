import type { MessageCreateParams, MessageParam } from '@anthropic-ai/sdk/resources/messages';

type ClaudeHost = 'Anthropic' | 'AWSAnthropic' | 'GCPAnthropic';
/** In the API, though the client's newest types leave them out. */
type Sampling = 'temperature' | 'top_k' | 'top_p';
type HeaderField = 'user_profile_id' | 'workspace_id';

/** Which hosts take a field in the body. */
const ALL: readonly ClaudeHost[] = ['Anthropic', 'AWSAnthropic', 'GCPAnthropic'];
const OWN: readonly ClaudeHost[] = ['Anthropic'];
const FIELDS: Readonly<Record<Exclude<keyof MessageCreateParams, HeaderField> | Sampling, readonly ClaudeHost[]>> = {
  max_tokens: ALL,
  messages: ALL,
  cache_control: ALL,
  metadata: ALL,
  output_config: ALL,
  stop_sequences: ALL,
  system: ALL,
  temperature: ALL,
  thinking: ALL,
  tool_choice: ALL,
  tools: ALL,
  top_k: ALL,
  top_p: ALL,
  model: OWN,
  stream: ['Anthropic', 'GCPAnthropic'],
  container: OWN,
  diagnostics: OWN,
  inference_geo: OWN,
  service_tier: OWN,
  speed: OWN,
};
/** Those of the betas that clients send. */
const BETA_FIELDS: readonly string[] = ['context_management', 'mcp_servers'];
const CLOUD_FIELDS: readonly string[] = ['anthropic_version', 'anthropic_beta'];
const COUNTED: readonly string[] = ['model', 'messages', 'cache_control', 'output_config', 'speed', 'system', 'thinking', 'tool_choice', 'tools'];

/** What the host would refuse a Messages body for, in Anthropic's manner; `undefined`: nothing. */
export function messagesComplaint(body: unknown, host: ClaudeHost, count = false): string | undefined {
  if (!isObject(body)) return 'the body must be an object';
  const cloud = host !== 'Anthropic';
  for (const name of Object.keys(body)) {
    const hosts = Object.hasOwn(FIELDS, name) ? FIELDS[name as keyof typeof FIELDS] : BETA_FIELDS.includes(name) ? ALL : [];
    const counted = !count || host === 'AWSAnthropic' || COUNTED.includes(name);
    const vertexCountModel = count && host === 'GCPAnthropic' && name === 'model';
    if (!(hosts.includes(host) && counted) && !vertexCountModel && !(cloud && CLOUD_FIELDS.includes(name))) return `${name}: Extra inputs are not permitted`;
  }
  if (host === 'AWSAnthropic' && body.anthropic_version !== 'bedrock-2023-05-31') return 'anthropic_version: Field required';
  if (host === 'GCPAnthropic' && body.anthropic_version !== 'vertex-2023-10-16') return 'anthropic_version: Field required';
  if (body.anthropic_beta !== undefined && !(isStrings(body.anthropic_beta) && body.anthropic_beta.length > 0)) return 'anthropic_beta: Input should be a valid list';
  const needsModel = host === 'Anthropic' || (host === 'GCPAnthropic' && count);
  if (needsModel && !isText(body.model)) return 'model: Field required';
  const needsLimit = !count || host === 'AWSAnthropic';
  if (needsLimit && !(Number.isInteger(body.max_tokens) && (body.max_tokens as number) >= 1)) return 'max_tokens: Field required';
  if (body.stream !== undefined && typeof body.stream !== 'boolean') return 'stream: Input should be a valid boolean';
  return messagesFault(body.messages) ?? thinkingFault(body, needsLimit);
}

const ROLES: readonly unknown[] = ['user', 'assistant', 'system'] satisfies ReadonlyArray<MessageParam['role']>;

function messagesFault(messages: unknown): string | undefined {
  if (!Array.isArray(messages) || messages.length === 0) return 'messages: Field required';
  for (const [index, message] of messages.entries()) {
    if (!isObject(message) || !ROLES.includes(message.role)) return `messages.${index}.role: Input should be 'user' or 'assistant'`;
    const { content } = message;
    if (typeof content !== 'string' && !(Array.isArray(content) && content.every((block) => isObject(block) && isText(block.type)))) {
      return `messages.${index}.content: Input should be a valid string or list`;
    }
  }
  return undefined;
}

function thinkingFault({ thinking, max_tokens: limit }: Readonly<Record<string, unknown>>, limited: boolean): string | undefined {
  if (!isObject(thinking) || thinking.type !== 'enabled') return undefined;
  const budget = thinking.budget_tokens as number;
  if (!(Number.isInteger(budget) && budget >= 1024)) return 'thinking.enabled.budget_tokens: Input should be greater than or equal to 1024';
  return limited && budget >= (limit as number) ? '`max_tokens` must be greater than `thinking.budget_tokens`' : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText);
}
