import { createHash, hash } from 'node:crypto';
import { createScope, getSigningKey, SignatureV4Base } from '@smithy/signature-v4';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider, HeaderBag } from '@smithy/types';
import { HmacKey } from './hmac-key';
import { NodeSha256 } from './node-sha256';
import { piecesOf, SentBody } from '../../translate/body-pieces';

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
  readonly body: SentBody;
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

/** The SDK's canonical request of one path, around what each request has of its own. */
interface CanonicalForm {
  readonly beforePayload: string;
  readonly beforeDate: string;
  readonly beforePayloadAgain: string;
}

/** They stand for a payload and a date while a form is made: neither paths, which are escaped, nor hosts and tokens have such characters. */
const PAYLOAD = '\u0000payload';
const DATE = '\u0000date';
/** Paths differ by model and endpoint, and clients make up models. */
const MOST_FORMS = 1_000;

/** What all requests of a day and an identity share. */
interface DayKey {
  readonly identity: AwsCredentialIdentity;
  readonly day: string;
  readonly hmac: HmacKey;
  /** By method, host and path. */
  readonly forms: Map<string, CanonicalForm>;
}

/**
 * AWS Signature Version 4 on the SDK's base class, which makes the canonical request, once for each path, and the key of the day. The digests are
 * OpenSSL's, and at once: the SDK's `SignatureV4` takes six times the time, most of it for the name under which it keeps the key and for promises.
 */
export class Sigv4Signer extends SignatureV4Base {
  private moment: Moment | undefined;
  private key: DayKey | undefined;

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
    if (this.key?.identity === identity && this.key.day === moment.day) return this.headers(this.key, request, moment);
    this.validateResolvedCredentials(identity);
    return getSigningKey(NodeSha256, identity, moment.day, this.region, this.service).then((bytes) => {
      const key: DayKey = { identity, day: moment.day, hmac: new HmacKey(bytes), forms: new Map() };
      this.key = key;
      return this.headers(key, request, moment);
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

  private headers(key: DayKey, request: SignedRequest, { longDate, scope }: Moment): readonly Pair[] {
    const { accessKeyId, sessionToken } = key.identity;
    const payload = digest(request.body);
    const { beforePayload, beforeDate, beforePayloadAgain } = this.formOf(key, request);
    const canonical = `${beforePayload}${payload}${beforeDate}${longDate}${beforePayloadAgain}${payload}`;
    const signature = key.hmac.hex(`${ALGORITHM}\n${longDate}\n${scope}\n${hash('sha256', canonical, 'hex')}`);
    const names = sessionToken === undefined ? NAMES : `${NAMES};x-amz-security-token`;
    return [
      ['x-amz-content-sha256', payload],
      ['x-amz-date', longDate],
      ...(sessionToken === undefined ? [] : [['x-amz-security-token', sessionToken] as const]),
      ['authorization', `${ALGORITHM} Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`],
    ];
  }

  private formOf({ identity, forms }: DayKey, request: SignedRequest): CanonicalForm {
    if (Object.keys(request.query).length > 0) return this.form(identity, request);
    const id = `${request.method} ${request.host}${request.path}`;
    let form = forms.get(id);
    if (form === undefined) {
      if (forms.size >= MOST_FORMS) forms.clear();
      form = this.form(identity, request);
      forms.set(id, form);
    }
    return form;
  }

  private form({ sessionToken }: AwsCredentialIdentity, { method, path, query, host }: SignedRequest): CanonicalForm {
    const signed: HeaderBag = { host, 'x-amz-content-sha256': PAYLOAD, 'x-amz-date': DATE };
    if (sessionToken !== undefined) signed['x-amz-security-token'] = sessionToken;
    const canonical = this.createCanonicalRequest({ method, protocol: 'https:', hostname: host, path, query, headers: signed }, signed, PAYLOAD);
    const [beforePayload, beforeDate, rest] = canonical.split(new RegExp(`${PAYLOAD}(?!$)|${DATE}`));
    return { beforePayload, beforeDate, beforePayloadAgain: rest.slice(0, -PAYLOAD.length) };
  }
}

/** SHA-256 in hexadecimal. */
function digest(body: SentBody): string {
  const pieces = piecesOf(body);
  // In one call where it can be: an object for a digest costs more than a small body.
  return pieces.length === 1 ? hash('sha256', pieces[0], 'hex') : pieces.reduce((sum, piece) => sum.update(piece), createHash('sha256')).digest('hex');
}
