import { createPrivateKey, generateKeyPairSync, KeyObject, randomUUID, sign } from 'node:crypto';

export interface Certificate {
  readonly certificate: string;
  readonly privateKey: string;
}

/** A certificate authority of its own, for servers on loopback. No two have the same name. */
export class CertificateAuthority {
  private readonly name = `authority ${randomUUID()}`;
  private readonly own: Certificate = issue({ name: this.name }, this.name, []);

  /** PEM, for clients to trust. */
  get certificate(): string {
    return this.own.certificate;
  }

  /** A certificate for these DNS names. @param expires before 2050 @default - 2049 */
  issue(names: readonly string[], expires?: Date): Certificate {
    return issue({ name: this.name, key: createPrivateKey(this.own.privateKey) }, names[0], names, expires);
  }
}

const SERVER_NAME_TAG = 0x82;
const OID_COMMON_NAME = '550403';
const OID_SUBJECT_ALTERNATIVE_NAME = '551d11';
const OID_BASIC_CONSTRAINTS = '551d13';
const ECDSA_WITH_SHA256 = der(0x30, der(0x06, Buffer.from('2a8648ce3d040302', 'hex')));

/** X.509 v3 (RFC 5280), P-256, valid from 2020 on. Signed by itself where the issuer has no key. */
function issue(issuer: { readonly name: string; readonly key?: KeyObject }, commonName: string, names: readonly string[], expires = new Date('2049-01-01T00:00:00Z')): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const extension = issuer.key === undefined
    ? der(0x30, oid(OID_BASIC_CONSTRAINTS), der(0x01, Buffer.of(0xff)), der(0x04, der(0x30, der(0x01, Buffer.of(0xff)))))
    : der(0x30, oid(OID_SUBJECT_ALTERNATIVE_NAME), der(0x04, der(0x30, ...names.map((name) => der(SERVER_NAME_TAG, Buffer.from(name))))));
  const content = der(0x30,
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.of(issuer.key === undefined ? 1 : 2)),
    ECDSA_WITH_SHA256,
    distinguishedName(issuer.name),
    der(0x30, der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from(`${expires.toISOString().replace(/[-:T]|\..*/g, '').slice(2)}Z`))),
    distinguishedName(commonName),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(0x30, extension)),
  );
  const signature = sign('sha256', content, issuer.key ?? privateKey);
  const whole = der(0x30, content, ECDSA_WITH_SHA256, der(0x03, Buffer.of(0), signature));
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${whole.toString('base64').replace(/.{64}(?!$)/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}

function distinguishedName(commonName: string): Buffer {
  return der(0x30, der(0x31, der(0x30, oid(OID_COMMON_NAME), der(0x0c, Buffer.from(commonName)))));
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}

/** One value of the Distinguished Encoding Rules. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? Buffer.of(length) : length < 256 ? Buffer.of(0x81, length) : Buffer.of(0x82, length >> 8, length & 0xff);
  return Buffer.concat([Buffer.of(tag), size, content]);
}
