import { Size } from 'cdk8s';
import { ContainerResources, Cpu, k8s } from 'cdk8s-plus-28';
import { proxyEnvironment } from './ext-proc-proxy-environment';
import { ExtProcSettings } from './ext-proc-settings';
import { ExtProcTlsMaterial } from './ext-proc-tls-material';
import { selectorLabels, standardLabels } from './standard-labels';
import { Toleration } from './toleration';

/** Port of the gRPC server that Envoy calls. */
export const GRPC_PORT = 9002;

/** Port of metrics and readiness. */
export const ADMIN_PORT = 9003;

/** How long ExtProc waits at first for Envoy to look away: endpoints are pushed to it ... */
const DRAIN_DELAY_SECONDS = 5;
/** ... but by DNS it sees for up to half a minute what a nameserver keeps. */
const DNS_DRAIN_DELAY_SECONDS = 35;

/** What a pod needs beyond that and `drainTimeout`: time to close. */
const CLOSING_SECONDS = 25;

const CERTIFICATES = '/etc/llmgw/tls';

/** The uid of `nonroot` in the image. */
const NON_ROOT = 65_532;

/** The pods of ExtProc, as the `restricted` Pod Security Standard wants them. `name`: of the Deployment and of the ServiceAccount. */
export function extProcPodTemplate(name: string, namespace: string, settings: ExtProcSettings, readNamespaces: readonly string[],
  tls?: ExtProcTlsMaterial): k8s.PodTemplateSpec {
  return {
    metadata: { labels: { ...settings.podLabels, ...standardLabels('extproc', name) }, annotations: settings.podAnnotations },
    spec: {
      serviceAccountName: name,
      automountServiceAccountToken: true, // ExtProc reads its configuration from the API server
      enableServiceLinks: false,
      terminationGracePeriodSeconds: drainDelay(tls) + settings.drainTimeout.toSeconds() + CLOSING_SECONDS,
      imagePullSecrets: settings.imagePullSecrets?.map((secret) => ({ name: secret.name })),
      priorityClassName: settings.priorityClassName,
      nodeSelector: settings.nodeSelector,
      tolerations: settings.tolerations?.map(toleration),
      topologySpreadConstraints: settings.spreadOver.map(({ key }) => ({
        maxSkew: 1,
        topologyKey: key,
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: selectorLabels('extproc', name) },
        matchLabelKeys: ['pod-template-hash'], // else the pods that a rollout replaces count as well
      })),
      securityContext: { runAsNonRoot: true, runAsUser: NON_ROOT, runAsGroup: NON_ROOT, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [{
        name: 'extproc',
        image: settings.image,
        imagePullPolicy: settings.imagePullPolicy,
        args: [...args(`${namespace}/${name}`, settings, readNamespaces), ...tlsArgs(tls)],
        env: settings.proxy && proxyEnvironment(settings.proxy),
        ports: [
          { name: 'grpc', containerPort: GRPC_PORT, protocol: 'TCP' },
          { name: 'admin', containerPort: ADMIN_PORT, protocol: 'TCP' },
        ],
        resources: resources(settings.resources),
        // Ready: a configuration is loaded and no drain has begun. No startup probe is needed: the process listens within a second.
        // The kubelet has no client certificate: with TLS it asks the admin port, whose answer is the same.
        readinessProbe: { ...tls === undefined ? { grpc: { port: GRPC_PORT } } : { httpGet: { path: '/readyz', port: k8s.IntOrString.fromString('admin') } }, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 2 },
        // Alive is not ready: a pod that waits for the API server, or that drains, must not be restarted for it.
        livenessProbe: { httpGet: { path: '/healthz', port: k8s.IntOrString.fromString('admin') }, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
        securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
        volumeMounts: tls && [{ name: 'tls', mountPath: CERTIFICATES, readOnly: true }],
      }],
      volumes: tls && [certificateVolume(tls)],
    },
  };
}

/** One volume, so that certificate, key and authorities change together. */
function certificateVolume({ serverSecret, clientAuthority: { kind, name } }: ExtProcTlsMaterial): k8s.Volume {
  const items = (...keys: string[]) => keys.map((key) => ({ key, path: key }));
  const secret = (secretName: string, ...keys: string[]) => ({ secret: { name: secretName, items: items(...keys) } });
  if (kind === 'Secret' && name === serverSecret) return { name: 'tls', projected: { sources: [secret(name, 'tls.crt', 'tls.key', 'ca.crt')] } };
  const authority = kind === 'Secret' ? secret(name, 'ca.crt') : { configMap: { name, items: items('ca.crt') } };
  return { name: 'tls', projected: { sources: [secret(serverSecret, 'tls.crt', 'tls.key'), authority] } };
}

function drainDelay(tls: ExtProcTlsMaterial | undefined): number {
  return tls === undefined ? DRAIN_DELAY_SECONDS : DNS_DRAIN_DELAY_SECONDS;
}

function tlsArgs(tls: ExtProcTlsMaterial | undefined): string[] {
  if (tls === undefined) return [];
  return [
    '--tls-cert', `${CERTIFICATES}/tls.crt`,
    '--tls-key', `${CERTIFICATES}/tls.key`,
    '--tls-client-ca', `${CERTIFICATES}/ca.crt`,
    ...tls.clientName === undefined ? [] : ['--tls-client-name', tls.clientName],
    '--drain-delay', `${DNS_DRAIN_DELAY_SECONDS}s`,
  ];
}

function args(lease: string, { bodyLimit, drainTimeout, logLevel }: ExtProcSettings, readNamespaces: readonly string[]): string[] {
  return [
    'extproc',
    '--source', 'kubernetes',
    ...readNamespaces.flatMap((namespace) => ['--namespace', namespace]),
    '--lease', lease,
    '--listen', `0.0.0.0:${GRPC_PORT}`,
    '--admin-listen', `0.0.0.0:${ADMIN_PORT}`,
    '--body-limit', quantity(bodyLimit),
    '--drain-timeout', `${drainTimeout.toSeconds()}s`,
    '--log-level', logLevel,
  ];
}

function resources({ cpu, memory, ephemeralStorage }: ContainerResources): k8s.ResourceRequirements {
  return {
    requests: quantities(cpu?.request, memory?.request, ephemeralStorage?.request),
    limits: quantities(cpu?.limit, memory?.limit, ephemeralStorage?.limit),
  };
}

function quantities(cpu?: Cpu, memory?: Size, ephemeralStorage?: Size): Record<string, k8s.Quantity> {
  return {
    ...(cpu && { cpu: k8s.Quantity.fromString(cpu.amount) }),
    ...(memory && { memory: k8s.Quantity.fromString(quantity(memory)) }),
    ...(ephemeralStorage && { 'ephemeral-storage': k8s.Quantity.fromString(quantity(ephemeralStorage)) }),
  };
}

/** The largest of Ki, Mi and Gi that leaves a whole number: what both Kubernetes and llmgw read. */
function quantity(size: Size): string {
  const kibibytes = size.toKibibytes();
  if (kibibytes % 1024 ** 2 === 0) return `${kibibytes / 1024 ** 2}Gi`;
  return kibibytes % 1024 === 0 ? `${kibibytes / 1024}Mi` : `${kibibytes}Ki`;
}

function toleration({ key, value, effect, evictAfter }: Toleration): k8s.Toleration {
  return { key, value, effect, operator: value === undefined ? 'Exists' : 'Equal', tolerationSeconds: evictAfter?.toSeconds() };
}
