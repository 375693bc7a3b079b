import { Lazy, Size } from 'cdk8s';
import { Construct } from 'constructs';
import { AccessOptions } from './access-options';
import { clientCertificateDefects, clientCertificatePolicySpec } from './client-certificates';
import { ExtProcOptions } from './ext-proc-options';
import { extProcSettings } from './ext-proc-settings';
import { ExtProcWorkload } from './ext-proc-workload';
import { GatewayListener } from './gateway-listener';
import { GatewayRef } from './gateway-ref';
import { namespaceOf } from './namespace-of';
import { AccessSource } from './route-access';
import { RouteAttachment } from './route-attachment';
import { standardLabels } from './standard-labels';
import { ClientTrafficPolicy, EnvoyProxy, EnvoyProxySpec, EnvoyProxySpecBootstrapJsonPatchesOp, EnvoyProxySpecBootstrapType } from '../imports/gateway.envoyproxy.io';
import {
  Gateway, GatewaySpec, GatewaySpecListenersAllowedRoutes, GatewaySpecListenersAllowedRoutesNamespacesFrom, ReferenceGrant,
} from '../imports/gateway.networking.k8s.io';

/** Properties of `LlmGateway`: exactly one of `gatewayClassName` and `gateway`. */
export interface LlmGatewayProps extends AccessOptions {
  /**
   * Name of the Gateway and the EnvoyProxy that are made, and, followed by `-extproc`, of everything of ExtProc's; at most 54 characters.
   *
   * @default - generated names
   */
  readonly name?: string;

  /**
   * GatewayClass of Envoy Gateway, which exists already: a Gateway of this class is made. Its own EnvoyProxy then stands in for the one that
   * the GatewayClass may name.
   *
   * @default - no Gateway is made; `gateway` names one
   */
  readonly gatewayClassName?: string;

  /**
   * A Gateway that exists already, and may be shared with others. Its listeners have to allow routes from the namespaces of the LlmRoutes.
   *
   * @default - a Gateway of the class `gatewayClassName` is made
   */
  readonly gateway?: GatewayRef;

  /**
   * Ports of the Gateway that is made. Not together with `gateway`.
   *
   * @default - `GatewayListener.http()`: HTTP on port 80
   */
  readonly listeners?: GatewayListener[];

  /**
   * How ExtProc runs.
   *
   * @default - see the members of `ExtProcOptions`
   */
  readonly extProc?: ExtProcOptions;
}

/**
 * An LLM gateway: a Gateway, its own or an existing one, and ExtProc, the server that Envoy asks about the requests of every LlmRoute. Nothing
 * that it makes concerns other routes of the Gateway.
 *
 * @example
 * import { App, Chart } from 'cdk8s';
 * import { GatewayRef, LlmGateway } from 'cdk8s-llm-gateway';
 *
 * const chart = new Chart(new App(), 'llm', { namespace: 'llm' });
 * new LlmGateway(chart, 'Gateway', { gatewayClassName: 'eg' });
 * new LlmGateway(chart, 'Shared', { gateway: GatewayRef.named('shared', 'infra') });
 */
export class LlmGateway extends Construct {
  /** The Gateway, with its namespace. */
  public readonly gateway: GatewayRef;

  /** Namespace of ExtProc, and of the Gateway if it is made here. */
  public readonly namespace: string;

  private readonly extProc: ExtProcWorkload;
  private readonly attachments: RouteAttachment[] = [];

  /** Throws where the properties contradict each other, or hold what Kubernetes would refuse. */
  constructor(scope: Construct, id: string, private readonly props: LlmGatewayProps) {
    super(scope, id);
    const settings = extProcSettings(this.node.path, props.extProc ?? {});
    this.checkName(props.name);
    this.namespace = namespaceOf(this);
    this.gateway = this.gatewayOf(props);
    this.askForCertificates(props);
    this.extProc = new ExtProcWorkload(this, 'ExtProc', {
      settings, name: props.name && `${props.name}-extproc`, namespace: this.namespace, gateway: this.gateway, attachments: this.attachments,
    });
    this.node.addValidation({
      validate: () => this.attachments.length > 0 ? this.namesakes() : [
        'an LlmGateway without an LlmRoute does nothing; add a route with new LlmRoute(this, \'Chat\', { gateway }), or remove the LlmGateway',
      ],
    });
  }

