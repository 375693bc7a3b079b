import { cacheMarks, ContentContext } from './content-parts';
import { Renames } from './origins';
import { noteUnreadMembers } from './unread-members';
import { RequestValue } from '../request/request-value';

const DEFINITION: Renames = [['function', ''], ['custom', '']];
const SEARCH: Renames = [['user_location.approximate', 'user_location']];

const FUNCTION_MEMBERS = new Set(['type', 'name', 'description', 'parameters', 'strict', 'cache_control', 'prompt_cache_breakpoint']);
const CUSTOM_MEMBERS = new Set(['type', 'name', 'description', 'format', 'cache_control', 'prompt_cache_breakpoint']);
const SEARCH_MEMBERS = new Set(['type', 'search_context_size', 'user_location', 'filters']);
/** OpenAI's own tools that a chat has as an option. */
const WEB_SEARCH = /^web_search(?:_preview)?(?:_\d{4}_\d{2}_\d{2})?$/;

export interface ChatTools {
  readonly tools?: readonly object[];
  readonly web_search_options?: object;
}

/** `tools` of a chat. Those that a chat has no form for go on as they are: the chat translator takes them, or says why not. */
export function chatTools(tools: RequestValue, context: ContentContext): ChatTools {
  const made: object[] = [];
  let search: object | undefined;
  for (const tool of tools.present ? tools.items() : []) {
    const type = tool.member('type').string();
    if (WEB_SEARCH.test(type)) {
      search = webSearch(tool, context);
    } else {
      made.push(context.origins.mark(chatTool(tool, type, context), tool, DEFINITION));
    }
  }
  return { ...made.length > 0 && { tools: made }, ...search && { web_search_options: search } };
}

function chatTool(tool: RequestValue, type: string, { losses }: ContentContext): object {
  switch (type) {
    case 'function': {
      noteUnreadMembers(tool, FUNCTION_MEMBERS, losses);
      const { name, description, parameters, strict } = tool.object();
      return { type, function: { name, ...given({ description, parameters, strict }) }, ...cacheMarks(tool) };
    }
    case 'custom': {
      noteUnreadMembers(tool, CUSTOM_MEMBERS, losses);
      const { name, description } = tool.object();
      const format = tool.member('format');
      return { type, custom: { name, ...given({ description }), ...format.present && { format: customFormat(format) } }, ...cacheMarks(tool) };
    }
    default:
      return { ...tool.object() };
  }
}

function given(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && value !== null));
}

function customFormat(format: RequestValue): object {
  const { type, definition, syntax } = format.object();
  return type === 'grammar' ? { type, grammar: { definition, syntax } } : { type };
}

function webSearch(tool: RequestValue, { losses, origins }: ContentContext): object {
  noteUnreadMembers(tool, SEARCH_MEMBERS, losses);
  const filters = tool.member('filters');
  if (filters.present && Object.values(filters.object()).some((filter) => filter !== null)) {
    losses.semantic(filters.path, 'a search has no filters here');
  }
  const [size, location] = [tool.member('search_context_size'), tool.member('user_location')];
  const { type = 'approximate', ...approximate } = location.present ? location.object() : {};
  return origins.mark({
    ...size.present && { search_context_size: size.value },
    ...location.present && { user_location: { type, approximate: given(approximate) } },
  }, tool, SEARCH);
}

/** `tool_choice` of a chat; what a chat has no form for goes on as it is. */
export function chatToolChoice(choice: RequestValue, { origins }: ContentContext): unknown {
  if (typeof choice.value === 'string') {
    return choice.value;
  }
  const type = choice.member('type').string();
  switch (type) {
    case 'function':
    case 'custom':
      return origins.mark(named(choice, type), choice, DEFINITION);
    case 'allowed_tools': {
      const tools = choice.member('tools').items().map((tool) => {
        const kind = tool.member('type').string();
        return origins.mark(kind === 'function' || kind === 'custom' ? named(tool, kind) : { ...tool.object() }, tool, DEFINITION);
      });
      return origins.mark({ type, allowed_tools: { mode: choice.member('mode').value, tools } }, choice, [['allowed_tools', '']]);
    }
    default:
      return { ...choice.object() };
  }
}

function named(choice: RequestValue, type: 'function' | 'custom'): object {
  return { type, [type]: { name: choice.member('name').value } };
}
