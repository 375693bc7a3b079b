/**
 * What a translator does with one request parameter.
 * - `mapped`: the target gets it.
 * - `mappedWithLoss`: the target gets it, changed in the way that `note` says.
 * - `advisory`: has no counterpart; dropping it leaves form and meaning of the answer as they are. `Strict` refuses it.
 * - `semantic`: has no counterpart; dropping it changes form or meaning of the answer. Only `Lenient` drops it.
 */
export type ParameterTreatment = 'mapped' | 'mappedWithLoss' | 'advisory' | 'semantic';

export interface ParameterRule {
  readonly treatment: ParameterTreatment;
  /** Field of the target, for `mapped` and `mappedWithLoss`. */
  readonly to?: string;
  readonly note?: string;
  /** For `advisory` and `semantic`: a value equal to what the target does anyway is no loss, such as `n: 1`. */
  readonly harmless?: (value: unknown) => boolean;
}

/** Every request field of the input schema, by its name at the top level of the body. */
export type ParameterTable = Readonly<Record<string, ParameterRule>>;
