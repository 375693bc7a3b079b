import { Duration, Size } from 'cdk8s';
import { Cpu, ImagePullPolicy, Secret, TaintEffect, Topology } from 'cdk8s-plus-28';
import { attachment, llmGateway, manifestOf, manifestsOf } from './attachment-stand-in';
import { ExtProcLogLevel, ExtProcOptions, LlmGateway } from '../src';
import { extProcCommand } from '../src/cli/extproc-command';
import { EXT_PROC_IMAGE } from '../src/ext-proc-image';

function withOptions(extProc: ExtProcOptions): LlmGateway {
  return llmGateway({ gatewayClassName: 'eg', extProc });
}

function podOf(gateway: LlmGateway) {
  const { metadata, spec } = manifestOf(gateway, 'Deployment').spec.template;
  return { metadata, spec, container: spec.containers[0] };
}

const SELECTOR = ['app.kubernetes.io/name', 'app.kubernetes.io/instance', 'app.kubernetes.io/component'];

describe('Deployment', () => {
  test('keeps every pod until its successor is ready', () => {
    const { metadata, spec } = manifestOf(withOptions({}), 'Deployment');
    expect(metadata.namespace).toBe('llm');
    expect(spec.replicas).toBe(2);
    expect(spec.strategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } });
    expect(Object.keys(spec.selector.matchLabels).sort()).toEqual([...SELECTOR].sort());
    expect(spec.template.metadata.labels).toMatchObject(spec.selector.matchLabels);
    expect(metadata.labels).toEqual({ ...spec.selector.matchLabels, 'app.kubernetes.io/managed-by': 'cdk8s' });
  });

  test('runs as the restricted Pod Security Standard wants it', () => {
    const { spec, container } = podOf(withOptions({}));
    expect(spec.securityContext).toEqual({ runAsNonRoot: true, runAsUser: 65_532, runAsGroup: 65_532, seccompProfile: { type: 'RuntimeDefault' } });
    expect(container.securityContext).toEqual({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } });
    expect(spec.volumes).toBeUndefined();
    expect(spec.automountServiceAccountToken).toBe(true);
  });

  test('has sensible defaults', () => {
    const { spec, container } = podOf(withOptions({}));
    expect(container.image).toBe(EXT_PROC_IMAGE);
    expect(container.imagePullPolicy).toBeUndefined();
    expect(container.command).toBeUndefined();
    expect(container.ports).toEqual([{ name: 'grpc', containerPort: 9002, protocol: 'TCP' }, { name: 'admin', containerPort: 9003, protocol: 'TCP' }]);
    expect(container.resources).toEqual({ requests: { cpu: '500m', memory: '512Mi' }, limits: { memory: '2Gi' } });
    expect(container.readinessProbe.grpc).toEqual({ port: 9002 });
    expect(container.livenessProbe.httpGet).toEqual({ path: '/healthz', port: 'admin' });
    expect(spec.terminationGracePeriodSeconds).toBe(330);
    expect(spec.topologySpreadConstraints).toEqual([{
      maxSkew: 1,
      topologyKey: 'kubernetes.io/hostname',
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: { matchLabels: manifestOf(withOptions({}), 'Deployment').spec.selector.matchLabels },
      matchLabelKeys: ['pod-template-hash'],
    }]);
  });

  test('is started with what it reads and where it listens', () => {
    // WHEN
    const gateway = llmGateway({ name: 'chat', gatewayClassName: 'eg' }, [attachment({ namespace: 'team', readNamespaces: () => ['shared', 'team'] }), attachment()]);

    // THEN
    expect(podOf(gateway).container.args).toEqual([
      'extproc', '--source', 'kubernetes', '--namespace', 'llm', '--namespace', 'shared', '--namespace', 'team',
      '--lease', 'llm/chat-extproc', '--listen', '0.0.0.0:9002', '--admin-listen', '0.0.0.0:9003', '--body-limit', '50Mi', '--drain-timeout', '300s', '--log-level', 'info',
    ]);
  });

  test('is started with arguments that llmgw knows', () => {
    // GIVEN
    const [name, ...options] = podOf(withOptions({ bodyLimit: Size.kibibytes(1536), drainTimeout: Duration.hours(1), logLevel: ExtProcLogLevel.WARN })).container.args;
    const command = extProcCommand();

    // WHEN
    const { operands, unknown } = command.parseOptions(options);

    // THEN
    expect(name).toBe(command.name());
    expect([operands, unknown]).toEqual([[], []]);
    expect(command.opts()).toMatchObject({
      source: { kind: 'kubernetes' },
      namespace: ['llm'],
      listen: { host: '0.0.0.0', port: 9002 },
      adminListen: { host: '0.0.0.0', port: 9003 },
      bodyLimit: 1536 * 1024,
      drainTimeout: 3_600_000,
      logLevel: 'warn',
    });
  });

  test('takes every log level that llmgw knows, and no other', () => {
    const known = extProcCommand().options.find(({ long }) => long === '--log-level')?.argChoices;
    expect(Object.values(ExtProcLogLevel)).toEqual(known);
  });

  test.each([
    [Size.mebibytes(50), '50Mi'],
    [Size.kibibytes(512), '512Ki'],
    [Size.kibibytes(1025), '1025Ki'],
    [Size.mebibytes(2048), '2Gi'],
    [Size.tebibytes(1), '1024Gi'],
  ])('writes the body limit as llmgw reads it: %p', (bodyLimit, argument) => {
    const { args } = podOf(withOptions({ bodyLimit })).container;
    expect(args[args.indexOf('--body-limit') + 1]).toBe(argument);
  });

  test('has the time to drain that it is given, and more to end', () => {
    const { spec, container } = podOf(withOptions({ drainTimeout: Duration.minutes(20) }));
    expect(container.args).toEqual(expect.arrayContaining(['--drain-timeout', '1200s']));
    expect(spec.terminationGracePeriodSeconds).toBeGreaterThan(1200 + 5);
  });

  test('passes on how and where the pods run', () => {
    // GIVEN
    const scope = llmGateway({ gatewayClassName: 'eg' });

    // WHEN
    const gateway = withOptions({
      image: 'registry.example.com/llmgw:1',
      imagePullPolicy: ImagePullPolicy.ALWAYS,
      imagePullSecrets: [Secret.fromSecretName(scope, 'Pull', 'registry')],
      replicas: 5,
      resources: { cpu: { request: Cpu.units(1), limit: Cpu.units(2) }, ephemeralStorage: { limit: Size.gibibytes(1) } },
      tolerations: [
        { key: 'llm', value: 'yes', effect: TaintEffect.NO_SCHEDULE },
        { key: 'spot', effect: TaintEffect.NO_EXECUTE, evictAfter: Duration.minutes(2) },
        {},
      ],
      nodeSelector: { 'kubernetes.io/arch': 'arm64' },
      spreadOver: [Topology.ZONE, Topology.HOSTNAME],
      priorityClassName: 'high',
      podAnnotations: { 'example.com/a': 'b' },
      podLabels: { 'azure.workload.identity/use': 'true' },
      serviceAccountAnnotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/llm' },
    });

    // THEN
    const { metadata, spec, container } = podOf(gateway);
    expect(container).toMatchObject({ image: 'registry.example.com/llmgw:1', imagePullPolicy: 'Always' });
    expect(container.resources).toEqual({ requests: { cpu: '1' }, limits: { 'cpu': '2', 'ephemeral-storage': '1Gi' } });
    expect(manifestOf(gateway, 'Deployment').spec.replicas).toBe(5);
    expect(spec).toMatchObject({ imagePullSecrets: [{ name: 'registry' }], nodeSelector: { 'kubernetes.io/arch': 'arm64' }, priorityClassName: 'high' });
    expect(spec.tolerations).toEqual([
      { key: 'llm', value: 'yes', effect: 'NoSchedule', operator: 'Equal' },
      { key: 'spot', effect: 'NoExecute', operator: 'Exists', tolerationSeconds: 120 },
      { operator: 'Exists' },
    ]);
    expect(spec.topologySpreadConstraints.map(({ topologyKey }: { topologyKey: string }) => topologyKey)).toEqual(['topology.kubernetes.io/zone', 'kubernetes.io/hostname']);
    expect(metadata.annotations).toEqual({ 'example.com/a': 'b' });
    expect(metadata.labels).toMatchObject({ 'azure.workload.identity/use': 'true' });
    expect(manifestOf(gateway, 'ServiceAccount').metadata.annotations).toEqual({ 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/llm' });
  });
});

