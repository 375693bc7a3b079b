import { Chart } from 'cdk8s';
import { Construct } from 'constructs';

/**
 * The namespace of the objects that a construct emits. Each of them gets it written out, also `default`: the header that pins a request to
 * its backend holds `<namespace>/<name>`, so where an object ends up must not depend on who applies it.
 */
export function namespaceOf(scope: Construct): string {
  return Chart.of(scope).namespace ?? 'default';
}
