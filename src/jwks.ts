import { createPublicKey, JsonWebKey } from 'node:crypto';
import { IConfigMap } from 'cdk8s-plus-28';
import { SecurityPolicySpecJwtProviders, SecurityPolicySpecJwtProvidersLocalJwksType as LocalJwksType } from '../imports/gateway.envoyproxy.io';

type JwksSource = Pick<SecurityPolicySpecJwtProviders, 'localJwks' | 'remoteJwks'>;

/** Members of a JSON Web Key (RFC 7517, RFC 7518) that are secret. */
const SECRET_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** Kinds of keys (`kty`, with `crv`), and the algorithms that Envoy checks with them. */
const ALGORITHMS: Readonly<Record<string, readonly string[]>> = {
  'RSA': ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  'EC P-256': ['ES256'],
  'EC P-384': ['ES384'],
  'EC P-521': ['ES512'],
  'OKP Ed25519': ['EdDSA'],
};

/** The public keys that tokens are checked with: a JSON Web Key Set (https://www.rfc-editor.org/rfc/rfc7517#section-5). */
export class Jwks {
  /**
   * A set that Envoy fetches, and fetches again every 5 minutes. Its server's certificate must be one that the system's authorities vouch for.
   *
   * @param uri `https` URI, such as `https://issuer.example.com/.well-known/jwks.json`; at most 253 characters
   */
  public static remote(uri: string): Jwks {
    let scheme = '';
    try {
      scheme = new URL(uri).protocol;
    } catch {
      // Named below.
    }
    if (scheme !== 'https:' || uri.length > 253) throw new Error(`jwks ${JSON.stringify(uri)} must be an https URI of at most 253 characters, such as https://issuer.example.com/.well-known/jwks.json`);
    return new Jwks({ remoteJwks: { uri } });
  }

  /**
   * A set that stands in the SecurityPolicy itself: public keys only.
   *
   * @param json the set as JSON text, such as `{"keys":[...]}`
   */
  public static inline(json: string): Jwks {
    checkPublicKeys(json);
    return new Jwks({ localJwks: { type: LocalJwksType.INLINE, inline: json } });
  }

  /**
   * The set in the key `jwks` of a ConfigMap, which has to be in the namespace of the LlmRoute. Whoever may change it can stop the whole Gateway: Envoy
   * takes no configuration with a set that it cannot read. `remote` has no such risk.
   */
  public static configMap(configMap: IConfigMap): Jwks {
    return new Jwks({ localJwks: { type: LocalJwksType.VALUE_REF, valueRef: { group: '', kind: 'ConfigMap', name: configMap.name } } }, configMap);
  }

  private constructor(private readonly source: JwksSource, private readonly map?: IConfigMap) {}

  /** @internal */
  public _toKube(): JwksSource {
    return this.source;
  }

  /** Where the set is, unless it is inline or fetched. @internal */
  public get _configMap(): IConfigMap | undefined {
    return this.map;
  }
}

/** As strict as Envoy, which refuses the listener, and with it every route of the Gateway, for a key that it cannot read. */
function checkPublicKeys(json: string): void {
  let keys: unknown;
  try {
    ({ keys } = JSON.parse(json) as { keys?: unknown });
  } catch {
    // Named below.
  }
  if (!Array.isArray(keys) || keys.length === 0) throw new Error('jwks must be JSON text with a list "keys" of at least one public key (RFC 7517)');
  keys.forEach((key: unknown, index) => {
    const defect = keyDefect(key);
    if (defect !== undefined) throw new Error(`jwks keys[${index}] ${defect}`);
  });
}

function keyDefect(key: unknown): string | undefined {
  if (typeof key !== 'object' || key === null) return 'must be an object (RFC 7517)';
  const { kty, crv, alg, kid } = key as Record<string, unknown>;
  const secret = SECRET_MEMBERS.find((member) => member in key);
  if (secret !== undefined) return `has the member "${secret}", which is secret; give the public key alone`;
  const algorithms = ALGORITHMS[kty === 'RSA' ? 'RSA' : `${String(kty)} ${String(crv)}`];
  if (algorithms === undefined) return `is of a kind that Envoy does not know; it knows kty ${Object.keys(ALGORITHMS).join(', ')}`;
  if (alg !== undefined && !algorithms.includes(String(alg))) return `has an "alg" that does not go with its kind; allowed: ${algorithms.join(', ')}`;
  if (kid !== undefined && typeof kid !== 'string') return 'has a "kid" that is no string';
  try {
    createPublicKey({ key: key as JsonWebKey, format: 'jwk' });
    return undefined;
  } catch {
    return 'is no valid public key: its members are missing or not base64url (RFC 7518)';
  }
}
