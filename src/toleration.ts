import { Duration } from 'cdk8s';
import { TaintEffect } from 'cdk8s-plus-28';

/**
 * Which taints of a node are no obstacle. Without any member: none is.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
 */
export interface Toleration {
  /**
   * Key of the taint.
   *
   * @default - taints with any key
   */
  readonly key?: string;

  /**
   * Value of the taint; needs `key`.
   *
   * @default - taints with any value
   */
  readonly value?: string;

  /**
   * Effect of the taint.
   *
   * @default - taints with any effect
   */
  readonly effect?: TaintEffect;

  /**
   * How long a pod stays on a node that is tainted with `NO_EXECUTE` while it runs, in whole seconds.
   *
   * @default - for ever
   */
  readonly evictAfter?: Duration;
}