  /**
   * What an EnvoyExtensionPolicy names, and the largest body that it takes.
   *
   * @internal
   */
  public get _extProc(): { readonly name: string; readonly namespace: string; readonly backendRef: ExtProcWorkload['backendRef']; readonly bodyLimit: Size } {
    const { name, backendRef, bodyLimit } = this.extProc;
    return { name, namespace: this.namespace, backendRef, bodyLimit };
  }

  /**
   * What holds for its routes where they do not say otherwise.
   *
   * @internal
   */
  public get _access(): AccessSource {
    return { options: this.props, namespace: this.namespace };
  }

  /**
   * Called by each LlmRoute of this gateway.
   *
   * @internal
   */
  public _attach(attachment: RouteAttachment): void {
    this.attachments.push(attachment);
    this.grantExtProc(attachment.namespace);
  }

  /** Two gateways of one name share the names of all their objects, and the last one applied would stand. */
  private namesakes(): string[] {
    return this.node.root.node.findAll().filter((other): other is LlmGateway => other instanceof LlmGateway && other !== this)
      .filter(({ extProc, namespace }) => extProc.name === this.extProc.name && namespace === this.namespace)
      .map(({ node }) => `${node.path} has the same name in namespace ${this.namespace}: ExtProc of both is ${this.extProc.name}; give one of the two another name`);
  }

  private checkName(name: string | undefined): void {
    // A label holds it with -extproc.
    if (name === undefined || /^[a-z]([-a-z0-9]{0,52}[a-z0-9])?$/.test(name)) return;
    throw new Error(`${this.node.path}: name "${name}" is not allowed; allowed: at most 54 lowercase letters, digits and "-", a letter first; leave it out for a generated one`);
  }

  private gatewayOf({ name: ownName, gatewayClassName, gateway, listeners }: LlmGatewayProps): GatewayRef {
    if ((gatewayClassName === undefined) === (gateway === undefined)) {
      const given = gateway === undefined ? 'neither gatewayClassName nor gateway is given' : 'gatewayClassName and gateway are both given';
      throw new Error(`${this.node.path}: ${given}; give gatewayClassName to make a Gateway, or gateway to use an existing one`);
    }
    if (gatewayClassName !== undefined) return this.ownGateway(ownName, gatewayClassName, listeners ?? [GatewayListener.http()]);
    if (listeners !== undefined) {
      throw new Error(`${this.node.path}: listeners is given together with gateway, but the listeners of an existing Gateway are its owner's; leave listeners out`);
    }
    const { name, namespace, sectionName, port } = gateway!;
    return GatewayRef.named(name, namespace ?? this.namespace, { sectionName, port });
  }

  private askForCertificates({ clientAuth, gatewayClassName, listeners }: LlmGatewayProps): void {
    const mtls = clientAuth?._parts.mtls;
    if (mtls === undefined) return;
    if (gatewayClassName === undefined) {
      throw new Error(`${this.node.path}: clientAuth has mtls: Envoy asks for certificates by listener, so other routes of the Gateway ${this.gateway.name} would be asked for them too; `
        + 'have its owner do that (ClientTrafficPolicy), or make a Gateway by gatewayClassName');
    }
    const [httpListener] = (listeners ?? [GatewayListener.http()]).filter((listener) => !listener._isTls);
    for (const defect of clientCertificateDefects(mtls, this.namespace, httpListener?.name)) throw new Error(`${this.node.path}: clientAuth: ${defect}`);
    const { name } = this.gateway;
    new ClientTrafficPolicy(this, 'ClientTrafficPolicy', {
      metadata: { name, namespace: this.namespace, labels: standardLabels('gateway', name) }, spec: clientCertificatePolicySpec(name, mtls),
    });
  }

