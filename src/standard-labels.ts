/**
 * Kubernetes' recommended labels, the same on everything that belongs to one component
 * (https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/).
 */
export function standardLabels(component: 'gateway' | 'extproc' | 'route' | 'backend', instance: string): Record<string, string> {
  return {
    'app.kubernetes.io/name': 'llmgw',
    // A label's value ends at 63 characters, a name may be longer.
    ...instance.length > 63 ? {} : { 'app.kubernetes.io/instance': instance },
    'app.kubernetes.io/component': component,
    'app.kubernetes.io/managed-by': 'cdk8s',
  };
}

/** The part of `standardLabels` that a selector may hold: it can never change, so it holds nothing that might. */
export function selectorLabels(component: 'gateway' | 'extproc', instance: string): Record<string, string> {
  return { 'app.kubernetes.io/name': 'llmgw', 'app.kubernetes.io/instance': instance, 'app.kubernetes.io/component': component };
}
