export interface BudgetLimits {
  /** Bytes of one message, with what stands around the body. */
  readonly message: number;
  /** Bytes of all messages of a connection that are in memory at once. */
  readonly connection: number;
  /** The same over all connections. */
  readonly process: number;
}

/** Counts the bytes of messages that are being received or worked on. */
export class BodyBudget {
  private used = 0;

  constructor(readonly limits: BudgetLimits) {}

  /** Bytes in use over all connections. */
  get inUse(): number {
    return this.used;
  }

  connection(): ConnectionBudget {
    let used = 0;
    return {
      take: (bytes) => {
        if (bytes > this.limits.message || used + bytes > this.limits.connection || this.used + bytes > this.limits.process) return false;
        used += bytes;
        this.used += bytes;
        return true;
      },
      give: (bytes) => {
        used -= bytes;
        this.used -= bytes;
      },
    };
  }
}

export interface ConnectionBudget {
  /** False: there is no room, and nothing was taken. */
  take(bytes: number): boolean;
  give(bytes: number): void;
}
