import { Duration, Size } from 'cdk8s';
import { gatewayDuration } from './gateway-duration';
import { METADATA_NAMESPACE } from './resources/object-meta';
import { RouteTimeouts } from './route-options';
import { TokenLimitOptions } from './token-limit';
import { rateLimitRule } from './token-limit-rule';
import { InputDialect } from './translate/input-dialect';
import {
  BackendTrafficPolicySpec, BackendTrafficPolicySpecRequestBufferLimit, BackendTrafficPolicySpecResponseOverrideSource as Source,
  BackendTrafficPolicySpecRetryRetryOnTriggers as RetryTrigger, EnvoyExtensionPolicySpec,
  EnvoyExtensionPolicySpecExtProcBackendSettingsConnectionBufferLimit, EnvoyExtensionPolicySpecExtProcBackendSettingsRetryRetryOnTriggers as ExtProcRetryTrigger,
  EnvoyExtensionPolicySpecExtProcProcessingModeRequestBody as RequestBody, EnvoyExtensionPolicySpecExtProcProcessingModeResponseBody as ResponseBody,
  EnvoyExtensionPolicySpecExtProcStatusOnError as StatusOnError, HttpRouteFilterSpec,
} from '../imports/gateway.envoyproxy.io';

/** What the policies of an LlmRoute are made of. */
export interface RoutePoliciesOptions {
  /** Names of the HTTPRoutes: all of the route's, and a user's own. */
  readonly httpRoutes: readonly string[];
  readonly namespace: string;
  /** ExtProc: its Service, or with TLS its Backend. */
  readonly extProc: { readonly namespace: string; readonly backendRef: { readonly group: string; readonly kind: string; readonly name: string; readonly port?: number } };
  readonly dialect: InputDialect;
  readonly bodyLimit: Size;
  readonly timeouts: RouteTimeouts;
  readonly mergeWithGatewayPolicies: boolean;
  /** Of the rules with failover, the longest. */
  readonly perAttemptTimeout?: Duration;
  /** In the order of their calls: a bucket's key holds its rule's index. */
  readonly tokenLimits: readonly TokenLimitOptions[];
}

/** One LLM request holds one ext_proc stream and one upstream request for its whole life; Envoy's default of 1,024 is soon reached. */
const CONCURRENCY = { maxConnections: 10_000, maxPendingRequests: 10_000, maxParallelRequests: 10_000 };

/** How long a request may take where nobody says. */
export const DEFAULT_REQUEST_TIMEOUT = Duration.minutes(10);

/** ExtProc on every rule of the HTTPRoutes. */
export function extensionPolicySpec(options: RoutePoliciesOptions): EnvoyExtensionPolicySpec {
  const { namespace, backendRef: { port, ...object } } = options.extProc;
  return {
    targetRefs: targetRefs(options.httpRoutes),
    extProc: [{
      backendRefs: [{ ...object, ...(namespace === options.namespace ? {} : { namespace }), ...(port === undefined ? {} : { port }) }],
      failOpen: false,
      // A status that nobody else answers with; the BackendTrafficPolicy turns it into 503 with a body.
      statusOnError: StatusOnError.VALUE_510,
      // Envoy Gateway's default of 200 ms is too short for the first request to a provider, which may have to fetch a token (STS, Entra ID).
      messageTimeout: '10s',
      processingMode: {
        request: { body: RequestBody.BUFFERED, attributes: ['xds.route_name'] },
        response: { body: ResponseBody.FULL_DUPLEX_STREAMED, attributes: ['xds.route_name', 'response.code_details'] },
      },
      metadata: { writableNamespaces: [METADATA_NAMESPACE] },
      backendSettings: {
        connection: { bufferLimit: EnvoyExtensionPolicySpecExtProcBackendSettingsConnectionBufferLimit.fromString(options.bodyLimit.asString()) },
        // Envoy ends every ext_proc stream by RST_STREAM; Node answers about 1,000 of them on one connection by closing it.
        circuitBreaker: { ...CONCURRENCY, maxRequestsPerConnection: 800 },
        // A stream that was refused while a pod drains was not looked at, so another pod may have it.
        retry: { numRetries: 2, retryOn: { triggers: [ExtProcRetryTrigger.CONNECT_HYPHEN_FAILURE, ExtProcRetryTrigger.REFUSED_HYPHEN_STREAM] } },
        // A Backend is a DNS name: Envoy Gateway's 30 s would be long where pods come and go.
        ...(object.kind === 'Backend' ? { dns: { dnsRefreshRate: '2s', respectDnsTtl: false } } : {}),
        // A pod that cannot be reached is left out at once, before its address is gone from the endpoints. An active gRPC check is no way to know:
        // Envoy sends the cluster's name as its :authority, and the slashes in the names that Envoy Gateway gives are refused by Node's HTTP/2.
        healthCheck: {
          passive: { splitExternalLocalOriginErrors: true, consecutiveLocalOriginFailures: 2, interval: '1s', baseEjectionTime: '5s', maxEjectionPercent: 50 },
        },
      },
    }],
  };
}

