import { crc32 } from '../crc32';

const LONGEST = 64;
const CHECKSUM_DIGITS = 8;

/**
 * Names as Bedrock, Anthropic and Gemini take them (1 to 64 of letters, digits, `_` and `-`), and back. A name that is allowed stays as it is; another gets
 * `_` for what is not allowed, and a checksum of itself where that would meet another name. Which names there are decides, not their
 * order, so every turn of a conversation gives the same.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolSpecification.html
 */
export class RestrictedNames {
  private readonly byOriginal = new Map<string, string>();
  private readonly byRestricted = new Map<string, string>();

  constructor(originals: Iterable<string>) {
    const names = [...new Set(originals)].sort();
    const wanted = new Map<string, number>();
    for (const name of names) {
      wanted.set(replaced(name), (wanted.get(replaced(name)) ?? 0) + 1);
    }
    // Grows over all names: those made to have the same checksum would have the same one with the same salt, too.
    let salt = 0;
    // Those that are allowed come first: nobody can take their names.
    for (const name of [...names.filter(isAllowed), ...names.filter((other) => !isAllowed(other))]) {
      const plain = replaced(name);
      let restricted = isAllowed(name) || wanted.get(plain) === 1 && plain.length <= LONGEST ? plain : withChecksum(plain, name);
      while (this.byRestricted.has(restricted)) {
        salt += 1;
        restricted = withChecksum(plain, `${name}\u0000${salt}`);
      }
      this.byOriginal.set(name, restricted);
      this.byRestricted.set(restricted, name);
    }
  }

  /** What the provider is told; a name that was not given to the constructor comes back unchanged. */
  restricted(name: string): string {
    return this.byOriginal.get(name) ?? name;
  }

  /** What the client calls it; a name that the model made up comes back unchanged. */
  original(restricted: string): string {
    return this.byRestricted.get(restricted) ?? restricted;
  }
}

function isAllowed(name: string): boolean {
  return name.length <= LONGEST && /^[a-zA-Z0-9_-]+$/.test(name);
}

function replaced(name: string): string {
  return name.replace(/[^a-zA-Z0-9_-]/g, '_') || '_';
}

function withChecksum(plain: string, name: string): string {
  const bytes = new TextEncoder().encode(name);
  const checksum = crc32(bytes, 0, bytes.length).toString(16).padStart(CHECKSUM_DIGITS, '0');
  return `${plain.slice(0, LONGEST - CHECKSUM_DIGITS - 1)}_${checksum}`;
}
