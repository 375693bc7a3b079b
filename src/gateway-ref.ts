/** Which part of a Gateway is meant. */
export interface GatewayRefOptions {
  /**
   * Name of the listener.
   *
   * @default - every listener that lets the route in
   */
  readonly sectionName?: string;

  /**
   * Port of the listeners.
   *
   * @default - listeners on any port
   */
  readonly port?: number;
}

/** A Gateway by its name: one that already exists, or the one of an LlmGateway. */
export class GatewayRef {
  /**
   * A Gateway that somebody else made.
   *
   * @param name name of the Gateway
   * @param namespace namespace of the Gateway. Without it: the namespace of whatever refers to the Gateway
   */
  public static named(name: string, namespace?: string, options: GatewayRefOptions = {}): GatewayRef {
    return new GatewayRef(name, namespace, options);
  }

  /** Name of the Gateway. */
  public readonly name: string;

  /** Namespace of the Gateway; undefined: the namespace of whatever refers to it. */
  public readonly namespace?: string;

  /** Name of the listener; undefined: any. */
  public readonly sectionName?: string;

  /** Port of the listeners; undefined: any. */
  public readonly port?: number;

  private constructor(name: string, namespace: string | undefined, options: GatewayRefOptions) {
    this.name = name;
    this.namespace = namespace;
    this.sectionName = options.sectionName;
    this.port = options.port;
  }
}
