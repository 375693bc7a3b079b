import { outputLimit } from './output-limits';
import { TranslationContext } from '../translator';

/** The model that one request goes to. */
export interface CalledModel {
  /** As its provider calls it. */
  readonly name: string;
  /** As the catalog does: the model behind a name of its own. */
  readonly knownAs: string;
  /** The most tokens that one answer may have; absent: not known. */
  readonly outputLimit?: number;
}

/** What the backend's owner says of the model goes before what the catalog says. */
export function calledModel({ upstreamModel, modelEntry }: Pick<TranslationContext, 'upstreamModel' | 'modelEntry'>): CalledModel {
  const knownAs = modelEntry?.baseModel ?? upstreamModel;
  return { name: upstreamModel, knownAs, outputLimit: modelEntry?.maxOutputTokens ?? outputLimit(knownAs) };
}
