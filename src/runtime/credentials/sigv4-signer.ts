import { createHmac, hash } from 'node:crypto';
import { createScope, getSigningKey, SignatureV4Base } from '@smithy/signature-v4';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider, HeaderBag } from '@smithy/types';
import { NodeSha256 } from './node-sha256';

const ALGORITHM = 'AWS4-HMAC-SHA256';
/** Only what nothing on the way changes is signed. */
const NAMES = 'host;x-amz-content-sha256;x-amz-date';

/** What a signature covers. */
export interface SignedRequest {
  readonly method: string;
  /** As it is sent, so escaped once. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly host: string;
  readonly body: Uint8Array;
}

/** A time of signing, as signatures word it. */
interface Moment {
  /** Since the epoch. */
  readonly second: number;
  readonly longDate: string;
  readonly day: string;
  readonly scope: string;
}

type Pair = readonly [name: string, value: string];

/**
 * AWS Signature Version 4 on the SDK's base class, which makes the canonical request and the key of the day. The digests are OpenSSL's, and
 * at once: the SDK's `SignatureV4` takes thrice the time, most of it for the name under which it keeps the key and for promises.
 */
export class Sigv4Signer extends SignatureV4Base {
  private moment: Moment | undefined;
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
    const moment = this.momentOf(date);
    if (this.key?.identity === identity && this.key.day === moment.day) return this.headers(identity, this.key.bytes, request, moment);
    this.validateResolvedCredentials(identity);
    return getSigningKey(NodeSha256, identity, moment.day, this.region, this.service).then((bytes) => {
      this.key = { identity, day: moment.day, bytes };
      return this.headers(identity, bytes, request, moment);
    });
  }

  /** Kept for the second that it stands for. */
  private momentOf(date: Date): Moment {
    const second = Math.floor(date.getTime() / 1000);
    if (this.moment?.second !== second) {
      const { longDate, shortDate: day } = this.formatDate(date);
      this.moment = { second, longDate, day, scope: createScope(day, this.region, this.service) };
    }
    return this.moment;
  }

  private headers({ accessKeyId, sessionToken }: AwsCredentialIdentity, key: Uint8Array, request: SignedRequest, { longDate, scope }: Moment): readonly Pair[] {
    const { method, path, query, host, body } = request;
    const payload = hash('sha256', body, 'hex');
    const signed: HeaderBag = { host, 'x-amz-content-sha256': payload, 'x-amz-date': longDate };
    if (sessionToken !== undefined) signed['x-amz-security-token'] = sessionToken;
    const canonical = this.createCanonicalRequest({ method, protocol: 'https:', hostname: host, path, query, headers: signed }, signed, payload);
    const signature = createHmac('sha256', key).update(`${ALGORITHM}\n${longDate}\n${scope}\n${hash('sha256', canonical, 'hex')}`).digest('hex');
    const names = sessionToken === undefined ? NAMES : `${NAMES};x-amz-security-token`;
    return [
      ['x-amz-content-sha256', payload],
      ['x-amz-date', longDate],
      ...(sessionToken === undefined ? [] : [['x-amz-security-token', sessionToken] as const]),
      ['authorization', `${ALGORITHM} Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`],
    ];
  }
}
