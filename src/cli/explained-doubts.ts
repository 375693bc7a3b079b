import { guessedInputTokens, outputLimitOf } from './explained-price';
import { ModelCapability } from '../resources/model-entry';
import { InputSchemaName } from '../resources/schema-name';
import { BackendConfiguration } from '../runtime/configuration';
import { contextWindowOf, pricedProvider } from '../runtime/model-prices';
import { calledModel } from '../translate/catalog/called-model';
import { lackedCapabilities } from '../translate/catalog/model-facts';
import { targetModelDefect } from '../translate/target-model-defect';

const WORDS: Readonly<Record<ModelCapability, string>> = { Tools: 'tools', Vision: 'pictures', JsonSchema: 'a schema for its answer', Reasoning: 'to reason' };

/** Why the provider may refuse this request for its model, by the catalog and by `spec.models`. `request`: the client's body, parsed. */
export function modelDoubts(input: InputSchemaName, backend: BackendConfiguration, model: string, request: unknown): string[] {
  const { outputSchema: { schema: output } } = backend.resource.spec;
  const { entry, lacks: stated } = backend.models.get(model) ?? {};
  const { knownAs, outputLimit } = calledModel({ upstreamModel: model, modelEntry: entry });
  const misfit = targetModelDefect({ input, output, host: backend.endpoint && new URL(backend.endpoint.origin).hostname, model, entry });
  const lacks = entry?.capabilities === undefined ? lackedCapabilities(output, knownAs) : [...stated ?? []];
  const asked = askedCapabilities(request);
  const [inputTokens, mostOutput] = [guessedInputTokens(request), outputLimitOf(request)];
  const window = entry?.contextWindow ?? contextWindowOf(pricedProvider(backend), model);
  return [
    ...misfit === undefined ? [] : [misfit],
    ...lacks.filter((one) => asked.has(one)).map((one) => `this model is not known to take what the request asks for: ${WORDS[one]}`),
    ...window !== undefined && inputTokens > window ? [`some ${inputTokens} tokens of input are more than its context window, ${window}`] : [],
    ...outputLimit !== undefined && mostOutput !== undefined && mostOutput > outputLimit ? [`${mostOutput} tokens of output are more than the ${outputLimit} that it can give`] : [],
  ];
}

/** In the words of any dialect of clients. */
function askedCapabilities(request: unknown): ReadonlySet<ModelCapability> {
  const asked = new Set<ModelCapability>();
  visit(request, (name, value) => {
    if (name === 'tools' && Array.isArray(value) && value.length > 0) asked.add('Tools');
    if (name === 'type' && (value === 'image_url' || value === 'input_image' || value === 'image')) asked.add('Vision');
    if (name === 'type' && value === 'json_schema') asked.add('JsonSchema');
    if (name === 'reasoning_effort' || name === 'thinking' || name === 'reasoning') asked.add('Reasoning');
  });
  return asked;
}

/** The members of an object and of the objects in it; what a tool's schema says of itself is no request. */
function visit(value: unknown, see: (name: string, member: unknown) => void): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (!Array.isArray(value)) see(name, member);
    if (name !== 'tools' && name !== 'schema') visit(member, see);
  }
}
