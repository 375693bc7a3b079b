import { MODEL_ACCESS } from './model-access-schema';
import { bodyEdits, headerEdits } from './request-edits-schema';
import { INPUT_SCHEMAS } from '../schema-name';
import { integer, list, object, objectName, string, StructuralSchema } from './schema';

const matchType = string('How the value is compared.', { enum: ['Exact', 'Prefix', 'RegularExpression'], default: 'Exact' });
const DEFAULT_TRIGGERS = ['5xx', 'reset', 'connect-failure', 'timeout'];
const DEFAULT_STATUSES = [429];
/** Gateway API's duration. */
const DURATION = '^([0-9]{1,5}(h|m|s|ms)){1,4}$';

const modelMatcher = object('One model or set of models.', {
  type: matchType,
  value: string('Name, prefix, or RE2 regular expression of the whole name.', { minLength: 1, maxLength: 1024 }),
}, ['value']);

const backendRef = object('One backend that may answer.', {
  name: objectName('Name of an LLMBackend.'),
  namespace: objectName('Namespace of the LLMBackend; another one than the route\'s needs a ReferenceGrant there.'),
  weight: integer('Share among the backends of the same priority.', { minimum: 0, maximum: 1_000_000, default: 1 }),
  priority: integer('0 is tried first.', { minimum: 0, maximum: 100, default: 0 }),
  model: string('Model name sent upstream; omitted: the name that the client asked for.', { minLength: 1, maxLength: 1024 }),
}, ['name']);

const FAILOVER = object('What follows when an attempt fails.', {
  attempts: integer('Attempts in all.', { minimum: 2, maximum: 10, default: 3 }),
  perAttemptTimeout: string('Time to the first byte of one attempt, such as 30s.', { pattern: DURATION, maxLength: 32 }),
  retryOn: object('Which failures; the shape is Envoy Gateway\'s.', {
    triggers: list('Kinds of failure.', string('Kind.', { enum: ['5xx', 'gateway-error', 'reset', 'connect-failure', 'timeout'] }), {
      maxItems: 8, default: DEFAULT_TRIGGERS,
    }),
    httpStatusCodes: list('Statuses.', integer('Status.', { minimum: 400, maximum: 599 }), { maxItems: 16, default: DEFAULT_STATUSES }),
  }, [], {
    // Whole: the API server checks a default by the rule below before it fills in what the default leaves out.
    'default': { triggers: DEFAULT_TRIGGERS, httpStatusCodes: DEFAULT_STATUSES },
    'x-kubernetes-validations': [{
      rule: 'self.triggers.size() + self.httpStatusCodes.size() > 0', message: 'retryOn needs a trigger or a status; with neither, failover never happens',
    }],
  }),
});

const rule = object('Which backends answer which models.', {
  name: string('Name in logs, metrics and messages.', { minLength: 1, maxLength: 253 }),
  models: list('Models that this rule takes: one must match. Omitted: any model.', modelMatcher, { minItems: 1, maxItems: 2048 }),
  headers: list('Request headers: all must match.', object('One header.', {
    type: matchType,
    name: string('Header name, any case.', { minLength: 1, maxLength: 256 }),
    value: string('Value, prefix, or RE2 regular expression of the whole value.', { minLength: 1, maxLength: 4096 }),
  }, ['name', 'value']), { minItems: 1, maxItems: 16 }),
  requestHeaders: headerEdits('Edits of the upstream request\'s headers, after translation and before those of the LLMBackend.'),
  requestBody: bodyEdits('Edits of the upstream request\'s JSON body, after translation and before those of the LLMBackend.'),
  backendRefs: list('Backends with their shares.', backendRef, {
    'minItems': 1,
    'maxItems': 64,
    'x-kubernetes-validations': [{ rule: 'self.exists(b, b.weight > 0)', message: 'at least one weight must be above 0' }],
  }),
  failover: FAILOVER,
  unsupportedParameters: string('Strict refuses every parameter that the provider has no counterpart for, Safe those whose loss changes the answer, Lenient none.', {
    enum: ['Strict', 'Safe', 'Lenient'], default: 'Safe',
  }),
}, ['backendRefs'], {
  'x-kubernetes-validations': [
    { rule: '!has(self.failover) || self.backendRefs.size() > 1', message: 'failover needs a second backend' },
  ],
});

/** `LLMRoute.spec`. */
export const LLM_ROUTE_SPEC: StructuralSchema = object('An addition to an HTTPRoute: which backends may answer which model, and in which shares.', {
  inputSchema: object('The dialect that clients speak.', {
    schema: string(`Name of the dialect: ${INPUT_SCHEMAS.join(', ')}.`, { minLength: 1, maxLength: 64 }),
  }, ['schema'], {
    'x-kubernetes-validations': [{
      rule: `self.schema in [${INPUT_SCHEMAS.map((name) => `'${name}'`).join(', ')}]`,
      message: `inputSchema.schema must be one of ${INPUT_SCHEMAS.join(', ')}`,
    }],
  }),
  httpRouteRef: object('The HTTPRoute (same namespace) that this is an addition to.', { name: objectName('Name of the HTTPRoute.') }, ['name']),
  rules: list('In order, the first match wins. Omitted: the HTTPRoute\'s own rules decide.', rule, { minItems: 1, maxItems: 256 }),
  costs: list('Values for dynamic metadata io.envoy.ai_gateway, for rate limits and logs.', object('One value.', {
    metadataKey: string('Key.', { minLength: 1, maxLength: 128, pattern: '^[A-Za-z0-9_.-]+$' }),
    type: string('What is counted. Price: US dollars by the price list of the backend and model.', {
      enum: ['InputToken', 'CachedInputToken', 'CacheCreationInputToken', 'OutputToken', 'ReasoningToken', 'TotalToken', 'Price'],
    }),
    unitsPerDollar: integer('Price: how many units of the value make a US dollar. Omitted: 1000000.', { minimum: 1, maximum: 1_000_000_000 }),
  }, ['metadataKey', 'type'], {
    'x-kubernetes-validations': [{ rule: 'self.type == \'Price\' || !has(self.unitsPerDollar)', message: 'unitsPerDollar goes with type Price' }],
  }), { 'maxItems': 32, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['metadataKey'] }),
  limitKeys: list('Request headers whose values have budgets of their own: ExtProc puts a digest of the value into x-ai-gateway-limit-key-<header>, for rate limits, and refuses requests without.', object('One header.', {
    header: string('Header name, any case.', { minLength: 1, maxLength: 200, pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$" }),
    claim: string('The claim of the client\'s JWT that Envoy puts into it.', { minLength: 1, maxLength: 256 }),
    models: list('Only requests for these need it. Omitted: all.', modelMatcher, { minItems: 1, maxItems: 2048 }),
  }, ['header']), { 'maxItems': 64, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['header'] }),
  modelAccess: MODEL_ACCESS,
  timeouts: object('How long a request may take; as the BackendTrafficPolicy of its HTTPRoutes says, which ExtProc does not read.', {
    request: string('From the request to the last byte of the answer, attempts after the first included, such as 5m. Omitted: 10m.', { pattern: DURATION, maxLength: 32 }),
  }),
  failover: object('Without rules: what follows when an attempt fails, to the other backendRefs of the HTTPRoute\'s rule.', FAILOVER.properties ?? {}),
}, ['inputSchema', 'httpRouteRef'], {
  'x-kubernetes-validations': [{ rule: '!has(self.failover) || !has(self.rules)', message: 'failover goes with an HTTPRoute\'s own rules; with rules, each has its own failover' }],
});
