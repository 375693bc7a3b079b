import type { ResponseFormatJSONSchema } from 'openai/resources/shared';
import { ConversionContext } from './conversion-context';
import { RequestValue } from '../request/request-value';

/** `output_config.format`, or `output_format` of the beta before it. `undefined`: plain text. */
export function responseFormat(request: RequestValue, context: ConversionContext): ResponseFormatJSONSchema | undefined {
  const config = request.member('output_config');
  const inConfig = config.present ? config.member('format') : config;
  const format = inConfig.present ? inConfig : request.member('output_format');
  if (!format.present) {
    return undefined;
  }
  format.member('type').oneOf(['json_schema']);
  const schema = { ...format.member('schema').object() };
  const strict = isStrict(schema);
  if (!strict) {
    context.losses.changed(format.member('schema').path,
      'sent without strict, which takes only schemas whose objects require all of their properties and allow no others');
  }
  return { type: 'json_schema', json_schema: { name: 'answer', schema, ...strict && { strict } } };
}

/** https://platform.openai.com/docs/guides/structured-outputs#supported-schemas */
function isStrict(schema: unknown): boolean {
  if (Array.isArray(schema)) {
    return schema.every(isStrict);
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
  return Object.values(schema).every(isStrict);
}
