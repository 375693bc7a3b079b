/**
 * What becomes of a field.
 * - `refused`: the request is answered with an error (400, 422).
 * - `ignored`: the request is answered as if it were not there.
 * - `changed`: another value counts; `note` says which.
 * - `unsupported`: the server's maker says that it does not have it, and not what becomes of it.
 */
export type FieldEffect = 'refused' | 'ignored' | 'changed' | 'unsupported';

/** What a server does with fields of a chat completion request that OpenAI takes. */
export interface FieldFact {
  /** Names with dots between them; `[]` stands for each item of a list, as in `messages[].name`. */
  readonly fields: readonly string[];
  readonly effect: FieldEffect;
  /** The values that it is about. @default - every value */
  readonly values?: FieldValues;
  /** When, if not always, in words that go on from `is refused`: `by reasoning models`. */
  readonly when?: string;
  /** What counts instead, or what clients can send. */
  readonly note?: string;
  /** Where that is said, without `https://`. */
  readonly source: string;
  /** Month of what is said there, or in which it was read. */
  readonly asOf: string;
}

/** Some of a field's values. */
export interface FieldValues {
  /** `above 1`. */
  readonly words: string;
  has(value: unknown): boolean;
}

/** A field of a request that a fact is about. */
export interface FoundField {
  readonly field: string;
  readonly fact: FieldFact;
}

/** Fields of a request's parsed body that these facts are about, each once. `null` counts as absent, as it does for OpenAI. */
export function foundFields(facts: readonly FieldFact[], body: unknown): FoundField[] {
  return facts.flatMap((fact) => fact.fields.filter((field) => valuesAt(body, field.split('.')).some((value) => isAbout(fact, value)))
    .map((field) => ({ field, fact })));
}

/** The fact by which every request with this value in this field is refused, whatever its model. */
export function outrightRefusal(facts: readonly FieldFact[], field: string, value: unknown): FieldFact | undefined {
  return facts.find((fact) => fact.effect === 'refused' && fact.when === undefined && fact.fields.includes(field) && isAbout(fact, value));
}

const WORDS: Readonly<Record<FieldEffect, string>> = { refused: 'is refused', ignored: 'is ignored', changed: 'is changed', unsupported: 'is not supported' };

/** `n above 1 is refused (console.groq.com/docs/openai, 2026-11)`. */
export function factText({ field, fact: { effect, values, when, note, source, asOf } }: FoundField): string {
  return `${[field, ...values === undefined ? [] : [values.words], WORDS[effect], ...when === undefined ? [] : [when]].join(' ')}${note === undefined ? '' : `: ${note}`} (${source}, ${asOf})`;
}

function isAbout({ values }: FieldFact, value: unknown): boolean {
  return value !== null && value !== undefined && (values?.has(value) ?? true);
}

function valuesAt(value: unknown, [name, ...rest]: readonly string[]): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  const [member, everyItem] = name.endsWith('[]') ? [name.slice(0, -2), true] : [name, false];
  const found = Object.hasOwn(value, member) ? (value as Readonly<Record<string, unknown>>)[member] : undefined;
  const values: unknown[] = everyItem ? (Array.isArray(found) ? found : []) : [found];
  return rest.length === 0 ? values : values.flatMap((one) => valuesAt(one, rest));
}
