import { loseCacheMark } from './content-parts';
import { FunctionNames } from '../gemini/function-names';
import { geminiSchema } from '../gemini/gemini-schema';
import { GeminiTraits } from '../gemini/gemini-traits';
import { GeminiBody, GeminiFunction } from '../gemini/gemini-wire';
import { ToolChoice, wantedTools } from '../openai/tool-choice';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

const FUNCTIONS_ONLY = 'Gemini takes functions only';

/** Tools and the choice among them. */
export function convertTools(request: RequestValue, names: FunctionNames, traits: GeminiTraits, losses: Losses): Pick<GeminiBody, 'tools' | 'toolConfig'> {
  const defined = definitions(request.member('tools'), names, traits, losses);
  const choiceValue = request.member('tool_choice');
  const { choice, allowed } = wantedTools(choiceValue, losses, FUNCTIONS_ONLY);
  const functionDeclarations = defined.filter(({ name }) => !allowed || allowed.has(name)).map(({ declaration }) => declaration);
  if (functionDeclarations.length === 0) {
    if (choice.kind === 'required' || choice.kind === 'function') {
      losses.advisory(choiceValue.path, 'the request has no tools to choose from');
    }
    return {};
  }
  if (choice.kind === 'function' && !defined.some(({ name }) => name === choice.name)) {
    throw choiceValue.invalid(`'tools' has no function '${choice.name.slice(0, 64)}'`);
  }
  return { tools: [{ functionDeclarations }], ...choiceValue.present && { toolConfig: { functionCallingConfig: callingConfig(choice, names) } } };
}

/** https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/function-calling#functioncallingconfig */
function callingConfig(choice: ToolChoice, names: FunctionNames): NonNullable<GeminiBody['toolConfig']>['functionCallingConfig'] {
  switch (choice.kind) {
    case 'function':
      return { mode: 'ANY', allowedFunctionNames: [names.restricted(choice.name)] };
    case 'required':
      return { mode: 'ANY' };
    case 'none':
      return { mode: 'NONE' };
    case 'auto':
      return { mode: 'AUTO' };
  }
}

interface Definition {
  /** As the client calls it. */
  readonly name: string;
  readonly declaration: GeminiFunction;
}

function definitions(tools: RequestValue, names: FunctionNames, traits: GeminiTraits, losses: Losses): Definition[] {
  const known = new Set<string>();
  const found: Definition[] = [];
  for (const tool of tools.present ? tools.items() : []) {
    loseCacheMark(tool, losses);
    if (tool.member('type').string() !== 'function') {
      losses.semantic(tool.path, FUNCTIONS_ONLY);
      continue;
    }
    const definition = tool.member('function');
    const name = definition.member('name');
    if (known.has(name.nonEmptyString())) {
      throw name.invalid('another function of this request has the same name');
    }
    known.add(name.string());
    found.push({ name: name.string(), declaration: declarationOf(definition, names, traits, losses) });
  }
  return found;
}

function declarationOf(definition: RequestValue, names: FunctionNames, traits: GeminiTraits, losses: Losses): GeminiFunction {
  const description = definition.member('description').present ? definition.member('description').string() : '';
  const strict = definition.member('strict');
  if (strict.present && strict.boolean()) {
    losses.advisory(strict.path, 'Gemini keeps to a schema only where it must call a tool');
  }
  return {
    name: names.restricted(definition.member('name').nonEmptyString()),
    ...description !== '' && { description },
    ...parameters(definition.member('parameters'), traits, losses),
  };
}

/** A function without parameters has no schema: older models refuse an object without properties. */
function parameters(value: RequestValue, { jsonSchema }: GeminiTraits, losses: Losses): Pick<GeminiFunction, 'parameters' | 'parametersJsonSchema'> {
  if (!value.present) {
    return {};
  }
  // The schema of a function is an object's, also where the client left that out.
  const whole = value.member('type').present ? value : new RequestValue({ type: 'object', ...value.object() }, value.path);
  const schema = geminiSchema(whole, jsonSchema ? 'JsonSchema' : 'OpenApi', losses);
  const isEmpty = schema.properties === undefined && schema.anyOf === undefined && (schema.additionalProperties ?? false) === false;
  return isEmpty ? {} : jsonSchema ? { parametersJsonSchema: schema } : { parameters: schema };
}
