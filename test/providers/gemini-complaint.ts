import { geminiShapeComplaint } from './gemini-shape';
import { GeminiBody, GeminiContent, GeminiFunction, GeminiPart } from '../../src/translate/gemini/gemini-wire';

const FUNCTION_NAME = /^[a-zA-Z_][a-zA-Z0-9_-]{0,63}$/;
const DATA = ['text', 'inlineData', 'fileData', 'functionCall', 'functionResponse'] as const;
/** https://ai.google.dev/api/generate-content#FIELDS.response_json_schema */
const JSON_SCHEMA = new Set([
  '$id', '$defs', '$ref', '$anchor', 'type', 'format', 'title', 'description', 'enum', 'items', 'prefixItems', 'minItems', 'maxItems', 'minimum', 'maximum', 'anyOf', 'oneOf',
  'properties', 'additionalProperties', 'required', 'propertyOrdering',
]);

/**
 * What Gemini would refuse of a body, in words; `undefined` when it is in order. Beside the shape: the limits of the API reference and those
 * that the service itself is known for (edge-cases.md).
 */
export function geminiComplaint(body: unknown, model = 'gemini-2.5-flash', vertex = true): string | undefined {
  const { serviceTier, ...rest } = body as GeminiBody;
  return geminiShapeComplaint(vertex ? body : rest, 'GenerateContentRequest') ?? [...complaints(body as GeminiBody, model)][0];
}

function* complaints({ contents, systemInstruction, tools, toolConfig, generationConfig = {} }: GeminiBody, model: string): Generator<string> {
  if (contents.length === 0) yield 'contents are required';
  for (const [index, { role, parts }] of contents.entries()) {
    if (role !== 'user' && role !== 'model') yield `contents[${index}].role: Please use a valid role: user, model.`;
    yield* partComplaints(parts, `contents[${index}]`);
  }
  yield* callComplaints(contents, model);
  if (systemInstruction) yield* partComplaints(systemInstruction.parts, 'system_instruction');
  const functions = (tools ?? []).flatMap(({ functionDeclarations }) => functionDeclarations);
  if (tools && functions.length === 0) yield 'tools: no function declarations';
  yield* functionComplaints(functions);
  const { mode, allowedFunctionNames } = toolConfig?.functionCallingConfig ?? {};
  if (toolConfig && functions.length === 0) yield 'Function calling config is set without function_declarations.';
  if (allowedFunctionNames && (mode !== 'ANY' || allowedFunctionNames.some((name) => !functions.some((one) => one.name === name)))) yield 'allowed_function_names';
  const { stopSequences = [], candidateCount = 1, logprobs, responseLogprobs, responseSchema, responseJsonSchema, responseMimeType, thinkingConfig } = generationConfig;
  if (stopSequences.length > 5 || stopSequences.includes('')) yield 'stop_sequences: at most 5, none of them empty';
  if (candidateCount < 1 || candidateCount > 8) yield 'candidate_count: from 1 to 8';
  if (logprobs !== undefined && responseLogprobs !== true) yield 'logprobs: response_logprobs must be true';
  if ((responseSchema ?? responseJsonSchema) !== undefined && responseMimeType !== 'application/json') yield 'response_schema needs a JSON mime type';
  if (responseSchema !== undefined) yield* openApiComplaints(responseSchema, 'response_schema');
  if (responseJsonSchema !== undefined) yield* jsonSchemaComplaints(responseJsonSchema, 'response_json_schema');
  if (thinkingConfig?.thinkingBudget !== undefined && thinkingConfig.thinkingLevel !== undefined) yield 'thinking_budget and thinking_level are not taken together';
  if (model.includes('gemini-2.5-pro') && thinkingConfig?.thinkingBudget === 0) yield 'Budget 0 is invalid. This model only works in thinking mode.';
}

