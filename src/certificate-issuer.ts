/** Who signs certificates: an issuer of cert-manager that exists already (https://cert-manager.io/docs/concepts/issuer/). */
export class CertificateIssuer {
  /**
   * An Issuer, in the namespace of the LlmGateway.
   *
   * @param name name of the Issuer
   */
  public static issuer(name: string): CertificateIssuer {
    return new CertificateIssuer(name, 'Issuer', 'cert-manager.io');
  }

  /**
   * A ClusterIssuer.
   *
   * @param name name of the ClusterIssuer
   */
  public static clusterIssuer(name: string): CertificateIssuer {
    return new CertificateIssuer(name, 'ClusterIssuer', 'cert-manager.io');
  }

  /**
   * An issuer of another API group, such as `AWSPCAClusterIssuer` of `awspca.cert-manager.io`.
   *
   * @param group its API group
   * @param kind its kind
   * @param name its name
   */
  public static of(group: string, kind: string, name: string): CertificateIssuer {
    return new CertificateIssuer(name, kind, group);
  }

  private constructor(public readonly name: string, public readonly kind: string, public readonly group: string) {}
}
