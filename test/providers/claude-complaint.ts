import type { ContentBlockParam, MessageCreateParamsBase, ToolUnion } from '@anthropic-ai/sdk/resources/messages';
import { messagesComplaint } from './messages-complaint';

type Body = Omit<MessageCreateParamsBase, 'model'> & { readonly temperature?: number; readonly top_p?: number; readonly top_k?: number };

const NAME = /^[a-zA-Z0-9_-]{1,128}$/;
const ID = /^[a-zA-Z0-9_-]+$/;
const IMAGE_TYPES: readonly unknown[] = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];

/**
 * What a host of Claude would refuse of a body, in words; `undefined` when it is in order. Beside the fields: the rules for content that
 * the documentation states or that users ran into (edge-cases.md). `model`: as in the path, where the body has none.
 * https://docs.anthropic.com/en/api/messages
 */
export function claudeComplaint(body: unknown, host: 'Anthropic' | 'AWSAnthropic' | 'GCPAnthropic', model: string): string | undefined {
  return messagesComplaint(body, host) ?? [...complaints(body as Body, host !== 'Anthropic', model)][0];
}

function* complaints(body: Body, cloud: boolean, model: string): Generator<string> {
  const { messages, system = [], tools = [], stop_sequences: stops = [] } = body;
  const open = new Set<string>();
  let toolBlocks = false;
  for (const [index, { role, content }] of messages.entries()) {
    const at = `messages.${index}`;
    if (role !== (index % 2 === 0 ? 'user' : 'assistant')) yield `${at}.role: roles must alternate and begin with user`;
    if (typeof content === 'string' || content.length === 0) {
      yield `${at}.content: must be a list that is not empty`;
      continue;
    }
    yield* contentComplaints(content, at, role === 'assistant', cloud);
    if (role === 'user') {
      const results = content.flatMap((block) => block.type === 'tool_result' ? [block.tool_use_id] : []);
      if (content.slice(0, results.length).some(({ type }) => type !== 'tool_result')) yield `${at}: tool_result blocks must come first`;
      if (results.some((id) => !open.delete(id)) || open.size > 0) yield `${at}: tool_use ids without a tool_result right after, or the other way round`;
      toolBlocks ||= results.length > 0;
    } else {
      content.forEach((block) => block.type === 'tool_use' && open.add(block.id));
      if (['thinking', 'redacted_thinking'].includes(content.at(-1)?.type ?? '')) yield `${at}: the final block cannot be thinking`;
    }
  }
  const last = messages.at(-1)?.content.at(-1);
  if (messages.at(-1)?.role === 'assistant' && typeof last === 'object' && last.type === 'text' && /\s$/.test(last.text)) yield 'messages: final assistant content cannot end with trailing whitespace';
  yield* contentComplaints(system as ContentBlockParam[], 'system', false, cloud);
  if ((toolBlocks || open.size > 0) && tools.length === 0) yield 'tools: must be defined where messages have tool_use or tool_result';
  if (stops.some((stop) => stop.trim() === '')) yield 'stop_sequences: each must contain non-whitespace';
  yield* toolComplaints(body, tools);
  const schema = body.output_config?.format?.schema;
  if (schema) yield* schemaComplaints(schema, 'output_config.format.schema');
  yield* modelComplaints(body, model);
}

function* contentComplaints(content: readonly ContentBlockParam[], path: string, isAssistant: boolean, cloud: boolean): Generator<string> {
  for (const [index, block] of content.entries()) {
    const at = `${path}.${index}`;
    switch (block.type) {
      case 'text':
        if (block.text.trim() === '') yield `${at}: text content blocks must contain non-whitespace text`;
        break;
      case 'image':
        if (isAssistant) yield `${at}: the assistant sends no images`;
        if (cloud && block.source.type !== 'base64') yield `${at}: URL sources are not supported`;
        if (block.source.type === 'base64' && !IMAGE_TYPES.includes(block.source.media_type)) yield `${at}: media_type`;
        break;
      case 'document':
        if (cloud && block.source.type === 'file') yield `${at}: file sources are not supported`;
        if (block.title === '') yield `${at}: title`;
        break;
      case 'thinking':
      case 'redacted_thinking':
        if (!isAssistant || 'cache_control' in block) yield `${at}: thinking of a user, or with cache_control`;
        if (block.type === 'thinking' && block.signature === '') yield `${at}: signature`;
        break;
      case 'tool_use':
        if (!isAssistant || !NAME.test(block.name) || !ID.test(block.id)) yield `${at}: role, name or id of the tool_use`;
        if (typeof block.input !== 'object' || block.input === null || Array.isArray(block.input)) yield `${at}: input should be a valid dictionary`;
        break;
      case 'tool_result':
        if (isAssistant || typeof block.content === 'string') yield `${at}: tool_result`;
        yield* contentComplaints((block.content ?? []) as ContentBlockParam[], at, false, cloud);
        break;
      default:
        yield `${at}: no such block`;
    }
    const control = 'cache_control' in block ? block.cache_control : undefined;
    if (control && (control.type !== 'ephemeral' || ![undefined, '5m', '1h'].includes(control.ttl))) yield `${at}: cache_control`;
  }
}

