import { Duration } from 'cdk8s';
import { IResource, ISecret, Resource } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { CertificateIssuer } from './certificate-issuer';
import { ExtProcCertificates } from './ext-proc-certificates';
import { CertificateAuthorityRef, ExtProcIdentity, ExtProcTlsMaterial } from './ext-proc-tls-material';

/** Certificates that somebody else issues and renews. All objects are in the LlmGateway's namespace. */
export interface ExtProcTlsSecretsOptions {
  /**
   * Secret of type `kubernetes.io/tls` with ExtProc's certificate. Its DNS names have to hold `<name>-extproc.<namespace>.svc`, with name and
   * namespace of the LlmGateway, or else `serverName`.
   */
  readonly serverCertificate: ISecret;

  /** Secret of type `kubernetes.io/tls` with the certificate that Envoy shows. Whoever has it is served by ExtProc. */
  readonly clientCertificate: ISecret;

  /**
   * ConfigMap or Secret whose key `ca.crt` holds the certificate authorities that both sides trust.
   *
   * @default - the key `ca.crt` of the two Secrets: Envoy trusts the one beside its own certificate, and ExtProc the one beside its own
   */
  readonly certificateAuthority?: IResource;

  /**
   * DNS name that Envoy demands of ExtProc's certificate.
   *
   * @default - `<name>-extproc.<namespace>.svc`, with name and namespace of the LlmGateway
   */
  readonly serverName?: string;

  /**
   * DNS name that ExtProc demands of Envoy's certificate, one of its subject alternative names. Needed where the authority signs for others too.
   *
   * @default - any certificate of the authority will do
   */
  readonly clientName?: string;

  /**
   * DNS domain of the cluster.
   *
   * @default cluster.local
   */
  readonly clusterDomain?: string;
}

/** Certificates that cert-manager (1.x, which has to be installed) issues and renews. */
export interface ExtProcTlsCertManagerOptions {
  /**
   * Who signs. It has to put its own certificate into the Secrets as `ca.crt`, which ACME issuers do not.
   *
   * @default - a certificate authority is made for this LlmGateway: a self-signed certificate and an Issuer that signs with it
   */
  readonly issuer?: CertificateIssuer;

  /**
   * How long a certificate is valid: an hour or more.
   *
   * @default - 90 days
   */
  readonly duration?: Duration;

  /**
   * How long before its end a certificate is renewed: 5 minutes or more, and less than `duration`.
   *
   * @default - a third of `duration`
   */
  readonly renewBefore?: Duration;

  /**
   * DNS domain of the cluster.
   *
   * @default cluster.local
   */
  readonly clusterDomain?: string;
}

/**
 * Mutual TLS between Envoy and ExtProc: ExtProc serves no one without the client certificate. Both take renewed certificates without a restart.
 *
 * @example
 * import { App, Chart } from 'cdk8s';
 * import { Secret } from 'cdk8s-plus-28';
 * import { CertificateIssuer, ExtProcTls, LlmGateway } from 'cdk8s-llm-gateway';
 *
 * const chart = new Chart(new App(), 'llm', { namespace: 'llm' });
 * new LlmGateway(chart, 'CertManager', {
 *   gatewayClassName: 'eg', extProc: { tls: ExtProcTls.certManager({ issuer: CertificateIssuer.clusterIssuer('internal-ca') }) },
 * });
 * new LlmGateway(chart, 'Secrets', {
 *   gatewayClassName: 'eg',
 *   name: 'llm',
 *   extProc: {
 *     tls: ExtProcTls.secrets({
 *       serverCertificate: Secret.fromSecretName(chart, 'Server', 'llm-extproc-tls'),
 *       clientCertificate: Secret.fromSecretName(chart, 'Client', 'llm-envoy-tls'),
 *     }),
 *   },
 * });
 */
