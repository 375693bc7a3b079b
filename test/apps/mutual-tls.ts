import { App, Chart } from 'cdk8s';
import { k8s, Secret } from 'cdk8s-plus-28';
import { ExtProcTls, LlmBackend, LlmGateway, LlmProvider, LlmRoute, ModelMatch } from '../../src';
import { Certificate, CertificateAuthority } from '../providers/certificate';

/** Names in the certificates of `mutualTlsApp`. */
export const SERVER_NAME = 'llm-extproc.infra.svc';
export const CLIENT_NAME = 'envoy.llm-extproc.infra.svc';

/** Secrets as cert-manager writes them: with the authority beside certificate and key. */
export const SERVER_SECRET = 'llm-extproc-tls';
export const CLIENT_SECRET = 'llm-envoy-tls';

export interface TlsPairs {
  readonly authority: string;
  readonly server: Certificate;
  readonly client: Certificate;
}

export function tlsPairs(authority = new CertificateAuthority()): TlsPairs {
  return { authority: authority.certificate, server: authority.issue([SERVER_NAME]), client: authority.issue([CLIENT_NAME]) };
}

/** The manifests of the two Secrets. */
export function tlsSecrets({ authority, server, client }: TlsPairs): object[] {
  return [[SERVER_SECRET, server], [CLIENT_SECRET, client]].map(([name, { certificate, privateKey }]: any) => ({ // eslint-disable-line @typescript-eslint/no-explicit-any
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'infra' },
    type: 'kubernetes.io/tls',
    stringData: { 'tls.crt': certificate, 'tls.key': privateKey, 'ca.crt': authority },
  }));
}

/** Mutual TLS between Envoy and ExtProc, with a route beside it and in other namespaces. */
export function mutualTlsApp(pairs?: TlsPairs, otherNamespaces: readonly string[] = ['team-a']): App {
  const app = new App();
  const infra = new Chart(app, 'infra', { namespace: 'infra' });
  const gateway = new LlmGateway(infra, 'Gateway', {
    gatewayClassName: 'eg',
    name: 'llm',
    extProc: {
      tls: ExtProcTls.secrets({
        serverCertificate: Secret.fromSecretName(infra, 'Server', SERVER_SECRET),
        clientCertificate: Secret.fromSecretName(infra, 'Client', CLIENT_SECRET),
        clientName: CLIENT_NAME,
      }),
    },
  });
  for (const secret of pairs === undefined ? [] : tlsSecrets(pairs) as Array<k8s.KubeSecretProps & { metadata: { name: string } }>) {
    new k8s.KubeSecret(infra, secret.metadata.name, secret);
  }
  route(infra, gateway, 'infra.example.com');
  for (const namespace of otherNamespaces) route(new Chart(app, namespace, { namespace }), gateway, `${namespace}.example.com`);
  return app;
}

function route(chart: Chart, gateway: LlmGateway, hostname: string): void {
  const backend = new LlmBackend(chart, 'VLlm', {
    metadata: { name: 'vllm' }, provider: LlmProvider.openAiCompatible({ host: 'vllm.models.svc.cluster.local', port: 8000 }),
  });
  new LlmRoute(chart, 'Chat', { gateway, name: 'chat', hostnames: [hostname], rules: [{ models: [ModelMatch.exact('llama3-70b')], targets: [{ backend }] }] });
}