/** Body size, timeouts and the answer while ExtProc is away. */
export function trafficPolicySpec(options: RoutePoliciesOptions): BackendTrafficPolicySpec {
  const { request = DEFAULT_REQUEST_TIMEOUT, idle, firstByte = options.perAttemptTimeout } = options.timeouts;
  const requestTimeout = gatewayDuration(request);
  return {
    targetRefs: targetRefs(options.httpRoutes),
    ...(options.mergeWithGatewayPolicies ? { mergeType: 'StrategicMerge' } : {}),
    // Lifts Envoy's limit of 32 KiB for buffered bodies on these routes alone.
    requestBuffer: { limit: BackendTrafficPolicySpecRequestBufferLimit.fromString(options.bodyLimit.asString()) },
    circuitBreaker: CONCURRENCY,
    timeout: {
      http: {
        requestTimeout,
        // Envoy's default of 5 minutes would end an answer that a model thinks about for longer.
        streamIdleTimeout: idle === undefined ? requestTimeout : gatewayDuration(idle),
      },
    },
    ...(options.tokenLimits.length === 0 ? {} : { rateLimit: { global: { rules: options.tokenLimits.map(rateLimitRule) } } }),
    ...(firstByte === undefined ? {} : {
      // Without retries, Envoy's per-try timeout limits the time to the response headers and lets a stream run on.
      retry: { numRetries: 0, perRetry: { timeout: gatewayDuration(firstByte) }, retryOn: { triggers: [RetryTrigger.CONNECT_HYPHEN_FAILURE] } },
    }),
    responseOverride: [{
      // 500: what Envoy Gateway answers itself while no pod of ExtProc is ready. ExtProc never uses the two before the upstream was called.
      match: { statusCodes: [510, 500].map((value) => ({ type: 'Value', value })) },
      source: Source.LOCAL,
      response: {
        statusCode: 503,
        ...errorBody(options.dialect, 503, 'the gateway is temporarily unavailable; try again shortly'),
        header: { set: [{ name: 'retry-after', value: '2' }] },
      },
    }],
  };
}

/** The answer to a request that ExtProc sent to no backend. */
export function catchAllFilterSpec(dialect: InputDialect): HttpRouteFilterSpec {
  return {
    directResponse: { statusCode: 404, ...errorBody(dialect, 404, 'no backend takes this request') },
  };
}

/** Envoy reads `%` in such a body as the begin of a command: keep it out of the messages. */
function errorBody(dialect: InputDialect, status: number, message: string): { contentType: string; body: { type: string; inline: string } } {
  const { contentType, body } = dialect.error({ status, message });
  return { contentType, body: { type: 'Inline', inline: new TextDecoder().decode(body) } };
}

function targetRefs(httpRoutes: readonly string[]): Array<{ group: string; kind: string; name: string }> {
  return httpRoutes.map((name) => ({ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name }));
}
