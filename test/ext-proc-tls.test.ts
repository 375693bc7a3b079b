import { App, Chart, Duration } from 'cdk8s';
import { ConfigMap, Secret, ServiceAccount } from 'cdk8s-plus-28';
import { attachment, Manifest, manifestsOf } from './attachment-stand-in';
import { CertificateIssuer, ExtProcTls, ExtProcTlsSecretsOptions, LlmGateway } from '../src';
import { extProcCommand } from '../src/cli/extproc-command';

let chart: Chart;
beforeEach(() => { chart = new Chart(new App(), 'llm', { namespace: 'llm' }); });

function gatewayWith(tls: ExtProcTls, ...namespaces: string[]): LlmGateway {
  const gateway = new LlmGateway(chart, 'Gateway', { gatewayClassName: 'eg', name: 'chat', extProc: { tls } });
  for (const namespace of ['llm', ...namespaces]) gateway._attach(attachment({ namespace }));
  return gateway;
}

function one(gateway: LlmGateway, kind: string, name: string) {
  const found = manifestsOf(gateway, kind).filter(({ metadata }) => metadata.name === name);
  expect(found).toHaveLength(1);
  return found[0];
}

const secrets = (more: Partial<ExtProcTlsSecretsOptions> = {}) => ExtProcTls.secrets({
  serverCertificate: Secret.fromSecretName(chart, 'Server', 'server-tls'), clientCertificate: Secret.fromSecretName(chart, 'Client', 'client-tls'), ...more,
});
const volume = (gateway: LlmGateway) => one(gateway, 'Deployment', 'chat-extproc').spec.template.spec.volumes;
const args = (gateway: LlmGateway) => one(gateway, 'Deployment', 'chat-extproc').spec.template.spec.containers[0].args.join(' ');

