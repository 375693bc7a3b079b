/** An object whose key `ca.crt` holds certificate authorities. */
export interface CertificateAuthorityRef {
  readonly kind: string;
  readonly name: string;
}

/** What mutual TLS comes down to: what port, pods and Envoy need to know. */
export interface ExtProcTlsMaterial {
  readonly serverSecret: string;
  readonly clientSecret: string;
  /** Whom Envoy trusts. */
  readonly serverAuthority: CertificateAuthorityRef;
  /** Whom ExtProc trusts. */
  readonly clientAuthority: CertificateAuthorityRef;
  readonly serverName: string;
  /** Absent: any. */
  readonly clientName?: string;
  readonly clusterDomain: string;
}

/** Whom the certificates are for. */
export interface ExtProcIdentity {
  /** Of the Service. */
  readonly name: string;
  readonly namespace: string;
}
