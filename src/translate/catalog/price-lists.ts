import { LISTED_MODELS, LISTED_PROVIDERS, NamePattern } from './listed-models';
import { OutputSchemaName } from '../../resources/schema-name';

/** Whose list counts where the address does not say it. Imitations of OpenAI's API are many, and most of those in a cluster cost nothing per token. */
export const PRICE_LIST_OF_SCHEMA: Readonly<Record<OutputSchemaName, string | undefined>> = {
  OpenAI: undefined,
  AzureOpenAI: 'azure',
  Anthropic: 'anthropic',
  AWSBedrock: 'aws',
  AWSAnthropic: 'aws',
  GCPVertexAI: 'google',
  GCPAnthropic: 'google',
  Cohere: 'cohere',
};

/**
 * Whether the public price lists have a model, as far as can be told without them: what they match names by is kept here for those of
 * `PRICE_LIST_OF_SCHEMA` and OpenAI, and of others it is taken for granted. `origin`: such as `https://api.openai.com:443`.
 */
export function mayBeListed({ schema, origin }: { readonly schema: OutputSchemaName; readonly origin: string }, model: string): boolean {
  const provider = LISTED_PROVIDERS.find(([, address]) => new RegExp(`^(?:${address})`).test(origin))?.[0] ?? PRICE_LIST_OF_SCHEMA[schema];
  if (provider === undefined) return false;
  if (!Object.hasOwn(LISTED_MODELS, provider)) return true;
  const name = model.toLowerCase().trim();
  const patterns = LISTED_MODELS[provider];
  return [name, withDashedDate(name)].some((one) => patterns.some((pattern) => matches(pattern, one)));
}

/** Lists write dates as 2025-09-29, and some providers as 20250929. */
function withDashedDate(name: string): string {
  return name.replace(/-(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=[-:]|$)/g, '-$1-$2-$3');
}

function matches(pattern: NamePattern, name: string): boolean {
  if (pattern.or !== undefined) return pattern.or.some((one) => matches(one, name));
  if (pattern.and !== undefined) return pattern.and.every((one) => matches(one, name));
  if (pattern.equals !== undefined) return name === pattern.equals.toLowerCase();
  if (pattern.starts_with !== undefined) return name.startsWith(pattern.starts_with.toLowerCase());
  if (pattern.ends_with !== undefined) return name.endsWith(pattern.ends_with.toLowerCase());
  if (pattern.contains !== undefined) return name.includes(pattern.contains.toLowerCase());
  return pattern.regex !== undefined && new RegExp(pattern.regex).test(name);
}
