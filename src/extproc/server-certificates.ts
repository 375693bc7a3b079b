import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';

/** Where the PEM files are. */
export interface CertificateFiles {
  /** Certificate chain of the server, its own certificate first. */
  readonly certificate: string;
  readonly key: string;
  /** Certificate authorities of the clients. */
  readonly clientCa: string;
}

/** What a server with mutual TLS is set up with; bytes as in the files. */
export interface ServerCertificates {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca: Buffer;
  readonly expiry: {
    readonly server: Date;
    /** Of the authority that lasts longest. */
    readonly clientCa: Date;
  };
}

export type CertificatesEvent =
  | { readonly kind: 'loaded'; readonly certificates: ServerCertificates }
  /** The last good ones stay in use. */
  | { readonly kind: 'refused'; readonly reason: string };

type FileBytes = Record<keyof CertificateFiles, Buffer>;

/** Files of a mounted Secret are replaced within a minute or so: looking a little more often costs three small reads. */
const LOOK_MILLISECONDS = 2_000;

/**
 * Certificates from files, which somebody else renews. Looked at again and again rather than watched: mounted Secrets are replaced by turning a
 * link of a folder above, which notifications of the file system miss.
 */
export class CertificateSource {
  private used: FileBytes;
  private seen: FileBytes | string;
  private timer: NodeJS.Timeout | undefined;
  private certificates: ServerCertificates;
  private refusal: string | undefined;

  /** Throws an Error that names the file where one cannot be read or used. */
  constructor(private readonly files: CertificateFiles, private readonly interval = LOOK_MILLISECONDS) {
    this.used = read(files);
    this.seen = this.used;
    this.certificates = certificatesOf(this.used, files);
  }

  get current(): ServerCertificates {
    return this.certificates;
  }

  /** Begins to look for changes. */
  start(listener: (event: CertificatesEvent) => void): void {
    this.timer = setInterval(() => {
      const event = this.look();
      if (event !== undefined) listener(event);
    }, this.interval);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** What has not changed since the last look was not caught in the middle of a change. */
  private look(): CertificatesEvent | undefined {
    const now = readOrReason(this.files);
    const settled = same(now, this.seen);
    this.seen = now;
    if (!settled || same(now, this.used)) return undefined;
    try {
      if (typeof now === 'string') throw new Error(now);
      this.certificates = certificatesOf(now, this.files);
      this.used = now;
      this.refusal = undefined;
      return { kind: 'loaded', certificates: this.certificates };
    } catch (error) {
      const { message } = error as Error;
      // Once, not with every look.
      if (message === this.refusal) return undefined;
      this.refusal = message;
      return { kind: 'refused', reason: message };
    }
  }
}

function read(files: CertificateFiles): FileBytes {
  return { certificate: readFile(files.certificate), key: readFile(files.key), clientCa: readFile(files.clientCa) };
}

function readFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Error(`cannot read ${path} (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  }
}

function readOrReason(files: CertificateFiles): FileBytes | string {
  try {
    return read(files);
  } catch (error) {
    return (error as Error).message;
  }
}

function same(left: FileBytes | string, right: FileBytes | string): boolean {
  if (typeof left === 'string' || typeof right === 'string') return left === right;
  return left.certificate.equals(right.certificate) && left.key.equals(right.key) && left.clientCa.equals(right.clientCa);
}

/** Throws what is wrong; OpenSSL's own words may hold a part of what they are about, so they are not repeated. */
function certificatesOf({ certificate: cert, key, clientCa: ca }: FileBytes, files: CertificateFiles): ServerCertificates {
  const [own] = certificatesIn(cert, files.certificate);
  const authorities = certificatesIn(ca, files.clientCa);
  if (!belongTogether(own, key)) throw new Error(`${files.key} does not hold the private key, in PEM, of the certificate in ${files.certificate}`);
  if (expiryOf(own) <= new Date()) throw new Error(`the certificate in ${files.certificate} expired on ${expiryOf(own).toISOString()}; renew it`);
  try {
    createSecureContext({ cert, key, ca });
  } catch {
    throw new Error(`${files.certificate} and ${files.clientCa} are no certificates that TLS can be set up with`);
  }
  const clientCa = new Date(Math.max(...authorities.map((authority) => expiryOf(authority).getTime())));
  return { cert, key, ca, expiry: { server: expiryOf(own), clientCa } };
}

function certificatesIn(pem: Buffer, path: string): X509Certificate[] {
  const blocks = pem.toString('latin1').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    if (blocks.length > 0) return blocks.map((block) => new X509Certificate(block));
  } catch {
    // As with none.
  }
  throw new Error(`${path} does not hold a certificate in PEM`);
}

function belongTogether(certificate: X509Certificate, key: Buffer): boolean {
  try {
    return certificate.checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

function expiryOf({ validTo }: X509Certificate): Date {
  return new Date(validTo);
}
