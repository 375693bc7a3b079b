import { Lazy, Size } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { ExtProcAccess } from './ext-proc-access';
import { extProcNetworkPolicy } from './ext-proc-network-policy';
import { ADMIN_PORT, extProcPodTemplate, GRPC_PORT } from './ext-proc-pod';
import { ExtProcSettings } from './ext-proc-settings';
import { ExtProcTlsBackend } from './ext-proc-tls-backend';
import { ExtProcTlsMaterial } from './ext-proc-tls-material';
import { GatewayRef } from './gateway-ref';
import { RouteAttachment } from './route-attachment';
import { selectorLabels, standardLabels } from './standard-labels';

interface ExtProcWorkloadProps {
  readonly settings: ExtProcSettings;
  /** Absent: a generated name. */
  readonly name?: string;
  readonly namespace: string;
  /** The Gateway whose Envoy calls ExtProc; with its namespace. */
  readonly gateway: GatewayRef;
  /** Routes that ExtProc serves; more may come until synth. */
  readonly attachments: readonly RouteAttachment[];
}

/** ExtProc in the cluster: Deployment, Service, ServiceAccount, PodDisruptionBudget, NetworkPolicy, Roles, and what TLS and a HorizontalPodAutoscaler need if wanted. */
export class ExtProcWorkload extends Construct {
  /** Name of the Service and of everything else. */
  readonly name: string;

  private readonly access: ExtProcAccess;
  private readonly tls?: ExtProcTlsMaterial;

  constructor(scope: Construct, id: string, private readonly props: ExtProcWorkloadProps) {
    super(scope, id);
    const { settings, namespace, gateway, attachments } = props;
    const deployment = new k8s.KubeDeployment(this, 'Resource', {
      metadata: { namespace, ...props.name === undefined ? {} : { name: props.name } }, spec: Lazy.any({ produce: () => this.deployment() }),
    });
    this.name = deployment.name;
    const labels = standardLabels('extproc', this.name);
    for (const [label, value] of Object.entries(labels)) deployment.metadata.addLabel(label, value);
    const metadata = { name: this.name, namespace, labels };

    const serviceAccount = new k8s.KubeServiceAccount(this, 'ServiceAccount', { metadata: { ...metadata, annotations: settings.serviceAccountAnnotations } });
    deployment.addDependency(serviceAccount);
    this.access = new ExtProcAccess(this, 'Access', { name: this.name, namespace, attachments, pods: deployment });
    const extProc = { name: this.name, namespace };
    this.tls = settings.tls?._bind(scope.node.path, this, extProc);
    if (this.tls !== undefined) new ExtProcTlsBackend(this, 'Tls', { extProc, tls: this.tls, gateway });
    new k8s.KubeService(this, 'Service', { metadata, spec: this.service() });
    new k8s.KubePodDisruptionBudget(this, 'PodDisruptionBudget', {
      metadata,
      spec: {
        maxUnavailable: k8s.IntOrString.fromNumber(1),
        selector: { matchLabels: selectorLabels('extproc', this.name) },
        unhealthyPodEvictionPolicy: 'AlwaysAllow', // a pod that is not ready serves nobody: it must not hold up the drain of its node
      },
    });
    new k8s.KubeNetworkPolicy(this, 'NetworkPolicy', { metadata, spec: extProcNetworkPolicy(this.name, gateway, settings) });
    if (settings.autoscaling) new k8s.KubeHorizontalPodAutoscalerV2(this, 'HorizontalPodAutoscaler', { metadata, spec: this.autoscaler(settings.autoscaling) });
  }

  /** Largest request body that ExtProc takes. */
  get bodyLimit(): Size {
    return this.props.settings.bodyLimit;
  }

  get isMutualTls(): boolean {
    return this.tls !== undefined;
  }

  /** What the EnvoyExtensionPolicies name. */
  get backendRef(): { readonly group: string; readonly kind: string; readonly name: string; readonly port?: number } {
    return this.tls === undefined ? { group: '', kind: 'Service', name: this.name, port: GRPC_PORT } : { group: 'gateway.envoyproxy.io', kind: 'Backend', name: this.name };
  }

  private deployment(): k8s.DeploymentSpec {
    const { settings } = this.props;
    return {
      // Left to the autoscaler where there is one: a number here would undo its work with every apply.
      replicas: settings.autoscaling ? undefined : settings.replicas,
      selector: { matchLabels: selectorLabels('extproc', this.name) },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: k8s.IntOrString.fromNumber(0), maxSurge: k8s.IntOrString.fromNumber(1) } },
      template: extProcPodTemplate(this.name, this.props.namespace, settings, this.access.readNamespaces, this.tls),
    };
  }

  private service(): k8s.ServiceSpec {
    return {
      type: 'ClusterIP',
      selector: selectorLabels('extproc', this.name),
      ports: [
        { name: 'grpc', port: GRPC_PORT, targetPort: k8s.IntOrString.fromString('grpc'), protocol: 'TCP', appProtocol: this.tls === undefined ? 'kubernetes.io/h2c' : 'https' },
        { name: 'admin', port: ADMIN_PORT, targetPort: k8s.IntOrString.fromString('admin'), protocol: 'TCP', appProtocol: 'http' },
      ],
    };
  }

  private autoscaler({ minReplicas, maxReplicas, targetCpuUtilizationPercent }: NonNullable<ExtProcSettings['autoscaling']>): k8s.HorizontalPodAutoscalerSpecV2 {
    return {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: this.name },
      minReplicas,
      maxReplicas,
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: targetCpuUtilizationPercent } } }],
    };
  }
}
