import { RouteConfiguration } from './configuration';
import { RequestHead } from './exchange';
import { LLMRoute } from '../resources/llm-route';
import { ClientError, ListedModel } from '../translate/input-dialect';

/** The models of a route without repeats; the first owner counts. */
export function listModels(route: LLMRoute, models: ReadonlyArray<readonly [id: string, owner: string]>): readonly ListedModel[] {
  const createdAt = Date.parse(route.metadata.creationTimestamp ?? '');
  const created = Number.isNaN(createdAt) ? 0 : Math.floor(createdAt / 1_000);
  const owners = new Map<string, string>();
  for (const [id, owner] of models) if (!owners.has(id)) owners.set(id, owner);
  return [...owners].map(([id, ownedBy]) => ({ id, created, ownedBy }));
}

/** Those that the client may call, as Envoy says who it is. */
export function callableModels({ models, access, resource }: RouteConfiguration, head: RequestHead): readonly ListedModel[] {
  if (resource.spec.modelAccess === undefined) return models;
  const allows = access((name) => head.header(name));
  return models.filter(({ id }) => allows(id));
}

/** Also what a client hears of a model that it may not call. */
export function modelNotFound(model: string): ClientError {
  return { status: 404, message: `the model \`${model}\` does not exist, or this caller has no route to it`, code: 'model_not_found', param: 'model' };
}
