import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { CertificateIssuer } from './certificate-issuer';
import { gatewayDuration } from './gateway-duration';
import { standardLabels } from './standard-labels';
import {
  Certificate, CertificateSpec, CertificateSpecPrivateKeyAlgorithm as Algorithm, CertificateSpecPrivateKeyRotationPolicy as RotationPolicy,
  CertificateSpecUsages as Usage, Issuer,
} from '../imports/cert-manager.io';

interface ExtProcCertificatesProps {
  /** Name of ExtProc's Service, and prefix of all names. */
  readonly name: string;
  readonly namespace: string;
  readonly serverName: string;
  readonly clientName: string;
  /** Absent: an authority is made. */
  readonly issuer?: CertificateIssuer;
  readonly duration: Duration;
  /** Absent: cert-manager's third. */
  readonly renewBefore?: Duration;
}

const AUTHORITY_LIFETIME = Duration.days(3650);

/** cert-manager's Certificates for both ends of the connection. The Secrets that it writes hold the signer's certificate as `ca.crt`. */
export class ExtProcCertificates extends Construct {
  readonly serverSecret: string;
  readonly clientSecret: string;

  constructor(scope: Construct, id: string, private readonly props: ExtProcCertificatesProps) {
    super(scope, id);
    const issuer = props.issuer ?? this.ownAuthority();
    this.serverSecret = this.leaf('Server', `${props.name}-server-tls`, props.serverName, Usage.SERVER_AUTH, issuer);
    this.clientSecret = this.leaf('Client', `${props.name}-client-tls`, props.clientName, Usage.CLIENT_AUTH, issuer);
  }

  private leaf(id: string, secretName: string, dnsName: string, usage: Usage, { name, kind, group }: CertificateIssuer): string {
    const { duration, renewBefore } = this.props;
    this.certificate(id, secretName, {
      secretName,
      dnsNames: [dnsName],
      usages: [Usage.DIGITAL_SIGNATURE, usage],
      duration: gatewayDuration(duration),
      ...renewBefore === undefined ? {} : { renewBefore: gatewayDuration(renewBefore) },
      privateKey: { algorithm: Algorithm.ECDSA, size: 256, rotationPolicy: RotationPolicy.ALWAYS },
      issuerRef: { name, kind, group },
    });
    return secretName;
  }

  private ownAuthority(): CertificateIssuer {
    const { name, namespace } = this.props;
    const authority = `${name}-ca`;
    const labels = standardLabels('extproc', name);
    new Issuer(this, 'SelfSigned', { metadata: { name: `${name}-self-signed`, namespace, labels }, spec: { selfSigned: {} } });
    this.certificate('Authority', authority, {
      secretName: authority,
      isCa: true,
      commonName: authority,
      duration: gatewayDuration(AUTHORITY_LIFETIME),
      // With the same key, what the old certificate signed is valid under the renewed one: nothing breaks while the two spread.
      privateKey: { algorithm: Algorithm.ECDSA, size: 256, rotationPolicy: RotationPolicy.NEVER },
      issuerRef: { name: `${name}-self-signed`, kind: 'Issuer', group: 'cert-manager.io' },
    });
    new Issuer(this, 'Issuer', { metadata: { name: authority, namespace, labels }, spec: { ca: { secretName: authority } } });
    return CertificateIssuer.issuer(authority);
  }

  private certificate(id: string, name: string, spec: CertificateSpec): void {
    const labels = standardLabels('extproc', this.props.name);
    new Certificate(this, id, { metadata: { name, namespace: this.props.namespace, labels }, spec: { ...spec, secretTemplate: { labels } } });
  }
}
