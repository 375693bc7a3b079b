import { ISecret } from 'cdk8s-plus-28';
import { GatewaySpecListeners, GatewaySpecListenersTlsMode } from '../imports/gateway.networking.k8s.io';

/** What both kinds of listeners have. */
export interface GatewayListenerOptions {
  /**
   * Name of the listener, unique in its Gateway.
   *
   * @default - `http` or `https`
   */
  readonly name?: string;

  /**
   * Port that clients connect to: 1 to 65535.
   *
   * @default - 80, or 443 for HTTPS
   */
  readonly port?: number;

  /**
   * Host that the listener answers for, such as `llm.example.com` or `*.example.com`.
   *
   * @default - every host
   */
  readonly hostname?: string;
}

const HOSTNAME = /^(\*\.)?[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$/;
const SECTION_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** A port of a Gateway. */
export class GatewayListener {
  /** HTTP without TLS. */
  public static http(options: GatewayListenerOptions = {}): GatewayListener {
    return new GatewayListener('HTTP', options.name ?? 'http', options.port ?? 80, options.hostname, []);
  }

  /**
   * HTTPS.
   *
   * @param certificates Secrets of type `kubernetes.io/tls` in the LlmGateway's namespace; several for certificates of several hosts
   */
  public static https(certificates: ISecret[], options: GatewayListenerOptions = {}): GatewayListener {
    return new GatewayListener('HTTPS', options.name ?? 'https', options.port ?? 443, options.hostname, certificates);
  }

  /** Name of the listener. */
  public readonly name: string;

  /** Port that clients connect to. */
  public readonly port: number;

  /** Host that the listener answers for; undefined: every host. */
  public readonly hostname?: string;

  private constructor(private readonly protocol: 'HTTP' | 'HTTPS', name: string, port: number, hostname: string | undefined, private readonly certificates: ISecret[]) {
    this.name = name;
    this.port = port;
    this.hostname = hostname;
  }

  /**
   * What Gateway API would refuse, in words.
   *
   * @internal
   */
  public _problem(): string | undefined {
    if (!SECTION_NAME.test(this.name) || this.name.length > 253) {
      return `name "${this.name}" is not allowed; allowed: lowercase letters, digits, "-" and "."; choose a name such as "http"`;
    }
    if (!Number.isInteger(this.port) || this.port < 1 || this.port > 65_535) return `port ${this.port} is not allowed; allowed: whole numbers from 1 to 65535`;
    if (this.hostname !== undefined && (!HOSTNAME.test(this.hostname) || this.hostname.length > 253)) {
      return `hostname "${this.hostname}" is not allowed; allowed: a lowercase DNS name, without port, or one after "*."; leave it out for every host`;
    }
    if (this.protocol === 'HTTPS' && this.certificates.length === 0) return 'certificates is empty; give the Secret of at least one certificate, or use GatewayListener.http()';
    return undefined;
  }

  /**
   * Why the two cannot be listeners of one Gateway, in words.
   *
   * @internal
   */
  public _conflict(other: GatewayListener): string | undefined {
    if (this.name === other.name) return 'have the same name; give each a name of its own';
    if (this.port !== other.port) return undefined;
    if (this.protocol !== other.protocol) return `are HTTP and HTTPS on one port, ${this.port}; give each a port of its own`;
    if (this.hostname === other.hostname) return `have the same port, ${this.port}, and the same hostname; change one of them`;
    return undefined;
  }

  /** @internal */
  public get _isTls(): boolean {
    return this.protocol === 'HTTPS';
  }

  /** @internal */
  public _toKube(allowedRoutes: GatewaySpecListeners['allowedRoutes']): GatewaySpecListeners {
    return {
      name: this.name,
      port: this.port,
      protocol: this.protocol,
      hostname: this.hostname,
      allowedRoutes,
      tls: this.certificates.length === 0 ? undefined : {
        mode: GatewaySpecListenersTlsMode.TERMINATE,
        certificateRefs: this.certificates.map(({ name }) => ({ kind: 'Secret', name })),
      },
    };
  }
}
