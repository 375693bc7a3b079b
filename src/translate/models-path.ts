import { ListedModel } from './input-dialect';

/** Where clients of OpenAI and Anthropic ask which models there are; behind it stands the name of one. */
export const MODELS_PATH = '/v1/models';
const ONE_MODEL = `${MODELS_PATH}/`;

/** `path`: without its query. */
export function isModelsPath(path: string): boolean {
  return path === MODELS_PATH || path.startsWith(ONE_MODEL) && path.length > ONE_MODEL.length;
}

/** The name that a path ends in, slashes and all; `undefined`: it is that of the list. */
export function modelInPath(path: string): string | undefined {
  const [bare] = path.split('?', 1);
  if (!bare.startsWith(ONE_MODEL)) {
    return undefined;
  }
  const name = bare.slice(ONE_MODEL.length);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** What `list` writes of all the models, or `one` of the one in the path; `undefined`: it is not among them. */
export function modelsAnswer(
  models: readonly ListedModel[], path: string, one: (model: ListedModel) => object, list: (written: readonly object[]) => object,
): object | undefined {
  const name = modelInPath(path);
  if (name === undefined) {
    return list(models.map(one));
  }
  const found = models.find(({ id }) => id === name);
  return found && one(found);
}
