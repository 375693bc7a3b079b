import { Problem } from '../../../src/resources/problem';
import { Condition, conditionsOf, Judged, sameConditions } from '../../../src/runtime/kubernetes/conditions';

const NOW = '2026-11-25T00:00:00Z';
const problem = (path: string, message: string): Problem => ({ source: 'cluster', object: 'LLMRoute default/chat', path, message });
const judged = (more: Partial<Judged> = {}): Judged => ({ loaded: true, problems: [], generation: 4, now: NOW, previous: [], ...more });

function statuses(more: Partial<Judged>): Record<string, string> {
  return Object.fromEntries(conditionsOf(judged(more)).map(({ type, status, reason }) => [type, status === 'True' ? 'True' : reason]));
}

test('a good object: all is true, of this generation', () => {
  expect(conditionsOf(judged())).toEqual([
    { type: 'Accepted', status: 'True', observedGeneration: 4, lastTransitionTime: NOW, reason: 'Accepted', message: 'the object is valid' },
    { type: 'ResolvedRefs', status: 'True', observedGeneration: 4, lastTransitionTime: NOW, reason: 'ResolvedRefs', message: 'every reference leads somewhere' },
    { type: 'Programmed', status: 'True', observedGeneration: 4, lastTransitionTime: NOW, reason: 'Programmed', message: 'ExtProc serves by this generation' },
  ]);
});

test.each([
  ['spec.rules[3].backendRefs[0]', 'there is no usable LLMBackend llm/nowhere; create or mend it', 'BackendNotFound'],
  ['spec.backendRef.name', 'there is no Backend llm/a; create it', 'BackendNotFound'],
  ['spec.httpRouteRef.name', 'there is no HTTPRoute llm/chat; create it', 'HTTPRouteNotFound'],
  ['spec.credential.aws.secretRef', 'there is no Secret llm/aws with key credentials; create it', 'SecretNotFound'],
  ['spec.rules[0].backendRefs[1]', 'no ReferenceGrant in namespace models lets LLMRoutes of namespace llm use LLMBackend a', 'RefNotPermitted'],
  ['spec.httpRouteRef.name', 'HTTPRoute llm/chat belongs to LLMRoute older, which is older; one HTTPRoute carries one LLMRoute', 'Conflicted'],
  ['spec.rules[0].backendRefs[0]', 'LLMBackend a speaks Cohere, to which this version translates no OpenAI requests', 'UnsupportedSchema'],
])('a reference at %s that leads nowhere: %s', (path, message, reason) => {
  expect(statuses({ problems: [problem(path, message)] })).toEqual({ Accepted: 'True', ResolvedRefs: reason, Programmed: 'True' });
  expect(conditionsOf(judged({ problems: [problem(path, message)] }))[1].message).toBe(`${path}: ${message}`);
});

test('what is served but not as it says', () => {
  expect(statuses({ problems: [problem('spec.rules[0].failover', 'this version does not fail over')] })).toEqual({ Accepted: 'UnsupportedValue', ResolvedRefs: 'True', Programmed: 'True' });
});

test.each([
  ['spec.rules[0].models[0].value', 'is no regular expression'],
  // Wrong at a reference, but not a reference that leads nowhere.
  ['spec.rules[0].backendRefs', 'at least one weight must be above 0'],
  ['spec.backendRef.name', 'must match ^[a-z0-9]'],
])('an object that cannot be served is not accepted, wherever its fault is: %s', (path, message) => {
  expect(statuses({ loaded: false, problems: [problem(path, message)] })).toEqual({ Accepted: 'Invalid', ResolvedRefs: 'True', Programmed: 'Invalid' });
});

test('each condition says all of its own', () => {
  const [accepted, resolved] = conditionsOf(judged({
    problems: [problem('spec.rules[0].failover', 'one'), problem('spec.rules[0].backendRefs[0]', 'two'), problem('', 'three'), problem('spec.rules[1].backendRefs[0]', 'four')],
  }));
  expect(accepted.message).toBe('spec.rules[0].failover: one\nthree');
  expect(resolved.message).toBe('spec.rules[0].backendRefs[0]: two\nspec.rules[1].backendRefs[0]: four');
});

test('a thousand problems are cut to what a person reads', () => {
  const [, resolved] = conditionsOf(judged({ problems: Array.from({ length: 1_000 }, (_, index) => problem(`spec.rules[${index}].backendRefs[0]`, 'there is no usable LLMBackend llm/nowhere')) }));
  expect(resolved.message).toHaveLength(2_000);
  expect(resolved.message).toMatch(/…$/);
});

test('the time of the last change stays while the status does, whatever else changes', () => {
  const previous: Condition[] = conditionsOf(judged({ now: '2026-01-01T00:00:00Z' }));
  const next = conditionsOf(judged({ previous, generation: 5, problems: [problem('spec.rules[0].backendRefs[0]', 'there is no usable LLMBackend llm/nowhere')] }));
  expect(next.map(({ type, lastTransitionTime }) => [type, lastTransitionTime])).toEqual([
    ['Accepted', '2026-01-01T00:00:00Z'], ['ResolvedRefs', NOW], ['Programmed', '2026-01-01T00:00:00Z'],
  ]);
  expect(next.every(({ observedGeneration }) => observedGeneration === 5)).toBe(true);
});

test('an object without a generation', () => {
  expect(conditionsOf({ loaded: true, problems: [], now: NOW, previous: [] })[0]).not.toHaveProperty('observedGeneration');
});

describe('whether conditions say the same', () => {
  const conditions = conditionsOf(judged());
  const [accepted, ...others] = conditions;

  test('in any order and at any time', () => {
    expect(sameConditions(conditions, [...others, { ...accepted, lastTransitionTime: '2000-01-01T00:00:00Z' }])).toBe(true);
  });

  test.each([{ status: 'False' as const }, { reason: 'Invalid' }, { message: 'other' }, { observedGeneration: 3 }])('not with another %o', (difference) => {
    expect(sameConditions(conditions, [{ ...accepted, ...difference }, ...others])).toBe(false);
  });

  test('not with one missing or one more', () => {
    expect(sameConditions(conditions, others)).toBe(false);
    expect(sameConditions(conditions, [...conditions, { ...accepted, type: 'Other' as never }])).toBe(false);
  });
});