  private ownGateway(name: string | undefined, gatewayClassName: string, listeners: readonly GatewayListener[]): GatewayRef {
    if (gatewayClassName === '') throw new Error(`${this.node.path}: gatewayClassName is empty; give the name of a GatewayClass of Envoy Gateway, such as "eg"`);
    this.checkListeners(listeners);
    // The EnvoyProxy comes first: a Gateway that names one which is not there yet is refused for a moment.
    const metadata = { namespace: this.namespace, ...name === undefined ? {} : { name } };
    const envoyProxy = new EnvoyProxy(this, 'EnvoyProxy', { metadata, spec: ENVOY_PROXY });
    const gateway = new Gateway(this, 'Resource', {
      metadata,
      spec: Lazy.any({ produce: () => this.gatewaySpec(gatewayClassName, envoyProxy.name, listeners) }),
    });
    for (const [label, value] of Object.entries(standardLabels('gateway', gateway.name))) {
      envoyProxy.metadata.addLabel(label, value);
      gateway.metadata.addLabel(label, value);
    }
    return GatewayRef.named(gateway.name, this.namespace);
  }

  private checkListeners(listeners: readonly GatewayListener[]): void {
    // Gateway API allows 1 to 64.
    if (listeners.length === 0 || listeners.length > 64) {
      throw new Error(`${this.node.path}: listeners has ${listeners.length} entries; allowed: 1 to 64; leave listeners out for one of HTTP on port 80`);
    }
    listeners.forEach((listener, index) => {
      const problem = listener._problem();
      if (problem !== undefined) throw new Error(`${this.node.path}: listeners[${index}].${problem}`);
      listeners.slice(0, index).forEach((earlier, other) => {
        const conflict = earlier._conflict(listener);
        if (conflict !== undefined) throw new Error(`${this.node.path}: listeners[${other}] "${earlier.name}" and listeners[${index}] "${listener.name}" ${conflict}`);
      });
    });
  }

  private gatewaySpec(gatewayClassName: string, envoyProxy: string, listeners: readonly GatewayListener[]): GatewaySpec {
    return {
      gatewayClassName,
      infrastructure: { parametersRef: { group: 'gateway.envoyproxy.io', kind: 'EnvoyProxy', name: envoyProxy } },
      listeners: listeners.map((listener) => listener._toKube(this.allowedRoutes())),
    };
  }

  /** Routes from the namespaces of our LlmRoutes, with mutual TLS also from that of ExtProc, and from no other. */
  private allowedRoutes(): GatewaySpecListenersAllowedRoutes {
    const own = this.extProc.isMutualTls ? [this.namespace] : [];
    const namespaces = [...new Set([...own, ...this.attachments.map(({ namespace }) => namespace)])].sort();
    if (namespaces.every((namespace) => namespace === this.namespace)) return { namespaces: { from: GatewaySpecListenersAllowedRoutesNamespacesFrom.SAME } };
    return {
      namespaces: {
        from: GatewaySpecListenersAllowedRoutesNamespacesFrom.SELECTOR,
        selector: { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: namespaces }] },
      },
    };
  }

  /** Lets the EnvoyExtensionPolicies of another namespace name ExtProc: without it Envoy Gateway answers their routes with 500. */
  private grantExtProc(namespace: string): void {
    const id = `Grant-${namespace}`;
    if (namespace === this.namespace || this.node.tryFindChild(id)) return;
    const { group, kind, name } = this.extProc.backendRef;
    new ReferenceGrant(this, id, {
      metadata: { namespace: this.namespace, labels: standardLabels('extproc', this.extProc.name) },
      spec: {
        from: [{ group: 'gateway.envoyproxy.io', kind: 'EnvoyExtensionPolicy', namespace }],
        to: [{ group, kind, name }],
      },
    });
  }
}

/**
 * Envoy ends each stream to ExtProc by a reset unless told to close it in order; HTTP/2 servers take a burst of resets for an attack and close
 * the connection under the requests that are under way.
 */
const ENVOY_PROXY: EnvoyProxySpec = {
  bootstrap: {
    type: EnvoyProxySpecBootstrapType.JSON_PATCH,
    jsonPatches: [{
      op: EnvoyProxySpecBootstrapJsonPatchesOp.ADD,
      path: '/layered_runtime/layers/0/static_layer/envoy.reloadable_features.ext_proc_graceful_grpc_close',
      value: true,
    }],
  },
};
