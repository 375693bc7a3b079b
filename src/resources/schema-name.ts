/** The dialects that a client may speak to a route (`LLMRoute.spec.inputSchema.schema`). */
export const INPUT_SCHEMAS = ['OpenAI', 'Anthropic', 'Cohere'] as const;

/** One of `INPUT_SCHEMAS`. */
export type InputSchemaName = (typeof INPUT_SCHEMAS)[number];

/** The dialects that a provider may speak (`LLMBackend.spec.outputSchema.schema`). */
export const OUTPUT_SCHEMAS = [
  'OpenAI', 'AzureOpenAI', 'Anthropic', 'AWSBedrock', 'AWSAnthropic', 'GCPVertexAI', 'GCPAnthropic', 'Cohere',
] as const;

/** One of `OUTPUT_SCHEMAS`. */
export type OutputSchemaName = (typeof OUTPUT_SCHEMAS)[number];
