import type { JSONOutputFormat } from '@anthropic-ai/sdk/resources/messages';
import { closedSchema } from '../request/closed-schema';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

/**
 * `response_format` as Claude's structured output; models without it are refused by their host. `undefined`: plain text.
 * https://platform.claude.com/docs/en/build-with-claude/structured-outputs
 */
export function outputFormat(format: RequestValue, losses: Losses): JSONOutputFormat | undefined {
  if (!format.present) {
    return undefined;
  }
  switch (format.member('type').oneOf(['text', 'json_object', 'json_schema'])) {
    case 'text':
      return undefined;
    case 'json_object':
      losses.semantic(format.path, 'Claude has no JSON mode without a schema; send json_schema');
      return undefined;
    case 'json_schema': {
      const definition = format.member('json_schema');
      definition.member('name').nonEmptyString();
      const description = definition.member('description');
      const schema = closedSchema(definition.member('schema'));
      return {
        type: 'json_schema',
        // A format has no description of its own.
        schema: { ...description.present && description.string().trim() !== '' && { description: description.string() }, ...schema },
      };
    }
  }
}
