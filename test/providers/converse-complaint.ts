import type { ContentBlock, ConverseRequest } from '@aws-sdk/client-bedrock-runtime';
import { shapeComplaint } from './converse-shape';

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const DOCUMENT_NAME = /^(?!.*\s\s)[a-zA-Z0-9\s()[\]-]{1,200}$/;
const IMAGE_FORMATS: readonly unknown[] = ['png', 'jpeg', 'gif', 'webp'];
const DOCUMENT_FORMATS: readonly unknown[] = ['pdf', 'csv', 'doc', 'docx', 'xls', 'xlsx', 'html', 'txt', 'md'];

/**
 * What Converse would refuse of a body, in words; `undefined` when it is in order. Beside the shape: the limits of the API reference and
 * those that the service itself is known for (edge-cases.md).
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
 */
export function converseComplaint(body: unknown): string | undefined {
  return shapeComplaint(body) ?? [...complaints(body as ConverseRequest)][0];
}

function* complaints({ messages = [], system = [], inferenceConfig = {}, toolConfig }: ConverseRequest): Generator<string> {
  if (messages.length === 0) yield 'messages must not be empty';
  const seen: Seen = { documents: new Set(), open: new Set(), toolBlocks: false };
  for (const [index, { role, content = [] }] of messages.entries()) {
    if (role !== (index % 2 === 0 ? 'user' : 'assistant')) yield `messages.${index}.role: roles must alternate and begin with user`;
    if (content.length === 0) yield `messages.${index}.content: must not be empty`;
    if (content.some(({ document }) => document) && !content.some(({ text }) => text)) yield `messages.${index}: A text block must be included when using documents.`;
    yield* contentComplaints(content, `messages.${index}`, role === 'assistant', seen);
    if (role === 'user' && seen.open.size > 0) yield `messages.${index}: toolUse ${[...seen.open].join()} has no toolResult in the turn after it`;
  }
  const last = messages.at(-1);
  if (last?.role === 'assistant' && /\s$/.test(last.content?.at(-1)?.text ?? '')) yield 'messages: the last text of the assistant must not end in white space';
  yield* contentComplaints(system as ContentBlock[], 'system', false, seen);
  if (seen.toolBlocks && !toolConfig) yield 'toolConfig must be there where messages have toolUse or toolResult';
  yield* toolComplaints(toolConfig);
  const { temperature = 1, topP = 1, maxTokens = 1, stopSequences = [] } = inferenceConfig;
  if (!(temperature >= 0 && temperature <= 1) || !(topP >= 0 && topP <= 1)) yield 'inferenceConfig: temperature and topP are from 0 to 1';
  if (!Number.isInteger(maxTokens) || maxTokens < 1) yield 'inferenceConfig.maxTokens: at least 1';
  if (stopSequences.some((stop) => stop.trim() === '')) yield 'inferenceConfig.stopSequences must not be blank';
}

interface Seen {
  readonly documents: Set<string>;
  /** Ids of calls that have no result yet. */
  readonly open: Set<string>;
  toolBlocks: boolean;
}

function* contentComplaints(content: readonly ContentBlock[], path: string, isAssistant: boolean, seen: Seen): Generator<string> {
  for (const [index, block] of content.entries()) {
    const at = `${path}.${index}`;
    if (block.text?.trim() === '') yield `${at}: text must not be blank`;
    if (block.cachePoint && (index === 0 || content[index - 1].cachePoint)) yield `${at}: a cachePoint must follow what it caches`;
    if (block.cachePoint?.ttl !== undefined && !['5m', '1h'].includes(block.cachePoint.ttl)) yield `${at}: ttl is 5m or 1h`;
    if (block.image && !IMAGE_FORMATS.includes(block.image.format)) yield `${at}: no such image format`;
    if (block.document) {
      const { format, name = '' } = block.document;
      if (!DOCUMENT_FORMATS.includes(format) || !DOCUMENT_NAME.test(name) || seen.documents.has(name)) yield `${at}: format or name of the document`;
      seen.documents.add(name);
    }
    if (block.reasoningContent && !isAssistant) yield `${at}: only the assistant reasons`;
    if (block.toolUse) {
      const { name = '', toolUseId = '', input } = block.toolUse;
      if (!isAssistant || !NAME.test(name) || !NAME.test(toolUseId)) yield `${at}: role, name or id of the toolUse`;
      if (typeof input !== 'object' || input === null || Array.isArray(input)) yield `${at}: input must be an object`;
      seen.open.add(toolUseId);
      seen.toolBlocks = true;
    }
    if (block.toolResult) {
      const { toolUseId = '', content: result = [] } = block.toolResult;
      if (isAssistant || !seen.open.delete(toolUseId)) yield `${at}: toolResult ${toolUseId} belongs to no open toolUse`;
      if (result.length === 0) yield `${at}: content must not be empty`;
      yield* contentComplaints(result as ContentBlock[], at, false, seen);
      seen.toolBlocks = true;
    }
  }
}

function* toolComplaints(config: ConverseRequest['toolConfig']): Generator<string> {
  const names = new Set<string>();
  for (const [index, { toolSpec, cachePoint }] of (config?.tools ?? []).entries()) {
    if (toolSpec && (!NAME.test(toolSpec.name ?? '') || names.has(toolSpec.name ?? ''))) yield `toolConfig.tools.${index}: name of the tool`;
    if (toolSpec?.description?.trim() === '') yield `toolConfig.tools.${index}: description must not be blank`;
    const schema = toolSpec?.inputSchema?.json as { readonly type?: unknown } | undefined;
    if (toolSpec && schema?.type !== 'object') yield `toolConfig.tools.${index}: the schema must be an object's`;
    if (cachePoint && (index === 0 || config?.tools?.[index - 1].cachePoint)) yield `toolConfig.tools.${index}: a cachePoint must follow what it caches`;
    names.add(toolSpec?.name ?? '');
  }
  if (config && names.size === 0) yield 'toolConfig.tools must not be empty';
  const chosen = config?.toolChoice?.tool?.name;
  if (chosen !== undefined && !names.has(chosen)) yield 'toolConfig.toolChoice: no such tool';
}
