import { ClientAuth } from './client-auth';
import { CorsOptions } from './cors';

/** Who may call. What an LlmGateway says holds for each of its LlmRoutes that does not say otherwise; every policy is the route's own. */
export interface AccessOptions {
  /**
   * How clients say who they are.
   *
   * @default - of an LlmRoute: as its LlmGateway says; of an LlmGateway: everybody may call
   */
  readonly clientAuth?: ClientAuth;

  /**
   * Which pages' scripts may call from a browser.
   *
   * @default - of an LlmRoute: as its LlmGateway says; of an LlmGateway: none
   */
  readonly cors?: CorsOptions;

  /**
   * Whether BackendTrafficPolicies and SecurityPolicies that somebody attached to the whole Gateway hold for these routes too, beside ours
   * (`mergeType: StrategicMerge`). Without it, ours stand in their place: their rate limits and their authentication do not apply here. Their authorization
   * rules do not hold beside `allowModels` in any case: Envoy Gateway takes one list of rules, the route's.
   *
   * @default - of an LlmRoute: as its LlmGateway says; of an LlmGateway: false
   */
  readonly mergeWithGatewayPolicies?: boolean;
}