describe('by Secrets', () => {
  test('Envoy finds every pod by DNS, shows the client certificate and checks name and authority', () => {
    const gateway = gatewayWith(secrets());

    expect(one(gateway, 'Backend', 'chat-extproc').spec).toEqual({
      endpoints: [{ fqdn: { hostname: 'chat-extproc-headless.llm.svc.cluster.local', port: 9002 } }],
      tls: {
        sni: 'chat-extproc.llm.svc',
        alpnProtocols: ['h2'],
        caCertificateRefs: [{ group: '', kind: 'Secret', name: 'client-tls' }],
        clientCertificateRef: { kind: 'Secret', name: 'client-tls' },
      },
    });
    const { spec } = one(gateway, 'Service', 'chat-extproc-headless');
    expect(spec).toMatchObject({ clusterIP: 'None', ports: [{ name: 'grpc', port: 9002, targetPort: 'grpc' }] });
    expect(spec.selector).toEqual(one(gateway, 'Service', 'chat-extproc').spec.selector);
    expect(gateway._extProc.backendRef).toEqual({ group: 'gateway.envoyproxy.io', kind: 'Backend', name: 'chat-extproc' });
  });

  test('the pods demand it: files, arguments that llmgw knows, a probe without a client certificate', () => {
    const gateway = gatewayWith(secrets({ clientName: 'envoy.example' }));
    const { containers: [container], volumes, terminationGracePeriodSeconds } = one(gateway, 'Deployment', 'chat-extproc').spec.template.spec;

    const items = ['tls.crt', 'tls.key', 'ca.crt'].map((key) => ({ key, path: key }));
    expect(volumes).toEqual([{ name: 'tls', projected: { sources: [{ secret: { name: 'server-tls', items } }] } }]);
    expect(container.volumeMounts).toEqual([{ name: 'tls', mountPath: '/etc/llmgw/tls', readOnly: true }]);
    expect(container.readinessProbe).toMatchObject({ httpGet: { path: '/readyz', port: 'admin' } });
    expect(container.readinessProbe.grpc).toBeUndefined();
    expect(terminationGracePeriodSeconds).toBe(360);
    const command = extProcCommand();
    expect(command.parseOptions(container.args.slice(1))).toEqual({ operands: [], unknown: [] });
    expect(command.opts()).toMatchObject({
      tlsCert: '/etc/llmgw/tls/tls.crt', tlsKey: '/etc/llmgw/tls/tls.key', tlsClientCa: '/etc/llmgw/tls/ca.crt', tlsClientName: 'envoy.example', drainDelay: 35_000,
    });
  });

  test('a ConfigMap of authorities is what both sides trust', () => {
    const gateway = gatewayWith(secrets({ certificateAuthority: ConfigMap.fromConfigMapName(chart, 'Authority', 'bundle') }));

    expect(one(gateway, 'Backend', 'chat-extproc').spec.tls.caCertificateRefs).toEqual([{ group: '', kind: 'ConfigMap', name: 'bundle' }]);
    expect(volume(gateway)[0].projected.sources.map(({ secret, configMap }: Manifest) => secret?.name ?? `ConfigMap ${configMap.name}`)).toEqual(['server-tls', 'ConfigMap bundle']);
  });

  test('a Secret of authorities too', () => {
    const gateway = gatewayWith(secrets({ certificateAuthority: Secret.fromSecretName(chart, 'Authority', 'bundle') }));

    expect(one(gateway, 'Backend', 'chat-extproc').spec.tls.caCertificateRefs).toEqual([{ group: '', kind: 'Secret', name: 'bundle' }]);
    expect(volume(gateway)[0].projected.sources).toMatchObject([{ secret: { name: 'server-tls' } }, { secret: { name: 'bundle', items: [{ key: 'ca.crt', path: 'ca.crt' }] } }]);
  });

  test('routes of other namespaces are granted the Backend, and need no Secret of their own', () => {
    const [{ spec, metadata }] = manifestsOf(gatewayWith(secrets(), 'team-a'), 'ReferenceGrant');

    expect(metadata.namespace).toBe('llm');
    expect(spec).toEqual({
      from: [{ group: 'gateway.envoyproxy.io', kind: 'EnvoyExtensionPolicy', namespace: 'team-a' }],
      to: [{ group: 'gateway.envoyproxy.io', kind: 'Backend', name: 'chat-extproc' }],
    });
  });

  test('an HTTPRoute that no request takes leads to the Backend: without one Envoy never gets the client certificate', () => {
    const { spec } = one(gatewayWith(secrets(), 'team-a'), 'HTTPRoute', 'chat-extproc');

    expect(spec).toEqual({
      parentRefs: [{ name: 'chat', namespace: 'llm' }],
      rules: [{
        matches: [{ headers: [{ type: 'RegularExpression', name: 'x-ai-gateway-extproc', value: 'x^' }] }],
        backendRefs: [{ group: 'gateway.envoyproxy.io', kind: 'Backend', name: 'chat-extproc' }],
      }],
    });
    expect(spec.rules[0].matches[0].headers.some(({ value }: Manifest) => ['', 'x', 'x^', 'xx'].some((text) => new RegExp(`^(?:${value})$`).test(text)))).toBe(false);
  });

  test('the listeners of a Gateway of its own let that route in, wherever the LlmRoutes are', () => {
    const gateway = new LlmGateway(chart, 'Gateway', { gatewayClassName: 'eg', name: 'chat', extProc: { tls: secrets() } });
    gateway._attach(attachment({ namespace: 'team-a' }));

    expect(one(gateway, 'Gateway', 'chat').spec.listeners[0].allowedRoutes.namespaces.selector.matchExpressions[0].values).toEqual(['llm', 'team-a']);
  });

  test('the NetworkPolicy stays as it is', () => {
    const spec = (gateway: LlmGateway) => one(gateway, 'NetworkPolicy', 'chat-extproc').spec;
    const withTls = spec(gatewayWith(secrets()));
    chart = new Chart(new App(), 'llm', { namespace: 'llm' });
    const gateway = new LlmGateway(chart, 'Gateway', { gatewayClassName: 'eg', name: 'chat' });
    gateway._attach(attachment());

    expect(withTls).toEqual(spec(gateway));
  });

  test('a long name leaves the headless Service a generated one', () => {
    const gateway = new LlmGateway(chart, 'Gateway', { gatewayClassName: 'eg', name: 'a'.repeat(54), extProc: { tls: secrets() } });
    gateway._attach(attachment());

    const headless = manifestsOf(gateway, 'Service').find(({ spec }) => spec.clusterIP === 'None');
    expect(headless.metadata.name.length).toBeLessThanOrEqual(63);
    const [{ fqdn }] = one(gateway, 'Backend', `${'a'.repeat(54)}-extproc`).spec.endpoints;
    expect(fqdn.hostname).toBe(`${headless.metadata.name}.llm.svc.cluster.local`);
  });

  test('names are those of the cluster and of the certificate', () => {
    const { spec } = one(gatewayWith(secrets({ serverName: 'extproc.example.com', clusterDomain: 'corp.internal' })), 'Backend', 'chat-extproc');

    expect(spec.endpoints[0].fqdn.hostname).toBe('chat-extproc-headless.llm.svc.corp.internal');
    expect(spec.tls.sni).toBe('extproc.example.com');
  });

  test.each<[string, () => Partial<ExtProcTlsSecretsOptions>, string]>([
    ['a wildcard', () => ({ clientName: '*.example.com' }), 'llm/Gateway: extProc.tls.clientName "*.example.com" is not allowed; allowed: a lowercase DNS name without "*" and without a dot at its end'],
    ['capitals', () => ({ serverName: 'ExtProc' }), 'llm/Gateway: extProc.tls.serverName "ExtProc" is not allowed'],
    ['a dot at the end', () => ({ clusterDomain: 'cluster.local.' }), 'llm/Gateway: extProc.tls.clusterDomain "cluster.local." is not allowed'],
    ['an authority of another kind', () => ({ certificateAuthority: new ServiceAccount(chart, 'Account') }), 'llm/Gateway: extProc.tls.certificateAuthority is a ServiceAccount; allowed: a ConfigMap or a Secret with the key ca.crt'],
    ['another namespace', () => ({ clientCertificate: new Secret(chart, 'Far', { metadata: { namespace: 'far' } }) }), 'llm/Gateway: extProc.tls.clientCertificate is in namespace far, ExtProc in llm; pods and Backends read certificates of their own namespace only: move one of them'],
  ])('refuses %s', (_what, more, message) => {
    expect(() => gatewayWith(secrets(more()))).toThrow(message);
  });
});

