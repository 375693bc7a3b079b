import { Configuration } from './configuration';
import { HeaderPairs } from './credentials/header-pairs';

/** Headers that every provider's clients bring credentials in. */
const KNOWN = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key', 'cookie', 'proxy-authorization', 'x-amz-security-token'] as const;

/**
 * Never upstream, besides the client's credentials: what only concerns this hop; `accept-encoding`, since the answer is read here; and which page of a
 * browser asks, for which CORS is this gateway's own matter: Anthropic answers 401 to a request with `origin` (github.com/BoundaryML/baml/pull/970).
 */
const REMOVED_UPSTREAM = ['accept-encoding', 'expect', 'origin', 'referer'] as const;

const byConfiguration = new WeakMap<Configuration, readonly string[]>();

/**
 * Headers that no request takes upstream as they came, in lower case: those that clients bring credentials in, which are the usual ones and those
 * that `fromRequestHeader` of any LLMBackend names, also to a backend that does not ask for it: a model name decides where a request goes, and people mistype.
 */
function removedFromAll(configuration: Configuration): readonly string[] {
  let names = byConfiguration.get(configuration);
  if (names === undefined) {
    const own = [...configuration.backends.values()].flatMap(({ resource }) => {
      const { name, prefix } = resource.spec.credential?.fromRequestHeader ?? {};
      return [...(name === undefined ? [] : [name]), ...(prefix === undefined ? [] : ['access-key-id', 'secret-access-key', 'session-token'].map((end) => `${prefix}${end}`))];
    });
    names = [...new Set([...KNOWN, ...own.map((name) => name.toLowerCase()), ...REMOVED_UPSTREAM])];
    byConfiguration.set(configuration, names);
  }
  return names;
}

/** All that does not go upstream as the client sent it; a credential of the backend's own replaces what is there. */
export function upstreamRemovals(
  configuration: Configuration, translator: readonly string[], edits: readonly string[], credential: HeaderPairs,
): readonly string[] {
  const all = removedFromAll(configuration);
  const names = translator.length + edits.length === 0 ? all : [...all, ...translator, ...edits];
  return credential.length === 0 ? names : names.filter((name) => !credential.some(([set]) => set === name));
}
