import type { ChatCompletionFunctionTool, ChatCompletionToolChoiceOption } from 'openai/resources/chat/completions';
import { CacheControl } from './chat-message';
import { cacheMark, ConversionContext } from './conversion-context';
import { fitsStrict, STRICT_RULE } from './strict-schema';
import { RequestValue } from '../request/request-value';
import { RestrictedNames } from '../request/restricted-names';

export type ChatTool = ChatCompletionFunctionTool & { cache_control?: CacheControl };

export interface Tools {
  /** Absent: none are sent; some servers refuse an empty list. */
  readonly tools?: readonly ChatTool[];
  readonly tool_choice?: ChatCompletionToolChoiceOption;
  readonly parallel_tool_calls?: boolean;
}

/** Fields of a tool that only help a model to call it, and that nobody else has. */
const HINTS = ['defer_loading', 'eager_input_streaming', 'input_examples', 'allowed_callers'] as const;

/** Every name of a tool in the request: OpenAI takes up to 64 characters of a name, Anthropic 128. What has no names is refused where it is read. */
export function toolNames({ tools, messages }: Readonly<Record<string, unknown>>): RestrictedNames {
  const names: string[] = [];
  for (const holder of [...objects(tools), ...objects(messages).flatMap(({ content }) => objects(content).filter(({ type }) => type === 'tool_use'))]) {
    if (typeof holder.name === 'string' && holder.name !== '') {
      names.push(holder.name);
    }
  }
  return new RestrictedNames(names);
}

function objects(list: unknown): ReadonlyArray<Readonly<Record<string, unknown>>> {
  return Array.isArray(list) ? list.filter((item) => typeof item === 'object' && item !== null) as ReadonlyArray<Readonly<Record<string, unknown>>> : [];
}

export function convertTools(request: RequestValue, context: ConversionContext): Tools {
  const defined = request.member('tools');
  const names = new Set<string>();
  const tools = (defined.present ? defined.items() : []).flatMap((tool) => functionTool(tool, names, context));
  const choice = request.member('tool_choice');
  if (!choice.present) {
    return tools.length > 0 ? { tools } : {};
  }
  const type = choice.member('type').oneOf(['auto', 'any', 'tool', 'none']);
  const name = type === 'tool' ? choice.member('name') : undefined;
  if (tools.length === 0) {
    if (type === 'any' || type === 'tool') {
      context.losses.advisory(choice.path, 'the request has no tools to choose from');
    }
    return {};
  }
  if (name && !names.has(name.nonEmptyString())) {
    throw name.invalid(`'tools' has no tool '${name.string().slice(0, 64)}'`);
  }
  const serial = choice.member('disable_parallel_tool_use');
  return { tools, tool_choice: toolChoice(type, name?.string() ?? '', context), ...serial.present && serial.boolean() && { parallel_tool_calls: false } };
}

function toolChoice(type: 'auto' | 'any' | 'tool' | 'none', name: string, context: ConversionContext): ChatCompletionToolChoiceOption {
  switch (type) {
    case 'any':
      return 'required';
    case 'tool':
      return { type: 'function', function: { name: context.toolNames.restricted(name) } };
    default:
      return type;
  }
}

function isStrict(strict: RequestValue, schema: object, { target, losses }: ConversionContext): boolean {
  if (!strict.present || !strict.boolean()) {
    return false;
  }
  if (target.checksSchemas && !fitsStrict(schema)) {
    losses.advisory(strict.path, `${target.provider} has another strict, ${STRICT_RULE}`);
    return false;
  }
  return true;
}

/** OpenAI refuses an object without `properties` ("object schema missing properties"), as MCP servers have it for tools without parameters. */
function parametersOf(schema: Readonly<Record<string, unknown>>, { target }: ConversionContext): Record<string, unknown> {
  return target.checksSchemas && schema.type === 'object' && (schema.properties ?? null) === null ? { ...schema, properties: {} } : { ...schema };
}

/** Empty for a tool of Anthropic's own, such as `web_search_20250305`. */
function functionTool(tool: RequestValue, names: Set<string>, context: ConversionContext): ChatTool[] {
  const type = tool.member('type');
  if (type.present && type.string() !== 'custom') {
    context.losses.semantic(tool.path, `${context.target.provider} has no tool of type '${type.string().slice(0, 40)}'`);
    return [];
  }
  const name = tool.member('name');
  if (names.has(name.nonEmptyString())) {
    throw name.invalid('another tool of this request has the same name');
  }
  names.add(name.string());
  for (const hint of HINTS) {
    const value = tool.member(hint);
    if (value.present && value.value !== false && !isCalledDirectly(value)) {
      context.losses.advisory(value.path, `${context.target.provider} has no such field`);
    }
  }
  const description = tool.member('description');
  const parameters = parametersOf(tool.member('input_schema').object(), context);
  return [{
    type: 'function',
    function: {
      name: context.toolNames.restricted(name.string()),
      ...description.present && description.string() !== '' && { description: description.string() },
      parameters,
      ...isStrict(tool.member('strict'), parameters, context) && { strict: true },
    },
    ...cacheMark(tool, context),
  }];
}

/** As every tool is called elsewhere. */
function isCalledDirectly({ value }: RequestValue): boolean {
  return Array.isArray(value) && value.every((caller) => caller === 'direct');
}