function* toolComplaints({ tool_choice: choice }: Body, tools: readonly ToolUnion[]): Generator<string> {
  const names = tools.map((tool) => 'name' in tool ? tool.name : tool.type);
  if (new Set(names).size < names.length) yield 'tools: Tool names must be unique';
  for (const [index, tool] of tools.entries()) {
    if (!('input_schema' in tool)) continue;
    if (!NAME.test(tool.name) || tool.description?.trim() === '' || tool.input_schema.type !== 'object') yield `tools.${index}: name, description or schema`;
    if (tool.strict) yield* schemaComplaints(tool.input_schema, `tools.${index}.input_schema`);
  }
  if (choice && tools.length === 0) yield 'tool_choice may only be specified while providing tools';
  if (choice?.type === 'tool' && !names.includes(choice.name)) yield `tool_choice: Tool '${choice.name}' not found in provided tools`;
}

/** What users ran into: github.com/agentjido/req_llm/issues/302. Objects without properties are left out: of those it depends. */
function* schemaComplaints(schema: object, path: string): Generator<string> {
  const { type, properties, items, anyOf, additionalProperties } = schema as Readonly<Record<string, unknown>>;
  for (const name of ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minLength', 'maxLength', 'maxItems', 'uniqueItems', 'oneOf']) {
    if (Object.hasOwn(schema, name)) yield `${path}: For '${String(type)}' type, property '${name}' is not supported`;
  }
  if (isObject(properties) && additionalProperties === undefined) yield `${path}: For 'object' type, 'additionalProperties' must be explicitly set to false`;
  const inner = [...isObject(properties) ? Object.values(properties) : [], items, ...Array.isArray(anyOf) ? anyOf as unknown[] : []];
  for (const one of inner) if (isObject(one)) yield* schemaComplaints(one, path);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function* modelComplaints(
  { thinking, tool_choice: choice, output_config: config, temperature = 1, top_p: topP = 1, top_k: topK, messages }: Body, model: string,
): Generator<string> {
  const forced = choice?.type === 'any' || choice?.type === 'tool';
  const thinks = thinking?.type === 'enabled' || thinking?.type === 'adaptive';
  const adaptive = /claude-(?:[a-z]+-(?:[5-9]|4-[6-9])|mythos-preview)/.test(model);
  const after46 = /claude-(?:[a-z]+-(?:[5-9]|4-[7-9])|mythos-preview)/.test(model);
  if (!(temperature >= 0 && temperature <= 1) || !(topP >= 0 && topP <= 1)) yield 'temperature, top_p: range: 0..1';
  if (thinks && (temperature !== 1 || topK !== undefined || topP < 0.95)) yield 'temperature may only be set to 1 when thinking is enabled';
  if (thinking?.type === 'enabled' && forced) yield 'Thinking may not be enabled when tool_choice forces tool use.';
  if (/(?:sonnet|opus)-5-5|(?:fable|mythos)-5-1/.test(model) && forced) yield 'tool_choice: type "tool" and "any" are not supported for this model.';
  if (after46 && (temperature !== 1 || topP !== 1 || topK !== undefined)) yield '`temperature` is deprecated for this model.';
  if (/-4-[56]/.test(model) && temperature !== 1 && topP !== 1) yield '`temperature` and `top_p` cannot both be specified for this model.';
  if (thinking?.type === 'enabled' && after46 || thinking?.type === 'adaptive' && !adaptive) yield `"thinking.type.${thinking.type}" is not supported for this model.`;
  if (thinking?.type === 'disabled' && /opus-5-5|sonnet-5-5|fable|mythos/.test(model)) yield '"thinking.type.disabled" is not supported for this model.';
  if (config?.effort && !adaptive) yield 'output_config.effort: not supported for this model';
  const before = messages.at(-2)?.content;
  const continues = messages.at(-1)?.role === 'user' && (messages.at(-1)?.content as ContentBlockParam[])[0]?.type === 'tool_result';
  if (thinking?.type === 'enabled' && continues && !['thinking', 'redacted_thinking'].includes((before as ContentBlockParam[])[0]?.type)) {
    yield 'Expected `thinking` or `redacted_thinking`, but found `tool_use`.';
  }
}
