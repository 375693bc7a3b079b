import { Choice, RouteConfiguration, RoutingRequest, RuleShares } from './configuration';
import { LimitKeys } from './limit-keys';
import { LLMRoute, RouteCost } from '../resources/llm-route';
import { objectKey, ObjectKey } from '../resources/object-meta';
import { compileModelAccess, ModelAccess } from '../routing/model-access';
import { InputDialect, ListedModel } from '../translate/input-dialect';
import { inputDialect } from '../translate/registry';

/** What both kinds of routes have. All that requests ask for stands in the object itself: with thousands of routes each step to another one waits for memory. */
export abstract class ConfiguredRoute implements RouteConfiguration {
  abstract readonly models: readonly ListedModel[];
  readonly key: ObjectKey;
  readonly dialect: InputDialect;
  readonly access: ModelAccess;
  readonly costs: readonly RouteCost[] | undefined;
  readonly countsMoney: boolean;

  constructor(readonly resource: LLMRoute, readonly limitKeys: LimitKeys | undefined) {
    const { metadata, spec } = resource;
    this.key = objectKey(metadata.namespace, metadata.name);
    this.dialect = inputDialect(spec.inputSchema.schema);
    this.access = compileModelAccess(spec.modelAccess);
    this.costs = spec.costs?.length ? spec.costs : undefined;
    this.countsMoney = spec.costs?.some(({ type }) => type === 'Price') ?? false;
  }

  abstract listsModel(model: string): boolean;

  abstract choose(model: string, request: RoutingRequest, random: number): Choice | undefined;

  abstract shares(model: string, request: RoutingRequest): RuleShares | undefined;
}
