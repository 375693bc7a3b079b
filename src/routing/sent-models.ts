import { LLMBackendReference, LLMRouteRule } from '../resources/llm-route';

/** A model's name as it goes upstream. */
export interface SentModel {
  readonly name: string;
  /** Whether only its beginning is known. */
  readonly beginning: boolean;
}

/** The names that a rule sends to one of its targets, as far as they are known without a request. */
export function sentModels({ models }: Pick<LLMRouteRule, 'models'>, { model }: Pick<LLMBackendReference, 'model'>): SentModel[] {
  if (model !== undefined) return [{ name: model, beginning: false }];
  return (models ?? []).filter(({ type }) => type !== 'RegularExpression').map(({ type, value }) => ({ name: value, beginning: type === 'Prefix' }));
}
