import { createPrivateKey, generateKeyPairSync, KeyObject, sign } from 'node:crypto';

export interface Certificate {
  readonly certificate: string;
  readonly privateKey: string;
}

/** A certificate authority of its own, for servers on loopback. */
export class CertificateAuthority {
  private readonly own: Certificate = issue('authority', [], undefined);

  /** PEM, for clients to trust. */
  get certificate(): string {
    return this.own.certificate;
  }

  /** A certificate for these DNS names. */
  issue(names: readonly string[]): Certificate {
    return issue(names[0], names, createPrivateKey(this.own.privateKey));
  }
}

const SERVER_NAME_TAG = 0x82;
const OID_COMMON_NAME = '550403';
const OID_SUBJECT_ALTERNATIVE_NAME = '551d11';
const OID_BASIC_CONSTRAINTS = '551d13';
const ECDSA_WITH_SHA256 = der(0x30, der(0x06, Buffer.from('2a8648ce3d040302', 'hex')));

/** X.509 v3 (RFC 5280), P-256, valid from 2020 to 2049. Signed by itself where there is no issuer. */
function issue(commonName: string, names: readonly string[], issuer: KeyObject | undefined): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const extension = issuer === undefined
    ? der(0x30, oid(OID_BASIC_CONSTRAINTS), der(0x01, Buffer.of(0xff)), der(0x04, der(0x30, der(0x01, Buffer.of(0xff)))))
    : der(0x30, oid(OID_SUBJECT_ALTERNATIVE_NAME), der(0x04, der(0x30, ...names.map((name) => der(SERVER_NAME_TAG, Buffer.from(name))))));
  const content = der(0x30,
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.of(issuer === undefined ? 1 : 2)),
    ECDSA_WITH_SHA256,
    distinguishedName('authority'),
    der(0x30, der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from('490101000000Z'))),
    distinguishedName(commonName),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(0x30, extension)),
  );
  const signature = sign('sha256', content, issuer ?? privateKey);
  const whole = der(0x30, content, ECDSA_WITH_SHA256, der(0x03, Buffer.of(0), signature));
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${(whole.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`,
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
