import { createHmac, hash } from 'node:crypto';
import { createScope, getCanonicalHeaders, getSigningKey, SignatureV4Base } from '@smithy/signature-v4';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import { NodeSha256 } from './node-sha256';

const ALGORITHM = 'AWS4-HMAC-SHA256';

/** What a signature covers. */
export interface SignedRequest {
  readonly method: string;
  /** As it is sent, so escaped once. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly host: string;
  readonly body: Uint8Array;
}

type Pair = readonly [name: string, value: string];

/**
 * AWS Signature Version 4 on the SDK's base class, which makes the canonical request and the key of the day. The digests are OpenSSL's, and
 * at once: the SDK's `SignatureV4` takes thrice the time, most of it for the name under which it keeps the key and for promises.
 */
export class Sigv4Signer extends SignatureV4Base {
  private key: { readonly identity: AwsCredentialIdentity; readonly day: string; readonly bytes: Uint8Array } | undefined;

  constructor(service: string, private readonly region: string, private readonly credentials: AwsCredentialIdentity | AwsCredentialIdentityProvider) {
    super({ service, region, credentials, sha256: NodeSha256 });
  }

  /** The headers to add. A promise where the identity has to be fetched or the day's key is not made yet; rejects with what the provider says. */
  sign(request: SignedRequest, date: Date): readonly Pair[] | Promise<readonly Pair[]> {
    const { credentials } = this;
    return typeof credentials === 'function' ? credentials().then((identity) => this.signAs(identity, request, date)) : this.signAs(credentials, request, date);
  }

  private signAs(identity: AwsCredentialIdentity, request: SignedRequest, date: Date): readonly Pair[] | Promise<readonly Pair[]> {
    const { longDate, shortDate: day } = this.formatDate(date);
    const { key, region, service } = this;
    const headers = (secret: Uint8Array) => this.headers(identity, secret, request, longDate, createScope(day, region, service));
    if (key?.identity === identity && key.day === day) return headers(key.bytes);
    this.validateResolvedCredentials(identity);
    return getSigningKey(NodeSha256, identity, day, region, service).then((bytes) => {
      this.key = { identity, day, bytes };
      return headers(bytes);
    });
  }

  private headers({ accessKeyId, sessionToken }: AwsCredentialIdentity, key: Uint8Array, request: SignedRequest, date: string, scope: string): readonly Pair[] {
    const { method, path, query, host, body } = request;
    const payload = hash('sha256', body, 'hex');
    const added: Array<[name: string, value: string]> = [['x-amz-content-sha256', payload], ['x-amz-date', date]];
    if (sessionToken !== undefined) added.push(['x-amz-security-token', sessionToken]);
    const signed = getCanonicalHeaders({ method, protocol: 'https:', hostname: host, path, headers: Object.fromEntries([['host', host], ...added]) });
    const canonical = this.createCanonicalRequest({ method, protocol: 'https:', hostname: host, path, query, headers: signed }, signed, payload);
    const signature = createHmac('sha256', key).update(`${ALGORITHM}\n${date}\n${scope}\n${hash('sha256', canonical, 'hex')}`).digest('hex');
    added.push(['authorization', `${ALGORITHM} Credential=${accessKeyId}/${scope}, SignedHeaders=${this.getCanonicalHeaderList(signed)}, Signature=${signature}`]);
    return added;
  }
}
