import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

export type ToolChoice = { readonly kind: 'auto' | 'none' | 'required' } | { readonly kind: 'function'; readonly name: string };

/** What `tool_choice` asks for. */
export interface WantedTools {
  readonly choice: ToolChoice;
  /** Functions by name; `undefined`: all tools. */
  readonly allowed?: ReadonlySet<string>;
}

/** `otherKinds`: why a choice of another kind than functions is not taken. */
export function wantedTools(value: RequestValue, losses: Losses, otherKinds: string): WantedTools {
  if (!value.present) {
    return { choice: { kind: 'auto' } };
  }
  if (typeof value.value === 'string') {
    return { choice: { kind: value.oneOf(['auto', 'none', 'required']) } };
  }
  switch (value.member('type').string()) {
    case 'function':
      return { choice: { kind: 'function', name: value.member('function').member('name').nonEmptyString() } };
    case 'allowed_tools': {
      const tools = value.member('allowed_tools');
      const names = tools.member('tools').items().map((tool) => {
        tool.member('type').oneOf(['function']);
        return tool.member('function').member('name').nonEmptyString();
      });
      return { choice: { kind: tools.member('mode').oneOf(['auto', 'required']) }, allowed: new Set(names) };
    }
    default:
      losses.semantic(value.path, otherKinds);
      return { choice: { kind: 'auto' } };
  }
}
