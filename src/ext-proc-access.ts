import { ApiObject, Lazy } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { API_GROUP } from './resources/object-meta';
import { ObjectName, RouteAttachment } from './route-attachment';
import { standardLabels } from './standard-labels';

interface ExtProcAccessProps {
  /** Name of ExtProc's ServiceAccount; the Roles get it as well. */
  readonly name: string;
  /** Namespace of the ServiceAccount. */
  readonly namespace: string;
  readonly attachments: readonly RouteAttachment[];
  /** What runs under the ServiceAccount: it comes after its rights. */
  readonly pods: ApiObject;
}

const READ = ['list', 'watch'];

/** What ExtProc may do in the cluster: a Role and a RoleBinding in each namespace that it reads, and Leases in its own. */
export class ExtProcAccess extends Construct {
  constructor(scope: Construct, id: string, private readonly props: ExtProcAccessProps) {
    super(scope, id);
    // The replicas agree by a Lease on which of them writes status. Emitted here, it goes with all else when that is deleted.
    const lease = new k8s.KubeLease(this, 'Lease', { metadata: { name: props.name, namespace: props.namespace, labels: standardLabels('extproc', props.name) } });
    props.pods.addDependency(lease);
    this.allow('Leases', `${props.name}-leases`, props.namespace, () => [
      { apiGroups: ['coordination.k8s.io'], resources: ['leases'], resourceNames: [props.name], verbs: ['get', 'patch'] },
    ]);
    // Which namespaces there are is known when every rule was added. Validation is the last that cdk8s calls before it collects the objects.
    this.node.addValidation({
      validate: () => {
        this.allowReading();
        return [];
      },
    });
  }

  /** Namespaces whose resources the routes need, in order. */
  get readNamespaces(): string[] {
    return inOrder(this.props.attachments.flatMap((attachment) => [attachment.namespace, ...attachment.readNamespaces()]));
  }

  /** Adds what is missing; may run more than once, as cdk8s validates more than once. */
  private allowReading(): void {
    const { name, namespace: own } = this.props;
    for (const namespace of inOrder([...this.readNamespaces, ...[...this.secrets, ...this.configMaps].map((object) => object.namespace)])) {
      if (this.node.tryFindChild(namespace)) continue;
      // In another namespace the name alone might be that of a like-named gateway of somebody else.
      this.allow(namespace, namespace === own ? name : `${name}-${own}`, namespace, () => [
        ...(this.readNamespaces.includes(namespace) ? CONFIGURATION_RULES : []),
        ...byName('secrets', namespace, this.secrets),
        ...byName('configmaps', namespace, this.configMaps),
      ]);
    }
  }

  private get secrets(): ObjectName[] {
    return this.props.attachments.flatMap((attachment) => attachment.readSecrets());
  }

  private get configMaps(): ObjectName[] {
    return this.props.attachments.flatMap((attachment) => attachment.readConfigMaps());
  }

  private allow(id: string, name: string, namespace: string, rules: () => k8s.PolicyRule[]): void {
    const metadata = { name, namespace, labels: standardLabels('extproc', this.props.name) };
    const scope = new Construct(this, id);
    const role = new k8s.KubeRole(scope, 'Role', { metadata, rules: Lazy.any({ produce: rules }) });
    const binding = new k8s.KubeRoleBinding(scope, 'RoleBinding', {
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name: this.props.name, namespace: this.props.namespace }],
    });
    // Pods that start before they have their rights would have to wait for them. Object by object: cdk8s resolves constructs before it validates.
    this.props.pods.addDependency(role, binding);
  }
}

const CONFIGURATION_RULES: readonly k8s.PolicyRule[] = [
  { apiGroups: [API_GROUP], resources: ['llmroutes', 'llmbackends'], verbs: READ },
  { apiGroups: [API_GROUP], resources: ['llmroutes/status', 'llmbackends/status'], verbs: ['patch'] },
  { apiGroups: ['gateway.networking.k8s.io'], resources: ['httproutes', 'backendtlspolicies', 'referencegrants'], verbs: READ },
  { apiGroups: ['gateway.envoyproxy.io'], resources: ['backends'], verbs: READ },
];

/** List and watch are allowed as well, for requests with the field selector `metadata.name=<name>`. */
function byName(resource: string, namespace: string, objects: readonly ObjectName[]): k8s.PolicyRule[] {
  const resourceNames = inOrder(objects.filter((object) => object.namespace === namespace).map(({ name }) => name));
  // Without names the rule would be for every object of the namespace.
  return resourceNames.length === 0 ? [] : [{ apiGroups: [''], resources: [resource], resourceNames, verbs: READ }];
}

function inOrder(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
