import { HeaderPairs } from './header-pairs';
import { OutputSchemaName } from '../../resources/schema-name';

/** How each dialect's provider takes an API key. */
export function apiKeyHeaders(schema: OutputSchemaName, key: string): HeaderPairs {
  switch (schema) {
    case 'AzureOpenAI': return [['api-key', key]];
    case 'Anthropic': return [['x-api-key', key]];
    case 'GCPVertexAI': return [['x-goog-api-key', key]];
    case 'OpenAI': case 'AWSBedrock': case 'AWSAnthropic': case 'GCPAnthropic': case 'Cohere': return bearerHeaders(key);
  }
}

export function bearerHeaders(token: string): HeaderPairs {
  return [['authorization', `Bearer ${token}`]];
}
