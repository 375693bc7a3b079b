import { closedSchema } from './closed-schema';
import { ModelTraits } from './model-traits';
import { structuredSchema } from '../anthropic/structured-schema';
import { ConverseBody } from '../bedrock/converse-wire';
import { jsonText } from '../json-bytes';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

type TextFormat = NonNullable<NonNullable<ConverseBody['outputConfig']>['textFormat']>;

/**
 * `response_format` as Bedrock's structured output; models without it are refused by Bedrock itself. `undefined`: plain text.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html
 */
export function textFormat(format: RequestValue, { claude }: ModelTraits, losses: Losses): TextFormat | undefined {
  if (!format.present) {
    return undefined;
  }
  switch (format.member('type').oneOf(['text', 'json_object', 'json_schema'])) {
    case 'text':
      return undefined;
    case 'json_object':
      losses.semantic(format.path, 'Converse has no JSON mode without a schema; send json_schema');
      return undefined;
    case 'json_schema': {
      const definition = format.member('json_schema');
      const description = definition.member('description');
      const schema = definition.member('schema');
      return {
        type: 'json_schema',
        structure: {
          jsonSchema: {
            name: definition.member('name').nonEmptyString(),
            ...description.present && description.string().trim() !== '' && { description: description.string() },
            schema: jsonText(claude ? structuredSchema(schema, losses) : closedSchema(schema)),
          },
        },
      };
    }
  }
}
