import type { ResponseFormatJSONSchema } from 'openai/resources/shared';
import { ConversionContext } from './conversion-context';
import { fitsStrict, STRICT_RULE } from './strict-schema';
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
  const strict = fitsStrict(schema);
  if (!strict) {
    context.losses.changed(format.member('schema').path,
      `sent without strict, ${STRICT_RULE}`);
  }
  return { type: 'json_schema', json_schema: { name: 'answer', schema, ...strict && { strict } } };
}
