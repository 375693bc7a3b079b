import { ModelCapability, ModelEntry } from '../../resources/model-entry';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

type Chat = Readonly<Record<string, unknown>>;

/**
 * A chat completion request without what the backend's owner says that its model has not (`spec.models[].capabilities`): a schema for its answer is
 * semantic, reasoning advisory. What is not said there is for the catalog to know.
 */
export function withinCapabilities(chat: Chat, entry: ModelEntry | undefined, losses: Losses): Chat {
  const stated = entry?.capabilities;
  return stated === undefined ? chat : withoutReasoning(withoutSchema(chat, stated, losses), stated, losses);
}

function withoutSchema(chat: Chat, stated: readonly ModelCapability[], losses: Losses): Chat {
  const format = new RequestValue(chat, '').member('response_format');
  if (stated.includes('JsonSchema') || !format.present || format.member('type').value !== 'json_schema') return chat;
  losses.semantic(format.path, 'this model takes no schema for its answer');
  const { response_format: _, ...rest } = chat;
  return rest;
}

function withoutReasoning(chat: Chat, stated: readonly ModelCapability[], losses: Losses): Chat {
  if (stated.includes('Reasoning')) return chat;
  const { reasoning_effort: effort, thinking, ...rest } = chat;
  if (isGiven(effort) && effort !== 'none') losses.advisory('reasoning_effort', 'this model does not reason');
  if (isGiven(thinking) && new RequestValue(thinking, 'thinking').member('type').value !== 'disabled') losses.advisory('thinking', 'this model does not reason');
  return isGiven(effort) || isGiven(thinking) ? rest : chat;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
