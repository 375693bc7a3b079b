/** A kind of object as the API server serves it. */
export interface ResourceKind {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
}

/** As the API server wrote it; `apiVersion` and `kind` may be absent in lists. */
export interface ClusterObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly generation?: number;
    readonly resourceVersion?: string;
    readonly uid?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** Objects of one kind in one namespace, or one of them by its name, kept as they are in the cluster. */
export interface Following {
  /** The first list has been answered, if only by a refusal. */
  readonly synced: boolean;
  objects(): readonly ClusterObject[];
  stop(): void;
}

export interface FollowListener {
  /** The objects have changed, or `synced` has become true. */
  changed(): void;
  /** Nothing but the status of an object has changed: this process or somebody else wrote it. */
  statusChanged?(): void;
  /** Something went wrong; it is tried again, ever more seldom. */
  failed(error: ClusterError): void;
}

/** What the API server, or the way to it, said. */
export class ClusterError extends Error {
  constructor(
    message: string,
    /** HTTP status; absent: no answer. */
    readonly status?: number,
  ) {
    super(message);
    this.name = 'ClusterError';
  }
}

/** The part of the Kubernetes API that ExtProc uses. */
export interface ClusterClient {
  /** `name`: of the only object to be followed, for access that is granted by name. */
  follow(resource: ResourceKind, namespace: string, name: string | undefined, listener: FollowListener): Following;
  /** Replaces `status` by a merge patch on the status subresource. Throws `ClusterError`. */
  patchStatus(resource: ResourceKind, namespace: string, name: string, status: unknown): Promise<void>;
  /** `undefined`: there is none. Throws `ClusterError`. */
  readLease(namespace: string, name: string): Promise<Lease | undefined>;
  /** Creates the Lease, or writes the one of this `resourceVersion`. False: somebody else was faster. Throws `ClusterError`. */
  writeLease(namespace: string, name: string, lease: Lease): Promise<boolean>;
}

/** coordination.k8s.io/v1 Lease, as far as leader election needs it. */
export interface Lease {
  readonly holder: string;
  readonly durationSeconds: number;
  /** Milliseconds since the epoch. */
  readonly renewTime: number;
  readonly transitions: number;
  readonly resourceVersion?: string;
}