describe('by cert-manager', () => {
  test('each side gets a certificate of its own use and name, with a new key each time, signed by the issuer', () => {
    const gateway = gatewayWith(ExtProcTls.certManager({ issuer: CertificateIssuer.clusterIssuer('internal'), duration: Duration.days(30), renewBefore: Duration.days(10) }));

    const certificates = manifestsOf(gateway, 'Certificate');
    const common = {
      duration: '720h', renewBefore: '240h', privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' }, issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: 'internal' },
    };
    expect(certificates.map(({ metadata, spec }) => [metadata.namespace, metadata.name, spec])).toEqual([
      ['llm', 'chat-extproc-server-tls', expect.objectContaining({ ...common, secretName: 'chat-extproc-server-tls', dnsNames: ['chat-extproc.llm.svc'], usages: ['digital signature', 'server auth'] })],
      ['llm', 'chat-extproc-client-tls', expect.objectContaining({ ...common, secretName: 'chat-extproc-client-tls', dnsNames: ['envoy.chat-extproc.llm.svc'], usages: ['digital signature', 'client auth'] })],
    ]);
    expect(manifestsOf(gateway, 'Issuer')).toEqual([]);
    expect(args(gateway)).toContain('--tls-client-name envoy.chat-extproc.llm.svc');
    expect(volume(gateway)[0].projected.sources[0].secret.name).toBe('chat-extproc-server-tls');
    expect(one(gateway, 'Backend', 'chat-extproc').spec.tls).toEqual({
      sni: 'chat-extproc.llm.svc',
      alpnProtocols: ['h2'],
      caCertificateRefs: [{ group: '', kind: 'Secret', name: 'chat-extproc-client-tls' }],
      clientCertificateRef: { kind: 'Secret', name: 'chat-extproc-client-tls' },
    });
  });

  test('without an issuer an authority is made, whose key stays when it is renewed', () => {
    const gateway = gatewayWith(ExtProcTls.certManager());

    expect(manifestsOf(gateway, 'Issuer').map(({ metadata, spec }) => [metadata.name, spec])).toEqual([
      ['chat-extproc-self-signed', { selfSigned: {} }], ['chat-extproc-ca', { ca: { secretName: 'chat-extproc-ca' } }],
    ]);
    expect(one(gateway, 'Certificate', 'chat-extproc-ca').spec).toMatchObject({
      isCA: true, secretName: 'chat-extproc-ca', commonName: 'chat-extproc-ca', duration: '87600h', privateKey: { rotationPolicy: 'Never' }, issuerRef: { kind: 'Issuer', name: 'chat-extproc-self-signed' },
    });
    for (const side of ['server', 'client']) {
      expect(one(gateway, 'Certificate', `chat-extproc-${side}-tls`).spec).toMatchObject({ duration: '2160h', issuerRef: { kind: 'Issuer', name: 'chat-extproc-ca' } });
    }
  });

  test('an issuer may be of another API group', () => {
    const gateway = gatewayWith(ExtProcTls.certManager({ issuer: CertificateIssuer.of('awspca.cert-manager.io', 'AWSPCAClusterIssuer', 'private') }));

    expect(manifestsOf(gateway, 'Certificate')[0].spec.issuerRef).toEqual({ group: 'awspca.cert-manager.io', kind: 'AWSPCAClusterIssuer', name: 'private' });
  });

  test.each([
    [{ duration: Duration.minutes(30) }, 'llm/Gateway: extProc.tls.duration of 30 minutes is not allowed; allowed: an hour or more'],
    [{ duration: Duration.hours(2), renewBefore: Duration.hours(2) }, 'llm/Gateway: extProc.tls.renewBefore of 120 minutes is not allowed; allowed: 5 minutes or more, and less than duration, which is 120 minutes'],
    [{ renewBefore: Duration.minutes(1) }, 'llm/Gateway: extProc.tls.renewBefore of 1 minutes is not allowed'],
  ])('refuses what cert-manager would refuse: %j', (options, message) => {
    expect(() => gatewayWith(ExtProcTls.certManager(options))).toThrow(message);
  });
});
