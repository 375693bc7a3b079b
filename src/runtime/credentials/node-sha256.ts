import { createHash, createHmac, Hash, Hmac } from 'node:crypto';
import type { Checksum, SourceData } from '@smithy/types';

/** SHA-256 for the AWS signer by OpenSSL: the SDK's own in JavaScript takes ten times as long on a large body. */
export class NodeSha256 implements Checksum {
  private hash: Hash | Hmac;

  /** `secret`: HMAC with this key. */
  constructor(private readonly secret?: SourceData) {
    this.hash = begin(secret);
  }

  update(data: Uint8Array): void {
    this.hash.update(data);
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.hash.digest());
  }

  reset(): void {
    this.hash = begin(this.secret);
  }
}

function begin(secret: SourceData | undefined): Hash | Hmac {
  if (secret === undefined) return createHash('sha256');
  return createHmac('sha256', typeof secret === 'string' ? secret : ArrayBuffer.isView(secret) ? new Uint8Array(secret.buffer, secret.byteOffset, secret.byteLength) : new Uint8Array(secret));
}