test('Service has the gRPC port as HTTP/2 and the admin port, for the pods of the Deployment', () => {
  const gateway = withOptions({});
  const { metadata, spec } = manifestOf(gateway, 'Service');
  expect(metadata).toMatchObject({ name: gateway._extProc.name, namespace: 'llm' });
  expect(spec).toEqual({
    type: 'ClusterIP',
    selector: manifestOf(gateway, 'Deployment').spec.selector.matchLabels,
    ports: [
      { name: 'grpc', port: 9002, targetPort: 'grpc', protocol: 'TCP', appProtocol: 'kubernetes.io/h2c' },
      { name: 'admin', port: 9003, targetPort: 'admin', protocol: 'TCP', appProtocol: 'http' },
    ],
  });
});

test('the name of the Service depends on nothing but where the construct stands', () => {
  const names = [withOptions({}), withOptions({ replicas: 7, image: 'other' })].map(({ _extProc }) => _extProc.name);
  expect(names[0]).toBe(names[1]);
  expect(names[0]).toMatch(/^llm-gateway-extproc-[0-9a-f]{8}$/);
});

test('PodDisruptionBudget lets one pod at a time go', () => {
  const gateway = withOptions({});
  const { metadata, spec } = manifestOf(gateway, 'PodDisruptionBudget');
  expect(metadata.namespace).toBe('llm');
  expect(spec).toEqual({
    maxUnavailable: 1,
    selector: { matchLabels: manifestOf(gateway, 'Deployment').spec.selector.matchLabels },
    unhealthyPodEvictionPolicy: 'AlwaysAllow',
  });
});

describe('autoscaling', () => {
  test('scales the Deployment, which then has no number of pods of its own', () => {
    const gateway = withOptions({ autoscaling: { minReplicas: 3, maxReplicas: 9, targetCpuUtilizationPercent: 50 } });
    const { metadata, spec } = manifestOf(gateway, 'HorizontalPodAutoscaler');
    expect(metadata.namespace).toBe('llm');
    expect(spec).toEqual({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: manifestOf(gateway, 'Deployment').metadata.name },
      minReplicas: 3,
      maxReplicas: 9,
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } }],
    });
    expect(manifestOf(gateway, 'Deployment').spec).not.toHaveProperty('replicas');
  });

  test('begins at 2 pods and aims at 70 % by default', () => {
    const { spec } = manifestOf(withOptions({ autoscaling: { maxReplicas: 9 } }), 'HorizontalPodAutoscaler');
    expect([spec.minReplicas, spec.metrics[0].resource.target.averageUtilization]).toEqual([2, 70]);
  });

  test('is off by default', () => {
    expect(manifestsOf(withOptions({}), 'HorizontalPodAutoscaler')).toEqual([]);
  });
});
