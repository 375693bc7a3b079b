import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { CohereChatBody, CohereEmbedBody, CohereRerankBody } from '../../src/translate/cohere/cohere-wire';

interface Parsed {
  readonly ok: boolean;
  readonly errors?: ReadonlyArray<{ readonly path: readonly string[]; readonly message: string }>;
}
interface Schema {
  parse(value: unknown, options: object): Parsed;
}

/** The official client's own reading of its requests, which its package does not export. */
function schema(name: string): Schema {
  const path = join(dirname(require.resolve('cohere-ai')), 'serialization', 'resources', 'v2', 'client', 'requests', `${name}.js`);
  return (createRequire(__filename)(path) as Record<string, Schema>)[name];
}

const SCHEMAS = { chat: schema('V2ChatRequest'), embed: schema('V2EmbedRequest'), rerank: schema('V2RerankRequest') };

/** What Cohere would not take; `undefined`: nothing. */
export function cohereComplaint(resource: keyof typeof SCHEMAS, body: object): string | undefined {
  const { stream, ...declared } = body as { readonly stream?: unknown };
  if (stream !== undefined && (resource !== 'chat' || typeof stream !== 'boolean')) {
    return 'stream is no boolean of a chat';
  }
  const parsed = SCHEMAS[resource].parse(declared, { unrecognizedObjectKeys: 'fail', allowUnrecognizedUnionMembers: false, allowUnrecognizedEnumValues: false });
  if (!parsed.ok) {
    return parsed.errors?.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  }
  switch (resource) {
    case 'chat':
      return chatComplaint(declared as CohereChatBody);
    case 'embed':
      return embedComplaint(declared as CohereEmbedBody);
    case 'rerank':
      return (declared as CohereRerankBody).documents.length === 0 ? 'list of documents must not be empty' : undefined;
  }
}

function chatComplaint(body: CohereChatBody): string | undefined {
  const { messages, tools, tool_choice: choice, stop_sequences: stops = [], thinking } = body;
  const asked = new Set<string>();
  if (messages.length === 0) {
    return 'messages must not be empty';
  }
  for (const [index, message] of messages.entries()) {
    if (message.role === 'system' && index > 0) {
      return 'system turn must be the first in the list';
    }
    const { content } = message;
    const empty = content === undefined || content === null || content.length === 0
      || typeof content !== 'string' && content.some((part) => part.type === 'text' && part.text.trim() === '');
    if (empty && !(message.role === 'assistant' && message.tool_calls && message.tool_calls.length > 0)) {
      return `message must not be empty in a turn (${index})`;
    }
    for (const call of message.role === 'assistant' ? message.tool_calls ?? [] : []) {
      asked.add(call.id);
      const parsed: unknown = JSON.parse(call.function?.arguments ?? 'null');
      if (typeof parsed !== 'object' || parsed === null || !isName(call.function?.name)) {
        return 'a tool call needs a name and an object of arguments';
      }
    }
    if (message.role === 'tool' && !asked.has(message.tool_call_id)) {
      return `no tool call has the id ${message.tool_call_id}`;
    }
  }
  if (choice && (!tools || tools.length === 0)) {
    return 'tool_choice needs tools';
  }
  if (tools?.some((tool) => !isName(tool.function?.name) || tool.function?.description === '')) {
    return 'a tool needs a name, and no empty description';
  }
  return outside('temperature', body.temperature, 0, 1) ?? outside('p', body.p, 0.01, 0.99) ?? outside('frequency_penalty', body.frequency_penalty, 0, 1)
    ?? outside('presence_penalty', body.presence_penalty, 0, 1) ?? outside('seed', body.seed, 0, 2 ** 64) ?? outside('max_tokens', body.max_tokens, 1, 2 ** 31)
    ?? outside('token_budget', thinking?.token_budget, 1, 2 ** 31) ?? (stops.length > 5 || stops.includes('') ? 'up to 5 stop sequences, none empty' : undefined);
}

function embedComplaint({ texts = [], output_dimension: dimension }: CohereEmbedBody): string | undefined {
  if (texts.length === 0 || texts.length > 96) {
    return 'texts must be 1 to 96';
  }
  return dimension !== undefined && ![256, 512, 1024, 1536].includes(dimension) ? 'output_dimension must be one of 256, 512, 1024 and 1536' : undefined;
}

function isName(name: string | undefined): boolean {
  return name !== undefined && /^[a-zA-Z0-9_-]{1,64}$/.test(name);
}

function outside(name: string, value: number | undefined, lowest: number, highest: number): string | undefined {
  return value !== undefined && (value < lowest || value > highest) ? `${name} must be between ${lowest} and ${highest} inclusive` : undefined;
}
