/** What OpenAI wants of a schema that it shall keep to, for messages. https://platform.openai.com/docs/guides/structured-outputs#supported-schemas */
export const STRICT_RULE = 'which takes only schemas whose objects require all of their properties and allow no others';

export function fitsStrict(schema: unknown): boolean {
  if (Array.isArray(schema)) {
    return schema.every(fitsStrict);
  }
  if (typeof schema !== 'object' || schema === null) {
    return true;
  }
  const { properties, required, additionalProperties } = schema as Readonly<Record<string, unknown>>;
  if (typeof properties === 'object' && properties !== null && !Array.isArray(properties)) {
    const names: readonly unknown[] = Array.isArray(required) ? required : [];
    if (additionalProperties !== false || Object.keys(properties).some((name) => !names.includes(name))) {
      return false;
    }
  }
  return Object.values(schema).every(fitsStrict);
}
