import { ObjectMeta } from './object-meta';

/** The part of a Gateway API HTTPRoute (gateway.networking.k8s.io/v1) that routing reads. */
export interface HTTPRoute {
  readonly kind: 'HTTPRoute';
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly hostnames?: readonly string[];
    readonly rules?: readonly HTTPRouteRule[];
  };
}

export interface HTTPRouteRule {
  readonly name?: string;
  readonly matches?: readonly HTTPRouteMatch[];
  readonly backendRefs?: readonly HTTPBackendRef[];
}

export interface HTTPRouteMatch {
  /** @default PathPrefix / */
  readonly path?: { readonly type?: 'Exact' | 'PathPrefix' | 'RegularExpression'; readonly value?: string };
  readonly method?: string;
  readonly headers?: ReadonlyArray<{ readonly type?: 'Exact' | 'RegularExpression'; readonly name: string; readonly value: string }>;
  readonly queryParams?: ReadonlyArray<{ readonly type?: 'Exact' | 'RegularExpression'; readonly name: string; readonly value: string }>;
}

export interface HTTPBackendRef {
  readonly group?: string;
  readonly kind?: string;
  readonly name: string;
  readonly namespace?: string;
  readonly port?: number;
  /** @default 1 */
  readonly weight?: number;
}

/** The part of an Envoy Gateway Backend (gateway.envoyproxy.io/v1alpha1) that says where it is. */
export interface EnvoyGatewayBackend {
  readonly kind: 'Backend';
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly endpoints?: ReadonlyArray<{
      readonly fqdn?: { readonly hostname: string; readonly port: number };
      readonly ip?: { readonly address: string; readonly port: number };
      readonly hostname?: string;
    }>;
    readonly tls?: {
      readonly wellKnownCACertificates?: string;
      readonly caCertificateRefs?: ReadonlyArray<{ readonly kind?: string; readonly name: string }>;
      readonly sni?: string;
      readonly insecureSkipVerify?: boolean;
    };
  };
}

export interface BackendTLSPolicy {
  readonly kind: 'BackendTLSPolicy';
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly targetRefs: ReadonlyArray<{ readonly group: string; readonly kind: string; readonly name: string; readonly sectionName?: string }>;
    readonly validation: {
      readonly hostname: string;
      readonly wellKnownCACertificates?: string;
      readonly caCertificateRefs?: ReadonlyArray<{ readonly group: string; readonly kind: string; readonly name: string }>;
    };
  };
}

export interface ReferenceGrant {
  readonly kind: 'ReferenceGrant';
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly from: ReadonlyArray<{ readonly group: string; readonly kind: string; readonly namespace: string }>;
    readonly to: ReadonlyArray<{ readonly group: string; readonly kind: string; readonly name?: string }>;
  };
}

/** A Secret with its values decoded. Never logged, never echoed. */
export interface Secret {
  readonly kind: 'Secret';
  readonly metadata: ObjectMeta;
  readonly data: ReadonlyMap<string, Uint8Array>;
}

export interface ConfigMap {
  readonly kind: 'ConfigMap';
  readonly metadata: ObjectMeta;
  readonly data: Readonly<Record<string, string>>;
}