export class ExtProcTls {
  /** Certificates in Secrets that exist already, or that somebody else makes. */
  public static secrets(options: ExtProcTlsSecretsOptions): ExtProcTls {
    return new ExtProcTls(options.clusterDomain, (path, _scope, extProc) => {
      const { serverCertificate, clientCertificate, certificateAuthority: authority, clientName } = options;
      const serverName = options.serverName ?? serviceName(extProc);
      if (authority !== undefined && !['ConfigMap', 'Secret'].includes(authority.kind)) {
        throw new Error(`${path}: extProc.tls.certificateAuthority is a ${authority.kind}; allowed: a ConfigMap or a Secret with the key ca.crt`);
      }
      const resources = { serverCertificate, clientCertificate, certificateAuthority: authority };
      for (const [option, resource] of Object.entries(resources)) checkNamespace(path, option, resource, extProc);
      for (const [option, name] of Object.entries({ serverName, clientName })) checkDnsName(path, option, name);
      return {
        serverSecret: serverCertificate.name,
        clientSecret: clientCertificate.name,
        serverAuthority: referenceTo(authority ?? clientCertificate),
        clientAuthority: referenceTo(authority ?? serverCertificate),
        serverName,
        clientName,
      };
    });
  }

  /** Certificates by cert-manager: Certificate objects are made, one for ExtProc and one for Envoy. */
  public static certManager(options: ExtProcTlsCertManagerOptions = {}): ExtProcTls {
    return new ExtProcTls(options.clusterDomain, (path, scope, extProc) => {
      const duration = options.duration ?? Duration.days(90);
      checkDurations(path, duration, options.renewBefore);
      const serverName = serviceName(extProc);
      const clientName = `envoy.${serverName}`;
      const { serverSecret, clientSecret } = new ExtProcCertificates(scope, 'Certificates', {
        ...extProc, serverName, clientName, issuer: options.issuer, duration, renewBefore: options.renewBefore,
      });
      const authority = (name: string) => ({ kind: 'Secret', name });
      return { serverSecret, clientSecret, serverAuthority: authority(clientSecret), clientAuthority: authority(serverSecret), serverName, clientName };
    });
  }

  private constructor(private readonly clusterDomain: string = 'cluster.local',
    private readonly material: (path: string, scope: Construct, extProc: ExtProcIdentity) => Omit<ExtProcTlsMaterial, 'clusterDomain'>) {}

  /**
   * Makes what has to be made, within `scope`. Throws with `path`, of the LlmGateway, where an option cannot be.
   *
   * @internal
   */
  public _bind(path: string, scope: Construct, extProc: ExtProcIdentity): ExtProcTlsMaterial {
    checkDnsName(path, 'clusterDomain', this.clusterDomain);
    return { ...this.material(path, scope, extProc), clusterDomain: this.clusterDomain };
  }
}

const DNS_NAME = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$/;

function serviceName({ name, namespace }: ExtProcIdentity): string {
  return `${name}.${namespace}.svc`;
}

function referenceTo({ kind, name }: IResource): CertificateAuthorityRef {
  return { kind, name };
}

function checkNamespace(path: string, option: string, resource: IResource | undefined, { namespace: own }: ExtProcIdentity): void {
  // Of an imported one the namespace is not known.
  const namespace = resource instanceof Resource ? resource.metadata.namespace ?? 'default' : own;
  if (namespace !== own) {
    throw new Error(`${path}: extProc.tls.${option} is in namespace ${namespace}, ExtProc in ${own}; pods and Backends read certificates of their own namespace only: move one of them`);
  }
}

function checkDnsName(path: string, option: string, name: string | undefined): void {
  if (name === undefined || DNS_NAME.test(name)) return;
  throw new Error(`${path}: extProc.tls.${option} ${JSON.stringify(name)} is not allowed; allowed: a lowercase DNS name without "*" and without a dot at its end`);
}

/** As cert-manager's own checks. */
function checkDurations(path: string, duration: Duration, renewBefore: Duration | undefined): void {
  const minutes = (value: Duration) => value.toMinutes({ integral: false });
  if (minutes(duration) < 60) throw new Error(`${path}: extProc.tls.duration of ${minutes(duration)} minutes is not allowed; allowed: an hour or more`);
  if (renewBefore !== undefined && (minutes(renewBefore) < 5 || minutes(renewBefore) >= minutes(duration))) {
    throw new Error(`${path}: extProc.tls.renewBefore of ${minutes(renewBefore)} minutes is not allowed; allowed: 5 minutes or more, and less than duration, which is ${minutes(duration)} minutes`);
  }
}
