import { fieldFacts } from './catalog/compatible-servers';
import { outrightRefusal } from './catalog/field-fact';
import { BodyEdits } from '../resources/llm-backend';
import { OutputSchemaName } from '../resources/schema-name';

/** An edit of a rule by which a provider refuses every request. */
export interface RefusedEdit {
  /** Its place in `requestBody.set`. */
  readonly place: number;
  /** Why, and what to do; goes on from the place. */
  readonly message: string;
}

/** The fields that a rule sets and that the host of a target is known to refuse, whatever the model. What a backend's own `body` sets is for its owner to know. */
export function refusedEdits(output: OutputSchemaName, host: string | undefined, edits: BodyEdits | undefined): RefusedEdit[] {
  const facts = output === 'OpenAI' ? fieldFacts(host) : [];
  if (facts.length === 0) return [];
  return (edits?.set ?? []).flatMap(({ path, value }, place) => {
    const [field, ...inner] = path.split('.');
    const fact = outrightRefusal(facts, field, inner.reduceRight<unknown>((nested, name) => ({ [name]: nested }), parsed(value)));
    if (fact === undefined) return [];
    return [{ place, message: `sets ${JSON.stringify(path)}, which ${host} refuses (${fact.source}, ${fact.asOf}); leave it out, or, where that has changed, set it in \`body\` of the backend` }];
  });
}

/** That it is JSON is checked elsewhere. */
function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
