import { LLMBackend } from '../resources/llm-backend';
import { LLMRoute } from '../resources/llm-route';
import { OUTPUT_SCHEMAS } from '../resources/schema-name';
import { translators } from '../translate/registry';

/** Why no request of the route could ever be answered by this backend; `undefined`: some can, or the route's own schema is what is missing. */
export function translationDefect(route: LLMRoute, backend: LLMBackend): string | undefined {
  const { schema: input } = route.spec.inputSchema;
  const { schema: output } = backend.spec.outputSchema;
  const outputs = new Set(translators().filter((translator) => translator.input === input).map((translator) => translator.output));
  if (outputs.has(output)) return undefined;
  return `LLMBackend ${backend.metadata.name} speaks ${output}, to which this version translates no ${input} requests; `
    + `supported: ${OUTPUT_SCHEMAS.filter((name) => outputs.has(name)).join(', ') || 'none'}; requests that fall to it are answered with 400`;
}
