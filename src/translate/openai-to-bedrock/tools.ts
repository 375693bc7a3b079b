import { cachePoint } from './cache-point';
import { ModelTraits } from './model-traits';
import { structuredSchema } from '../anthropic/structured-schema';
import { ConverseTool, ConverseToolConfig } from '../bedrock/converse-wire';
import { ToolChoice, wantedTools } from '../openai/tool-choice';
import { ToolHistory } from '../openai/tool-history';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

export interface Tools {
  /** Absent: no tools are sent. */
  readonly toolConfig?: ConverseToolConfig;
  /** The model must call a tool. */
  readonly forced: boolean;
  readonly additionalFields: Readonly<Record<string, unknown>>;
}

const NO_TOOLS: Tools = { forced: false, additionalFields: {} };
const ANY_OBJECT = { type: 'object', properties: {} };

/** Tools, the choice among them, and what Converse wants for a history with tools in it. */
export function convertTools(request: RequestValue, history: ToolHistory, hasToolBlocks: boolean, traits: ModelTraits, losses: Losses): Tools {
  const defined = definitions(request.member('tools'), history, traits, losses);
  const choiceValue = request.member('tool_choice');
  const { choice, allowed } = wantedTools(choiceValue, losses, 'Converse takes functions only');
  const tools = defined.filter(({ name }) => !allowed || allowed.has(name)).flatMap((definition) => definition.tools);
  const serial = request.member('parallel_tool_calls');
  const isSerial = serial.present && !serial.boolean();
  if (tools.length === 0) {
    if (choice.kind === 'required' || choice.kind === 'function') {
      losses.advisory(choiceValue.path, 'the request has no tools to choose from');
    }
    // Converse refuses a history with tools where no tool is defined. The calls' names are all that is known of them.
    return hasToolBlocks ? { ...NO_TOOLS, toolConfig: { tools: stubs(history) } } : NO_TOOLS;
  }
  if (choice.kind === 'none') {
    if (!hasToolBlocks) {
      return NO_TOOLS;
    }
    losses.changed(choiceValue.path, 'Converse has no such choice, and needs tools where the history has calls: the model may call one');
    return { ...NO_TOOLS, toolConfig: { tools } };
  }
  if (choice.kind === 'function' && !defined.some(({ name }) => name === choice.name)) {
    throw choiceValue.invalid(`'tools' has no function '${choice.name.slice(0, 64)}'`);
  }
  const possible = possibleChoice(choice, choiceValue, traits, losses);
  const forced = possible.kind !== 'auto';
  const disablesParallel = isSerial && traits.claude45OrLater && !forced;
  if (isSerial && !disablesParallel) {
    losses.advisory(serial.path, forced ? 'Converse takes it only where the model may choose' : 'this model may call several tools at once');
  }
  return {
    forced,
    toolConfig: { tools, ...!disablesParallel && choiceValue.present && { toolChoice: toolChoice(possible, history) } },
    // Beside a toolChoice in toolConfig, Bedrock refuses it.
    additionalFields: disablesParallel ? { tool_choice: { type: 'auto', disable_parallel_tool_use: true } } : {},
  };
}

function possibleChoice(choice: ToolChoice, value: RequestValue, { claude }: ModelTraits, losses: Losses): ToolChoice {
  if (choice.kind !== 'auto' && claude?.forcedTools === false) {
    losses.semantic(value.path, 'this model cannot be made to call a tool; send \'auto\'');
    return { kind: 'auto' };
  }
  return choice;
}

function toolChoice(choice: ToolChoice, history: ToolHistory): NonNullable<ConverseToolConfig['toolChoice']> {
  switch (choice.kind) {
    case 'function':
      return { tool: { name: history.names.restricted(choice.name) } };
    case 'required':
      return { any: {} };
    default:
      return { auto: {} };
  }
}

interface Definition {
  readonly name: string;
  /** The tool and, where it is marked, a cache point after it. */
  readonly tools: readonly ConverseTool[];
}

function definitions(tools: RequestValue, history: ToolHistory, traits: ModelTraits, losses: Losses): Definition[] {
  const names = new Set<string>();
  const found: Definition[] = [];
  for (const tool of tools.present ? tools.items() : []) {
    if (tool.member('type').string() !== 'function') {
      losses.semantic(tool.path, 'Converse takes functions only');
      continue;
    }
    const name = tool.member('function').member('name');
    if (names.has(name.nonEmptyString())) {
      throw name.invalid('another function of this request has the same name');
    }
    names.add(name.string());
    const point = cachePoint(tool);
    const spec = toolSpec(tool.member('function'), history, traits, losses);
    found.push({ name: name.string(), tools: point ? [spec, point] : [spec] });
  }
  return found;
}

function toolSpec(definition: RequestValue, history: ToolHistory, traits: ModelTraits, losses: Losses): ConverseTool {
  const description = definition.member('description').present ? definition.member('description').string() : '';
  const parameters = definition.member('parameters');
  const strict = definition.member('strict');
  const isStrict = strict.present && strict.boolean() && traits.claude45OrLater;
  if (strict.present && strict.boolean() && !isStrict) {
    losses.advisory(strict.path, 'this model is not known to keep to a schema');
  }
  // The schema of a function is an object's, also where the client left that out.
  const schema = new RequestValue(parameters.present ? { type: 'object', ...parameters.object() } : ANY_OBJECT, 'parameters', definition);
  return {
    toolSpec: {
      name: history.names.restricted(definition.member('name').nonEmptyString()),
      ...description.trim() !== '' && { description },
      inputSchema: { json: isStrict ? structuredSchema(schema, losses) : schema.object() },
      ...isStrict && { strict: true },
    },
  };
}

function stubs({ calledNames, names }: ToolHistory): ConverseTool[] {
  const called = calledNames.length > 0 ? calledNames : ['unavailable_tool'];
  return called.map((name) => ({
    toolSpec: { name: names.restricted(name), description: 'No longer available. Do not call it.', inputSchema: { json: ANY_OBJECT } },
  }));
}
