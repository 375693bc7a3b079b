import { Duration, Size } from 'cdk8s';
import { ContainerResources, ImagePullPolicy, ISecret, Topology } from 'cdk8s-plus-28';
import { ExtProcAutoscaling } from './ext-proc-autoscaling';
import { ExtProcLogLevel } from './ext-proc-log-level';
import { ExtProcProxy } from './ext-proc-proxy';
import { ExtProcTls } from './ext-proc-tls';
import { Toleration } from './toleration';

/** How ExtProc runs: the server that Envoy asks about every request and answer. */
export interface ExtProcOptions {
  /**
   * Container image; its entrypoint is `llmgw`.
   *
   * @default - `ghcr.io/cdk8s-llm-gateway/llmgw`, with the version of this package as its tag
   */
  readonly image?: string;

  /**
   * When the kubelet pulls the image.
   *
   * @default - Kubernetes' own rule: `ALWAYS` for the tag `latest` or no tag, else `IF_NOT_PRESENT`
   */
  readonly imagePullPolicy?: ImagePullPolicy;

  /**
   * Secrets of type `kubernetes.io/dockerconfigjson`, in the LlmGateway's namespace, to pull the image with.
   *
   * @default - none
   */
  readonly imagePullSecrets?: ISecret[];

  /**
   * Number of pods. Not together with `autoscaling`.
   *
   * @default 2
   */
  readonly replicas?: number;

  /**
   * Lets the number of pods follow their use of CPU.
   *
   * @default - a fixed number of pods
   */
  readonly autoscaling?: ExtProcAutoscaling;

  /**
   * CPU and memory of a pod. ExtProc holds at most 8 times `bodyLimit` of request bodies at once and is bound to one CPU core.
   *
   * @default - requests 500m CPU and 512Mi memory, limit 2Gi memory; no CPU limit, as throttling would delay every request
   */
  readonly resources?: ContainerResources;

  /**
   * Taints that pods may run beside.
   *
   * @default - none
   */
  readonly tolerations?: Toleration[];

  /**
   * Labels that a node must have.
   *
   * @default - any node
   */
  readonly nodeSelector?: { [label: string]: string };

  /**
   * What the pods are spread over evenly, as far as the scheduler can.
   *
   * @default - `Topology.HOSTNAME`: over nodes
   */
  readonly spreadOver?: Topology[];

  /**
   * PriorityClass of the pods.
   *
   * @default - the cluster's default
   */
  readonly priorityClassName?: string;

  /**
   * Annotations of the pods.
   *
   * @default - none
   */
  readonly podAnnotations?: { [name: string]: string };

  /**
   * Further labels of the pods, such as `azure.workload.identity/use`. Those that select the pods (`app.kubernetes.io/name`, `instance`
   * and `component`) cannot be set.
   *
   * @default - none
   */
  readonly podLabels?: { [name: string]: string };

  /**
   * Annotations of the ServiceAccount: clouds read from them which identity the pods have, such as `eks.amazonaws.com/role-arn`.
   *
   * @default - none
   */
  readonly serviceAccountAnnotations?: { [name: string]: string };

  /**
   * Largest request body that ExtProc takes, in whole KiB. At least the body limit of every LlmRoute.
   *
   * @default - 50 MiB
   */
  readonly bodyLimit?: Size;

  /**
   * Longest time that requests under way get to end when a pod stops, in whole seconds. A stream that is longer is cut off.
   *
   * @default - 5 minutes
   */
  readonly drainTimeout?: Duration;

  /**
   * Least severity that is logged.
   *
   * @default ExtProcLogLevel.INFO
   */
  readonly logLevel?: ExtProcLogLevel;

  /**
   * Mutual TLS between Envoy and ExtProc. The NetworkPolicy stays.
   *
   * @default - no TLS: the NetworkPolicy alone, which a network plugin has to enforce, keeps others from asking ExtProc for credentials
   */
  readonly tls?: ExtProcTls;

  /**
   * Proxy for the calls that ExtProc makes itself. The NetworkPolicy leaves open what ExtProc may call.
   *
   * @default - every provider is called directly
   */
  readonly proxy?: ExtProcProxy;

  /**
   * Namespace of Envoy's pods, the only ones that ExtProc's gRPC port is open to. Where Envoy Gateway runs them beside the Gateway
   * (its mode `GatewayNamespace`), the Gateway's namespace.
   *
   * @default - `envoy-gateway-system`
   */
  readonly envoyNamespace?: string;

  /**
   * Labels of Envoy's pods, the only ones that ExtProc's gRPC port is open to. Needed where Gateways are merged into one Envoy:
   * `gateway.envoyproxy.io/owning-gatewayclass` with the name of the GatewayClass.
   *
   * @default - `gateway.envoyproxy.io/owning-gateway-name` and `gateway.envoyproxy.io/owning-gateway-namespace` of the Gateway
   */
  readonly envoyPodLabels?: { [name: string]: string };

  /**
   * Namespaces whose pods may scrape the metrics (port `admin`, path `/metrics`).
   *
   * @default - none
   */
  readonly metricsFrom?: string[];
}
