import { Duration, Size, SizeRoundingBehavior } from 'cdk8s';
import { ContainerResources, Cpu, Topology } from 'cdk8s-plus-28';
import { ExtProcAutoscaling } from './ext-proc-autoscaling';
import { EXT_PROC_IMAGE } from './ext-proc-image';
import { ExtProcLogLevel } from './ext-proc-log-level';
import { ExtProcOptions } from './ext-proc-options';
import { proxyDefect } from './ext-proc-proxy-environment';
import { selectorLabels } from './standard-labels';

/** `ExtProcOptions` with every default filled in, and checked. */
export interface ExtProcSettings extends ExtProcOptions {
  readonly image: string;
  readonly replicas: number;
  readonly autoscaling?: Required<ExtProcAutoscaling>;
  readonly resources: ContainerResources;
  readonly spreadOver: Topology[];
  readonly bodyLimit: Size;
  readonly drainTimeout: Duration;
  readonly logLevel: ExtProcLogLevel;
  readonly envoyNamespace: string;
  readonly metricsFrom: string[];
}

const RESOURCES: ContainerResources = {
  cpu: { request: Cpu.millis(500) },
  memory: { request: Size.mebibytes(512), limit: Size.gibibytes(2) },
};

const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** Throws where Kubernetes or ExtProc would refuse, or where two options contradict each other. `path`: of the LlmGateway, for messages. */
export function extProcSettings(path: string, options: ExtProcOptions): ExtProcSettings {
  const { autoscaling } = options;
  const settings: ExtProcSettings = {
    ...options,
    image: options.image ?? EXT_PROC_IMAGE,
    replicas: options.replicas ?? 2,
    autoscaling: autoscaling && {
      minReplicas: autoscaling.minReplicas ?? 2,
      maxReplicas: autoscaling.maxReplicas,
      targetCpuUtilizationPercent: autoscaling.targetCpuUtilizationPercent ?? 70,
    },
    resources: options.resources ?? RESOURCES,
    spreadOver: options.spreadOver ?? [Topology.HOSTNAME],
    bodyLimit: options.bodyLimit ?? Size.mebibytes(50),
    drainTimeout: options.drainTimeout ?? Duration.minutes(5),
    logLevel: options.logLevel ?? ExtProcLogLevel.INFO,
    envoyNamespace: options.envoyNamespace ?? 'envoy-gateway-system',
    metricsFrom: options.metricsFrom ?? [],
  };
  const defect = replicasDefect(options) ?? autoscalingDefect(settings) ?? podDefect(settings) ?? limitDefect(settings) ?? namespaceDefect(settings)
    ?? (settings.proxy && proxyDefect(settings.proxy));
  if (defect !== undefined) throw new Error(`${path}: extProc.${defect}`);
  return settings;
}

function replicasDefect({ replicas, autoscaling }: ExtProcOptions): string | undefined {
  if (replicas === undefined) return undefined;
  if (autoscaling !== undefined) return 'replicas and extProc.autoscaling are both given, and both set the number of pods; leave one of them out';
  return isCount(replicas) ? undefined : `replicas ${replicas} is not allowed; allowed: whole numbers from 1; give at least 2 to stay up while a node is drained`;
}

function autoscalingDefect({ autoscaling, resources }: ExtProcSettings): string | undefined {
  if (autoscaling === undefined) return undefined;
  const { minReplicas, maxReplicas, targetCpuUtilizationPercent: percent } = autoscaling;
  if (!isCount(minReplicas)) return `autoscaling.minReplicas ${minReplicas} is not allowed; allowed: whole numbers from 1`;
  if (!isCount(maxReplicas) || maxReplicas < minReplicas) {
    return `autoscaling.maxReplicas ${maxReplicas} is not allowed; allowed: whole numbers from minReplicas, which is ${minReplicas}`;
  }
  if (!isCount(percent) || percent > 100) return `autoscaling.targetCpuUtilizationPercent ${percent} is not allowed; allowed: whole numbers from 1 to 100`;
  if (resources.cpu?.request === undefined) return 'autoscaling goes by the use of the CPU request, and extProc.resources has none; give resources.cpu.request';
  return undefined;
}

function podDefect({ image, podLabels, tolerations }: ExtProcSettings): string | undefined {
  if (image === '' || /\s/.test(image)) return `image "${image}" is not allowed; allowed: an image reference without spaces; leave it out for the image of this package`;
  const selecting = Object.keys(selectorLabels('extproc', '')).find((label) => label in (podLabels ?? {}));
  if (selecting !== undefined) return `podLabels sets "${selecting}", which selects the pods of ExtProc; choose another label`;
  const nameless = (tolerations ?? []).findIndex(({ key, value }) => value !== undefined && key === undefined);
  if (nameless >= 0) return `tolerations[${nameless}] has a value without a key; give the key of the taint`;
  const fraction = (tolerations ?? []).findIndex(({ evictAfter }) => evictAfter !== undefined && !Number.isInteger(seconds(evictAfter)));
  if (fraction >= 0) return `tolerations[${fraction}].evictAfter is not a whole number of seconds; round it`;
  return undefined;
}

function limitDefect({ bodyLimit, drainTimeout }: ExtProcSettings): string | undefined {
  const kibibytes = bodyLimit.toKibibytes({ rounding: SizeRoundingBehavior.NONE });
  if (!isCount(kibibytes)) return `bodyLimit of ${kibibytes} KiB is not allowed; allowed: whole numbers of KiB from 1; give a Size such as Size.mebibytes(50)`;
  if (!isCount(seconds(drainTimeout))) {
    return `drainTimeout of ${seconds(drainTimeout)} seconds is not allowed; allowed: whole numbers of seconds from 1; give a Duration such as Duration.minutes(5)`;
  }
  return undefined;
}

function namespaceDefect({ envoyNamespace, metricsFrom }: ExtProcSettings): string | undefined {
  const allowed = 'is not the name of a namespace; allowed: at most 63 lowercase letters, digits and "-"';
  if (!NAMESPACE.test(envoyNamespace)) return `envoyNamespace "${envoyNamespace}" ${allowed}; give the namespace that Envoy's pods run in`;
  const wrong = metricsFrom.find((namespace) => !NAMESPACE.test(namespace));
  return wrong === undefined ? undefined : `metricsFrom "${wrong}" ${allowed}; give the namespace that the scraper's pods run in`;
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}

function seconds(duration: Duration): number {
  return duration.toSeconds({ integral: false });
}
