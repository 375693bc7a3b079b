import { geminiSchema } from '../gemini/gemini-schema';
import { GeminiTraits } from '../gemini/gemini-traits';
import { GeminiGenerationConfig } from '../gemini/gemini-wire';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

/** `response_format` as Gemini's structured output. https://docs.cloud.google.com/vertex-ai/generative-ai/docs/multimodal/control-generated-output */
export function responseFormat(
  format: RequestValue, { jsonSchema }: GeminiTraits, losses: Losses,
): Pick<GeminiGenerationConfig, 'responseMimeType' | 'responseJsonSchema' | 'responseSchema'> {
  if (!format.present) {
    return {};
  }
  switch (format.member('type').oneOf(['text', 'json_object', 'json_schema'])) {
    case 'text':
      return {};
    case 'json_object':
      return { responseMimeType: 'application/json' };
    case 'json_schema': {
      const definition = format.member('json_schema');
      const schema = geminiSchema(definition.member('schema'), jsonSchema ? 'JsonSchema' : 'OpenApi', losses);
      return { responseMimeType: 'application/json', ...jsonSchema ? { responseJsonSchema: schema } : { responseSchema: schema } };
    }
  }
}
