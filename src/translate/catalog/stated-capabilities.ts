import { MODEL_CAPABILITIES, ModelCapability, ModelEntry } from '../../resources/model-entry';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

type Chat = Readonly<Record<string, unknown>>;

/** What a model has not. */
export type Lacks = ReadonlySet<ModelCapability>;

const NO_TOOLS = 'this model takes no tools';
const TOOL_FIELDS = ['tools', 'tool_choice', 'parallel_tool_calls'] as const;

/** By what the backend's owner says (`spec.models[].capabilities`). `undefined`: nothing is lacking, or nothing is said. */
export function statedLacks({ capabilities }: ModelEntry): Lacks | undefined {
  const lacks = capabilities === undefined ? [] : MODEL_CAPABILITIES.filter((one) => !capabilities.includes(one));
  return lacks.length === 0 ? undefined : new Set(lacks);
}

/**
 * A chat completion request without what its model has not: tools and a schema for its answer are semantic, reasoning is advisory. Throws
 * `RequestError` for parts of the conversation itself, which it is nothing without: pictures, and calls of tools and their results.
 */
export function withinCapabilities(chat: Chat, lacks: Lacks | undefined, losses: Losses): Chat {
  if (lacks === undefined) return chat;
  const request = new RequestValue(chat, '');
  if (lacks.has('Tools')) refuseToolHistory(request, losses);
  if (lacks.has('Vision')) refusePictures(request, losses);
  const withTools = lacks.has('Tools') ? withoutTools(chat, request, losses) : chat;
  const withSchema = lacks.has('JsonSchema') ? withoutSchema(withTools, request, losses) : withTools;
  return lacks.has('Reasoning') ? withoutReasoning(withSchema, losses) : withSchema;
}

function refuseToolHistory(request: RequestValue, losses: Losses): void {
  for (const message of request.itemsOf('messages')) {
    const [found] = [...message.itemsOf('tool_calls'), ...['function_call', 'tool_call_id'].filter((name) => message.has(name)).map((name) => message.member(name))];
    if (found !== undefined) throw losses.refusal(found.path, `${NO_TOOLS}, and a conversation without its calls and their results is another one`, 'send it to a model with tools');
  }
}

function refusePictures(request: RequestValue, losses: Losses): void {
  for (const message of request.itemsOf('messages')) {
    if (!Array.isArray(message.member('content').value)) continue;
    const picture = message.itemsOf('content').find((part) => part.member('type').value === 'image_url');
    if (picture !== undefined) throw losses.refusal(picture.path, 'this model takes no pictures, and without them its answer would be about something else', 'send it to a model that does');
  }
}

function withoutTools(chat: Chat, request: RequestValue, losses: Losses): Chat {
  if (request.itemsOf('tools').length === 0) return chat;
  // What may not be called changes no answer.
  losses[request.member('tool_choice').value === 'none' ? 'advisory' : 'semantic']('tools', NO_TOOLS);
  for (const name of TOOL_FIELDS) if (request.has(name)) losses.changed(name, NO_TOOLS);
  const { tools: _tools, tool_choice: _choice, parallel_tool_calls: _parallel, ...rest } = chat;
  return rest;
}

function withoutSchema(chat: Chat, request: RequestValue, losses: Losses): Chat {
  const format = request.member('response_format');
  if (!format.present || format.member('type').value !== 'json_schema') return chat;
  losses.semantic(format.path, 'this model takes no schema for its answer');
  const { response_format: _, ...rest } = chat;
  return rest;
}

function withoutReasoning(chat: Chat, losses: Losses): Chat {
  const { reasoning_effort: effort, thinking, ...rest } = chat;
  if (isGiven(effort) && effort !== 'none') losses.advisory('reasoning_effort', 'this model does not reason');
  if (isGiven(thinking) && new RequestValue(thinking, 'thinking').member('type').value !== 'disabled') losses.advisory('thinking', 'this model does not reason');
  return isGiven(effort) || isGiven(thinking) ? rest : chat;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
