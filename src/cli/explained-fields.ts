import { BackendConfiguration } from '../runtime/configuration';
import { fieldFacts } from '../translate/catalog/compatible-servers';
import { factText, foundFields, FoundField } from '../translate/catalog/field-fact';

const CHATS = /\/chat\/completions(?:\?|$)/;

/** Fields of a chat that goes upstream which the backend's host is known not to take as OpenAI does. `path`, `body`: of the upstream request. */
export function fieldDoubts(backend: BackendConfiguration, path: string, body: unknown): string[] {
  if (backend.endpoint === undefined || backend.resource.spec.outputSchema.schema !== 'OpenAI' || !CHATS.test(path)) return [];
  const { hostname } = new URL(backend.endpoint.origin);
  return foundFields(fieldFacts(hostname), body).map((found) => `${hostname}: ${factText(found)}${remedy(found)}`);
}

function remedy({ field, fact: { effect } }: FoundField): string {
  if (effect !== 'refused') return '';
  // Edits of a body do not get into lists.
  return field.includes('[]') ? '; clients have to leave it out'
    : '; requestBody.remove of the rule or body.remove of the LLMBackend takes it out';
}
