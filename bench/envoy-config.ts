import { Certificate } from '../test/providers/certificate';

/** The ways through one Envoy that the benchmark compares, each on a listener of its own. */
export interface BenchPorts {
  readonly admin: number;
  readonly direct: number;
  readonly noOp: number;
  readonly ours: number;
  readonly noOpExtProc: number;
  readonly oursExtProc: number;
  readonly upstream: number;
  /** With mutual TLS between Envoy and ExtProc. */
  readonly oursTls: number;
  readonly oursTlsExtProc: number;
}

/** What Envoy shows and trusts. */
export interface BenchTls {
  readonly client: Certificate;
  readonly authority: string;
  readonly serverName: string;
}

/** Loopback ports; the benchmark is run by hand, one at a time. */
export const PORTS: BenchPorts = {
  admin: 19900, direct: 19910, noOp: 19911, ours: 19912, noOpExtProc: 19913, oursExtProc: 19914, upstream: 19915, oursTls: 19916, oursTlsExtProc: 19917,
};

/** HTTPRoutes that ExtProc finds in `xds.route_name`, by the paths that they take; the longer prefix goes first. */
const HTTP_ROUTES = { '/v1/messages': 'bench/messages', '/': 'bench/chat' };
const BACKENDS = ['kserve', 'bedrock', 'azure', 'claude', 'gemini', 'bedrock-claude'];

const MAX = 10_000;
const CIRCUIT_BREAKERS = { thresholds: [{ max_connections: MAX, max_pending_requests: MAX, max_requests: MAX }] };
const H2 = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';

function cluster(name: string, port: number, grpc: boolean, tls?: BenchTls): unknown {
  return {
    name,
    type: 'STATIC',
    connect_timeout: '2s',
    circuit_breakers: CIRCUIT_BREAKERS,
    load_assignment: {
      cluster_name: name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: '127.0.0.1', port_value: port } } } }] }],
    },
    ...(grpc ? {
      typed_extension_protocol_options: {
        [H2]: {
          '@type': `type.googleapis.com/${H2}`,
          'common_http_protocol_options': { max_requests_per_connection: 800 },
          'explicit_http_config': { http2_protocol_options: {} },
        },
      },
    } : {}),
    ...(tls === undefined ? {} : { transport_socket: tlsSocket(tls) }),
  };
}

/** As Envoy Gateway renders a Backend with clientCertificateRef, but for the secrets, which it gives by SDS. */
function tlsSocket({ client, authority, serverName }: BenchTls): unknown {
  return {
    name: 'envoy.transport_sockets.tls',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext',
      'sni': serverName,
      'common_tls_context': {
        tls_params: { tls_minimum_protocol_version: 'TLSv1_2', tls_maximum_protocol_version: 'TLSv1_3' },
        alpn_protocols: ['h2'],
        tls_certificates: [{ certificate_chain: { inline_string: client.certificate }, private_key: { inline_string: client.privateKey } }],
        validation_context: { trusted_ca: { inline_string: authority }, match_typed_subject_alt_names: [{ san_type: 'DNS', matcher: { exact: serverName } }] },
      },
    },
  };
}

/** As Envoy Gateway renders an EnvoyExtensionPolicy with request body Buffered and response body FullDuplexStreamed. */
function extProcFilter(clusterName: string): unknown {
  return {
    name: 'envoy.filters.http.ext_proc',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor',
      'grpc_service': { envoy_grpc: { cluster_name: clusterName }, timeout: '10s' },
      'message_timeout': '30s',
      'processing_mode': {
        request_header_mode: 'SEND',
        request_body_mode: 'BUFFERED',
        request_trailer_mode: 'SKIP',
        response_header_mode: 'SEND',
        response_body_mode: 'FULL_DUPLEX_STREAMED',
        response_trailer_mode: 'SEND',
      },
      'request_attributes': ['xds.route_name'],
      'response_attributes': ['xds.route_name', 'response.code_details'],
    },
  };
}

const toUpstream = { cluster: 'upstream', timeout: '0s' };

function listener(name: string, port: number, extProcCluster?: string): unknown {
  const picksBackend = extProcCluster?.startsWith('ours') === true;
  const pinned = BACKENDS.map((backend) => ({
    name: `httproute/${backend === 'bedrock-claude' ? 'bench/messages' : 'bench/chat'}/rule/${backend}/match/0/*`,
    match: { prefix: '/', headers: [{ name: 'x-ai-gateway-llm-backend', string_match: { exact: `bench/${backend}` } }] },
    route: toUpstream,
  }));
  const catchAlls = Object.entries(HTTP_ROUTES).map(([prefix, route]) => (
    { name: `httproute/${route}/rule/0/match/0/*`, match: { prefix }, ...(picksBackend ? { direct_response: { status: 404 } } : { route: toUpstream }) }
  ));
  return {
    name,
    address: { socket_address: { address: '127.0.0.1', port_value: port } },
    per_connection_buffer_limit_bytes: 52_428_800,
    filter_chains: [{
      filters: [{
        name: 'envoy.filters.network.http_connection_manager',
        typed_config: {
          '@type': 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
          'stat_prefix': name,
          'route_config': { virtual_hosts: [{ name: 'all', domains: ['*'], routes: picksBackend ? [...pinned, ...catchAlls] : catchAlls }] },
          'http_filters': [
            ...(extProcCluster === undefined ? [] : [extProcFilter(extProcCluster)]),
            { name: 'envoy.filters.http.router', typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router' } },
          ],
        },
      }],
    }],
  };
}

/** Envoy's bootstrap for the benchmark. */
export function envoyConfig(tls: BenchTls): unknown {
  return {
    admin: { address: { socket_address: { address: '127.0.0.1', port_value: PORTS.admin } } },
    layered_runtime: {
      layers: [{ name: 'static', static_layer: { 'envoy.reloadable_features.ext_proc_graceful_grpc_close': true } }],
    },
    static_resources: {
      listeners: [listener('direct', PORTS.direct), listener('noOp', PORTS.noOp, 'no-op'), listener('ours', PORTS.ours, 'ours'), listener('oursTls', PORTS.oursTls, 'ours-tls')],
      clusters: [
        cluster('upstream', PORTS.upstream, false), cluster('no-op', PORTS.noOpExtProc, true), cluster('ours', PORTS.oursExtProc, true),
        cluster('ours-tls', PORTS.oursTlsExtProc, true, tls),
      ],
    },
  };
}
