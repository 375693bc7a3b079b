import { ModelAccessOptions } from './model-access';
import { ModelAccessRule } from './resources/llm-route';

/** One entry of `LLMRoute.spec.modelAccess`. Regular expressions of models are in it until it is checked. */
export function modelAccessManifest({ clients, claims, models }: ModelAccessOptions): ModelAccessRule {
  return {
    ...(clients === undefined ? {} : { clients }),
    ...(claims === undefined ? {} : { claims: claims.map((claim) => claim._toKube()) }),
    ...(models === undefined ? {} : { models: models.map((model) => model._toKube()) as ModelAccessRule['models'] }),
  };
}
