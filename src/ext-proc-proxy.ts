import { SecretValue } from 'cdk8s-plus-28';

/**
 * Proxy for the calls that ExtProc makes itself: backends after the first of rules with failover, and the clouds that it signs in to. Envoy's
 * own requests do not use it. A proxy that asks for user and password is given by a Secret: what is written here, everybody can read who may
 * read the Deployment.
 */
export interface ExtProcProxy {
  /**
   * Proxy for `https:` URLs, such as `http://proxy.example.com:3128`; without user and password.
   *
   * @default - the proxy for `http:` URLs
   */
  readonly httpsProxy?: string;

  /**
   * Key of a Secret, in the LlmGateway's namespace, with the URL of the proxy for `https:` URLs, user and password in it. Read when a pod
   * starts. Not together with `httpsProxy`.
   *
   * @default - `httpsProxy`
   */
  readonly httpsProxySecret?: SecretValue;

  /**
   * Proxy for `http:` URLs, such as `http://proxy.example.com:3128`; without user and password.
   *
   * @default - `http:` URLs are called directly
   */
  readonly httpProxy?: string;

  /**
   * Key of a Secret, in the LlmGateway's namespace, with the URL of the proxy for `http:` URLs, user and password in it. Read when a pod
   * starts. Not together with `httpProxy`.
   *
   * @default - `httpProxy`
   */
  readonly httpProxySecret?: SecretValue;

  /**
   * Hosts that are called directly: names with all names below them, addresses, each with or without `:port`. Services by their names in the
   * cluster (`.svc`, `.svc.cluster.local`), `localhost` and the clouds' metadata services are among them without being named.
   *
   * @default - no others
   */
  readonly noProxy?: string[];
}