function* partComplaints(parts: readonly GeminiPart[], path: string): Generator<string> {
  if (parts.length === 0) yield `${path}.parts: must include at least one parts field`;
  for (const [index, part] of parts.entries()) {
    if (DATA.filter((name) => part[name] !== undefined).length !== 1) yield `${path}.parts[${index}].data: required oneof field 'data' must have one initialized field`;
    if (part.text === '' && part.thoughtSignature === undefined) yield `${path}.parts[${index}]: must have a text parameter`;
    if ((part.inlineData ?? part.fileData) && !/^[a-z]+\/[\w.+-]+$/.test((part.inlineData ?? part.fileData)?.mimeType ?? '')) yield `${path}.parts[${index}]: mimeType`;
    if (part.functionResponse && !part.functionResponse.name) yield `${path}.parts[${index}]: GenerateContentRequest.contents.function_response.name: Name cannot be empty.`;
    if (part.fileData && !/^gs:\/\//i.test(part.fileData.fileUri ?? '')) yield `${path}.parts[${index}]: fileUri`;
  }
}

/** The results of a turn's calls are in the content right after it, as many as there were calls. */
function* callComplaints(contents: readonly GeminiContent[], model: string): Generator<string> {
  const lastUser = contents.map(({ role, parts }) => role === 'user' && parts.some((part) => !part.functionResponse)).lastIndexOf(true);
  for (const [index, { role, parts }] of contents.entries()) {
    const calls = parts.filter((part) => part.functionCall);
    const responses = parts.filter((part) => part.functionResponse);
    if (calls.length > 0 && role !== 'model' || responses.length > 0 && role !== 'user') yield `contents[${index}]: role of a function call or response`;
    const asked = index > 0 ? contents[index - 1].parts.filter((part) => part.functionCall) : [];
    if (responses.length !== asked.length) yield 'the number of function response parts must be equal to the number of function call parts of the function call turn';
    if (asked.some((part, position) => part.functionCall?.name !== responses[position]?.functionResponse?.name)) yield 'function responses must be in the order of their calls';
    if (/gemini-3/.test(model) && index > lastUser && calls.length > 0 && calls[0].thoughtSignature === undefined) {
      yield `Function call is missing a thought_signature in functionCall parts. Function call \`${calls[0].functionCall?.name}\``;
    }
  }
}

function* functionComplaints(functions: readonly GeminiFunction[]): Generator<string> {
  const names = new Set<string | undefined>();
  for (const { name = '', parameters, parametersJsonSchema } of functions) {
    if (!FUNCTION_NAME.test(name)) yield `Invalid function name ${name}. Must start with a letter or an underscore.`;
    if (names.has(name)) yield `Duplicate function declaration found: ${name}`;
    names.add(name);
    if (parameters !== undefined) {
      const { type, properties } = parameters as { readonly type?: unknown; readonly properties?: unknown };
      if (type !== 'OBJECT' || properties === undefined) yield `${name}: parameters.properties: should be non-empty for OBJECT type`;
      yield* openApiComplaints(parameters, name);
    }
    if (parametersJsonSchema !== undefined) {
      if ((parametersJsonSchema as { readonly type?: unknown }).type !== 'object') yield `${name}: the schema must describe an object`;
      yield* jsonSchemaComplaints(parametersJsonSchema, name);
    }
  }
}

type Schema = Readonly<Record<string, unknown>>;

function* openApiComplaints(schema: unknown, path: string): Generator<string> {
  const { type, anyOf, properties, required, items, enum: values } = schema as Schema & { readonly required?: readonly string[] };
  if (anyOf !== undefined && Object.keys(schema as Schema).length > 1) yield `${path}: When using any_of, it must be the only field set.`;
  if (anyOf === undefined && !['STRING', 'NUMBER', 'INTEGER', 'BOOLEAN', 'ARRAY', 'OBJECT', 'NULL'].includes(String(type))) yield `${path}: didn't specify the schema type field`;
  if (type === 'ARRAY' && items === undefined) yield `${path}.items: missing field.`;
  if (values !== undefined && type !== 'STRING') yield `${path}.enum: only allowed for STRING type`;
  yield* requiredComplaints(properties, required, path);
  for (const [index, branch] of ((anyOf ?? []) as readonly unknown[]).entries()) yield* openApiComplaints(branch, `${path}.anyOf[${index}]`);
  for (const [name, member] of Object.entries((properties ?? {}) as Schema)) yield* openApiComplaints(member, `${path}.${name}`);
  if (items !== undefined) yield* openApiComplaints(items, `${path}.items`);
  if (path.includes('.') === false) {
    const wrong = Object.keys(schema as Schema).find((name) => name.startsWith('$') || ['additionalProperties', 'prefixItems', 'oneOf', 'allOf'].includes(name));
    if (wrong) yield `${path}: Unknown name "${wrong}"`;
  }
}

function* jsonSchemaComplaints(schema: unknown, path: string): Generator<string> {
  if (typeof schema === 'boolean') return;
  const { anyOf, properties, required, items, prefixItems, additionalProperties, type } = schema as Schema & { readonly required?: readonly string[] };
  const wrong = Object.keys(schema as Schema).find((name) => !JSON_SCHEMA.has(name));
  if (wrong !== undefined) yield `${path}: the keyword ${wrong} is not supported`;
  if (type !== undefined && [type].flat().some((name) => !['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'].includes(String(name)))) yield `${path}: type`;
  yield* requiredComplaints(properties, required, path);
  for (const branch of [...(anyOf ?? []) as readonly unknown[], ...(prefixItems ?? []) as readonly unknown[]]) yield* jsonSchemaComplaints(branch, `${path}[]`);
  for (const [name, member] of Object.entries((properties ?? {}) as Schema)) yield* jsonSchemaComplaints(member, `${path}.${name}`);
  for (const inner of [items, additionalProperties]) if (inner !== undefined) yield* jsonSchemaComplaints(inner, `${path}.items`);
}

function* requiredComplaints(properties: unknown, required: readonly string[] | undefined, path: string): Generator<string> {
  const missing = (required ?? []).find((name) => !Object.hasOwn((properties ?? {}) as Schema, name));
  if (missing !== undefined) yield `${path}.required: property '${missing}' is not defined`;
}
