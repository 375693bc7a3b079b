import { RequestValue } from '../request/request-value';
import { RestrictedNames } from '../request/restricted-names';

/** Names and ids of every tool and call in a request, in the form that providers other than OpenAI take. */
export interface ToolHistory {
  readonly names: RestrictedNames;
  readonly ids: RestrictedNames;
  /** Those that were called, whether or not the request still has them as tools. */
  readonly calledNames: readonly string[];
}

/** Names and ids of every tool and call in a request, as the client wrote them. */
export interface UsedToolNames {
  readonly definedNames: readonly string[];
  readonly calledNames: readonly string[];
  readonly ids: readonly string[];
}

const NO_NAMES = new RestrictedNames([]);
const NO_HISTORY: ToolHistory = { names: NO_NAMES, ids: NO_NAMES, calledNames: [] };

/** Reads all names first, for which form a name gets depends on the others. */
export function toolHistory(request: RequestValue): ToolHistory {
  const { definedNames, calledNames, ids } = usedToolNames(request);
  if (definedNames.length + calledNames.length + ids.length === 0) {
    return NO_HISTORY;
  }
  return { names: new RestrictedNames([...definedNames, ...calledNames]), ids: new RestrictedNames(ids), calledNames: [...new Set(calledNames)] };
}

export function usedToolNames(request: RequestValue): UsedToolNames {
  const calledNames: string[] = [];
  const ids: string[] = [];
  const messages = request.member('messages');
  for (const message of messages.items()) {
    // By their names, which takes a tenth of asking for each: a long conversation has thousands without.
    const { tool_calls: calls, function_call: legacy, tool_call_id: answered } = message.object();
    if (calls === undefined && legacy === undefined && answered === undefined) {
      continue;
    }
    for (const call of message.itemsOf('tool_calls')) {
      calledNames.push(...texts(call.member(call.has('custom') ? 'custom' : 'function').member('name')));
      ids.push(...texts(call.member('id')));
    }
    if (message.has('function_call')) {
      calledNames.push(...texts(message.member('function_call').member('name')));
    }
    if (message.has('tool_call_id')) {
      ids.push(...texts(message.member('tool_call_id')));
    }
  }
  const definedNames = request.itemsOf('tools')
    .flatMap((tool) => tool.has('function') ? texts(tool.member('function').member('name')) : []);
  return { definedNames, calledNames, ids };
}

/** What is no text is refused where it is used. */
function texts({ value }: RequestValue): string[] {
  return typeof value === 'string' && value !== '' ? [value] : [];
}

/** Ids for the deprecated `function_call`, which has none: a result belongs to the last call of its name that has none yet. */
export class FunctionCallIds {
  private readonly open = new Map<string, string[]>();
  private count = 0;

  asked(name: string): string {
    this.count += 1;
    const id = `function_call_${this.count}`;
    const ids = this.open.get(name) ?? [];
    ids.push(id);
    this.open.set(name, ids);
    return id;
  }

  answered(name: RequestValue): string {
    const id = this.open.get(name.nonEmptyString())?.pop();
    if (id === undefined) {
      throw name.invalid('no function_call before it has this name');
    }
    return id;
  }
}
