import { generateKeyPairSync, sign } from 'node:crypto';

/** Issues tokens (JWT, RS256) with a key of its own. */
export class TestIssuer {
  private readonly pair = generateKeyPairSync('rsa', { modulusLength: 2048 });

  /** Its public key as a JSON Web Key Set. */
  get jwks(): string {
    return JSON.stringify({ keys: [{ ...this.pair.publicKey.export({ format: 'jwk' }), kid: 'test', alg: 'RS256', use: 'sig' }] });
  }

  token(claims: Readonly<Record<string, unknown>>): string {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const text = `${part({ alg: 'RS256', typ: 'JWT', kid: 'test' })}.${part(claims)}`;
    return `${text}.${sign('sha256', Buffer.from(text), this.pair.privateKey).toString('base64url')}`;
  }
}
