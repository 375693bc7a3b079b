import type { Tool, ToolChoice as ClaudeToolChoice, ToolUnion } from '@anthropic-ai/sdk/resources/messages';
import { cacheControl } from './cache-control';
import { HostFacts } from './host-facts';
import { webSearchTool } from './web-search';
import { structuredSchema } from '../anthropic/structured-schema';
import { ClaudeTraits } from '../catalog/claude-traits';
import { ToolChoice, wantedTools } from '../openai/tool-choice';
import { ToolHistory } from '../openai/tool-history';
import { cacheMark } from '../request/cache-mark';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

export interface ToolsContext {
  readonly history: ToolHistory;
  /** Calls or results of tools are among the messages. */
  readonly hasToolBlocks: boolean;
  readonly traits: ClaudeTraits | undefined;
  readonly host: HostFacts;
  readonly losses: Losses;
}

export interface Tools {
  readonly tools?: ToolUnion[];
  readonly tool_choice?: ClaudeToolChoice;
}

const ANY_OBJECT = { type: 'object', properties: {} };
const FUNCTIONS_ONLY = 'Claude takes functions, and Anthropic\'s own tools by their dated type';
/** `web_search_20250305` and the like: tools that the host runs itself, or whose schema the model knows. */
const DATED_TYPE = /^[a-z0-9_]+_\d{8}$/;

/** Tools, the choice among them, and what Claude wants for a history with tools in it. */
export function convertTools(request: RequestValue, context: ToolsContext): Tools {
  const defined = definitions(request.member('tools'), context);
  const value = request.member('tool_choice');
  const { choice, allowed } = wantedTools(value, context.losses, 'Claude is told to call functions only');
  const search = context.host.webSearch ? searchTool(request.member('web_search_options'), defined, context.losses) : undefined;
  const tools = [...defined.filter(({ name }) => !allowed || name !== undefined && allowed.has(name)).map(({ tool }) => tool), ...search ? [search] : []];
  const serial = request.member('parallel_tool_calls');
  const isSerial = serial.present && !serial.boolean();
  if (tools.length === 0) {
    if (choice.kind === 'required' || choice.kind === 'function') {
      context.losses.advisory(value.path, 'the request has no tools to choose from');
    }
    // Claude refuses a history with tools where no tool is defined. The calls' names are all that is known of them.
    return context.hasToolBlocks ? { tools: stubs(context.history), tool_choice: { type: 'none' } } : {};
  }
  if (choice.kind === 'function' && !defined.some(({ name }) => name === choice.name)) {
    throw value.invalid(`'tools' has no function '${choice.name.slice(0, 64)}'`);
  }
  const toolChoice = claudeToolChoice(possible(choice, value, context), context.history, isSerial);
  return { tools, ...(value.present || isSerial) && { tool_choice: toolChoice } };
}

/** A search tool among the tools says more than `web_search_options` can. */
function searchTool(options: RequestValue, defined: readonly Definition[], losses: Losses): ToolUnion | undefined {
  const search = webSearchTool(options, losses);
  const namesake = defined.find(({ name }) => name === search?.name);
  if (search && namesake && 'input_schema' in namesake.tool) {
    throw options.invalid(`'tools' has a function of the name that the provider's own search has ('${search.name}'); rename it`);
  }
  if (search && namesake) {
    losses.changed(options.path, `the tool ${search.name} wins`);
    return undefined;
  }
  return search;
}

function possible(choice: ToolChoice, value: RequestValue, { traits, losses }: ToolsContext): ToolChoice {
  if (traits?.forcedTools === false && (choice.kind === 'required' || choice.kind === 'function')) {
    losses.semantic(value.path, 'this model cannot be made to call a tool; send \'auto\'');
    return { kind: 'auto' };
  }
  return choice;
}

function claudeToolChoice(choice: ToolChoice, { names }: ToolHistory, isSerial: boolean): ClaudeToolChoice {
  const serial = isSerial ? { disable_parallel_tool_use: true } : {};
  switch (choice.kind) {
    case 'none':
      return { type: 'none' };
    case 'required':
      return { type: 'any', ...serial };
    case 'function':
      return { type: 'tool', name: names.restricted(choice.name), ...serial };
    case 'auto':
      return { type: 'auto', ...serial };
  }
}

interface Definition {
  /** As the client calls it; `undefined` for tools of Anthropic's own without one. */
  readonly name: string | undefined;
  readonly tool: ToolUnion;
}

function definitions(tools: RequestValue, context: ToolsContext): Definition[] {
  const names = new Set<string>();
  const found: Definition[] = [];
  for (const tool of tools.present ? tools.items() : []) {
    const type = tool.member('type').string();
    if (type === 'function') {
      const name = tool.member('function').member('name');
      if (names.has(name.nonEmptyString())) {
        throw name.invalid('another function of this request has the same name');
      }
      names.add(name.string());
      found.push({ name: name.string(), tool: functionTool(tool, context) });
    } else if (DATED_TYPE.test(type)) {
      const name = tool.member('name').present ? tool.member('name').string() : undefined;
      if (name !== undefined && names.has(name)) {
        throw tool.member('name').invalid('another tool of this request has the same name');
      }
      names.add(name ?? type);
      // As it is: which of these there are is the host's to say.
      found.push({ name, tool: tool.object() as unknown as ToolUnion });
    } else {
      context.losses.semantic(tool.path, FUNCTIONS_ONLY);
    }
  }
  return found;
}

function functionTool(tool: RequestValue, { history, traits, losses }: ToolsContext): Tool {
  const definition = tool.member('function');
  const description = definition.member('description').present ? definition.member('description').string() : '';
  const parameters = definition.member('parameters');
  const strict = definition.member('strict');
  const isStrict = strict.present && strict.boolean() && traits?.claude45OrLater === true;
  if (strict.present && strict.boolean() && !isStrict) {
    losses.advisory(strict.path, 'this model is not known to keep to a schema');
  }
  // The schema of a function is an object's, also where the client left that out.
  const schema = new RequestValue(parameters.present ? { type: 'object', ...parameters.object() } : ANY_OBJECT, 'parameters', definition);
  return {
    name: history.names.restricted(definition.member('name').nonEmptyString()),
    ...description.trim() !== '' && { description },
    input_schema: (isStrict ? structuredSchema(schema, losses) : schema.object()) as Tool.InputSchema,
    ...isStrict && { strict: true },
    ...cacheControl(cacheMark(tool) ?? cacheMark(definition)),
  };
}

function stubs({ calledNames, names }: ToolHistory): Tool[] {
  const called = calledNames.length > 0 ? calledNames : ['unavailable_tool'];
  return called.map((name) => ({ name: names.restricted(name), description: 'No longer available. Do not call it.', input_schema: ANY_OBJECT as Tool.InputSchema }));
}
