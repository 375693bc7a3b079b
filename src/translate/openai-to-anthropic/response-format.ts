import type { JSONOutputFormat } from '@anthropic-ai/sdk/resources/messages';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

type Schema = Readonly<Record<string, unknown>>;

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

function closedSchema(schema: RequestValue): Schema {
  try {
    return closed(schema.object()) as Schema;
  } catch (error) {
    throw error instanceof RangeError ? schema.invalid('it is nested too deeply; send fewer levels') : error;
  }
}

const SCHEMA_LISTS = ['anyOf', 'oneOf', 'allOf', 'prefixItems'];
const SCHEMA_MAPS = ['properties', '$defs', 'definitions'];

/**
 * Claude wants every object to say that it has no other members. What a schema that does not say so allows includes what one that does
 * allows, so the answer fits both.
 */
function closed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return value;
  }
  const schema = value as Schema;
  const result: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(schema)) {
    if (SCHEMA_LISTS.includes(name) && Array.isArray(member)) {
      result[name] = member.map(closed);
    } else if (SCHEMA_MAPS.includes(name) && typeof member === 'object' && member !== null) {
      result[name] = Object.fromEntries(Object.entries(member).map(([key, one]) => [key, closed(one)]));
    } else {
      result[name] = name === 'items' ? closed(member) : member;
    }
  }
  return typeof schema.properties === 'object' && schema.additionalProperties === undefined ? { ...result, additionalProperties: false } : result;
}
