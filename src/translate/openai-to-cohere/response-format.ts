import { CohereResponseFormat } from '../cohere/cohere-wire';
import { RequestValue } from '../request/request-value';

/** `response_format`; `undefined`: plain text. https://docs.cohere.com/docs/structured-outputs */
export function responseFormat(format: RequestValue): CohereResponseFormat | undefined {
  if (!format.present) {
    return undefined;
  }
  switch (format.member('type').oneOf(['text', 'json_object', 'json_schema'])) {
    case 'text':
      return undefined;
    case 'json_object':
      return { type: 'json_object' };
    case 'json_schema':
      return { type: 'json_object', json_schema: { ...format.member('json_schema').member('schema').object() } };
  }
}
