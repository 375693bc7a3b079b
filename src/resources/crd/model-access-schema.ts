import { list, object, string, StructuralSchema } from './schema';

const claim = object('One claim of the client\'s JWT, as Envoy puts it into the header x-llm-claim-<name>.', {
  name: string('Name; one within another is written with a dot.', { minLength: 1, maxLength: 253 }),
  valueType: string('String: the claim is one of the values. StringArray: the claim is a list that holds one of them.', { enum: ['String', 'StringArray'], default: 'String' }),
  values: list('Values.', string('Value.', { minLength: 1, maxLength: 1024 }), { minItems: 1, maxItems: 128 }),
}, ['name', 'values']);

// No regular expressions: Envoy refuses the configuration of all routes of a Gateway where one in an access rule is larger than it evaluates.
const model = object('One model or set of models.', {
  type: string('How the name is compared.', { enum: ['Exact', 'Prefix'], default: 'Exact' }),
  value: string('Name or prefix.', { minLength: 1, maxLength: 1024 }),
}, ['value']);

/** `LLMRoute.spec.modelAccess`. */
export const MODEL_ACCESS: StructuralSchema = list(
  'Which clients may call which models; all others may not. Omitted: every client may call every model. ExtProc lists models by it; Envoy refuses by the SecurityPolicy that says the same.',
  object('Clients and their models: all conditions must hold.', {
    clients: list('Ids of API-key clients. Omitted: every client.', string('Id, as Envoy puts it into the header x-llm-client-id.', { minLength: 1, maxLength: 253 }), { minItems: 1, maxItems: 256 }),
    claims: list('Claims of JWTs: all must match.', claim, { minItems: 1, maxItems: 16 }),
    models: list('Models: one must match. Omitted: every model.', model, { minItems: 1, maxItems: 256 }),
  }),
  { minItems: 1, maxItems: 256 },
);
