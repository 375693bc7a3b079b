import { OutputSchemaName } from '../../resources/schema-name';

/** Whose models have names that begin so, on the maker's own API. */
const MAKERS: ReadonlyArray<readonly [mark: RegExp, maker: string, schemas: readonly OutputSchemaName[]]> = [
  [/^claude-/, 'Anthropic', ['Anthropic', 'GCPAnthropic']],
  // Open weights (gpt-oss, gemma) are served by anyone.
  [/^(?:ft:)?(?:gpt-(?!oss)|chatgpt-|o[134](?:-|$)|text-embedding-(?:ada-|3-)|dall-e-|whisper-1|tts-1)/, 'OpenAI', ['OpenAI', 'AzureOpenAI']],
  [/^(?:gemini|imagen|veo)-/, 'Google', ['GCPVertexAI']],
  [/^(?:[a-z-]+\.)?(?:anthropic|amazon|meta|mistral|cohere|ai21|deepseek|stability)\.[a-z]/, 'Amazon Bedrock', ['AWSBedrock', 'AWSAnthropic']],
];

/** Where each of them is served under its maker's names and no other; imitations of their APIs have names of their own. */
const OWN_HOSTS: Readonly<Partial<Record<OutputSchemaName, readonly string[]>>> = {
  OpenAI: ['api.openai.com'], Anthropic: ['api.anthropic.com'], Cohere: ['api.cohere.com', 'api.cohere.ai'],
};
/** A backend of these has one provider, whatever its host (private endpoints). */
const ONE_PROVIDER: readonly OutputSchemaName[] = ['AWSBedrock', 'AWSAnthropic', 'GCPVertexAI', 'GCPAnthropic'];

/**
 * Foundation models of Bedrock that are there by inference profile alone, as of November 2026: github.com/open-webui/pipelines/issues/490 (3.7),
 * github.com/anthropics/claude-code/issues/5190 (Opus 4 and 4.1), github.com/anomalyco/models.dev/issues/37 (Sonnet 4). AWS GovCloud has some of them itself.
 */
const PROFILE_ONLY = /^anthropic\.claude-(?:3-7-sonnet-20250219|(?:opus|sonnet)-4-20250514|opus-4-1-20250805)-v1:0$/;

/** Whether names of models at this host are the provider's own. */
export function hasProvidersNames(output: OutputSchemaName, host: string | undefined): boolean {
  return ONE_PROVIDER.includes(output) || host !== undefined && (OWN_HOSTS[output]?.includes(host) ?? false);
}

/**
 * Why this provider cannot know a model of this name, and what to write instead; `undefined`: nothing speaks against it. `beginning`: only
 * how the name begins is known.
 */
export function misplacedModel(output: OutputSchemaName, host: string | undefined, model: string, beginning = false): string | undefined {
  if (!hasProvidersNames(output, host)) return undefined;
  const name = model.toLowerCase();
  const found = MAKERS.find(([mark]) => mark.test(name));
  if (found !== undefined && !found[2].includes(output)) return elsewhere(output, found[1], found[2]);
  if (beginning) return undefined;
  switch (output) {
    case 'AWSAnthropic':
      return found !== undefined && !name.includes('anthropic.') ? 'a backend that speaks AWSAnthropic has Claude alone; use one that speaks AWSBedrock' : undefined;
    case 'AWSBedrock':
      return profileOnly(name, host);
    case 'Anthropic':
      return name.includes('@') ? `names with "@" are Vertex AI's; write ${JSON.stringify(model.replace('@', '-'))}, or use a backend that speaks GCPAnthropic` : undefined;
    case 'GCPAnthropic':
      return /-20\d{6}$/.test(name) ? `Vertex AI's names have "@" before the date; write ${JSON.stringify(model.replace(/-(20\d{6})$/, '@$1'))}` : undefined;
    default:
      return undefined;
  }
}

function elsewhere(output: OutputSchemaName, maker: string, schemas: readonly OutputSchemaName[]): string {
  if (output === 'AWSBedrock' || output === 'AWSAnthropic') return `that is ${maker}'s own name for it; Bedrock's ids begin with the vendor, as in "us.anthropic.claude-...": write that or an ARN`;
  return `that is a name of ${maker}'s; use a backend that speaks ${schemas.join(' or ')}`;
}

function profileOnly(name: string, host = ''): string | undefined {
  if (!PROFILE_ONLY.test(name) || host.includes('.us-gov-')) return undefined;
  const geography = /\.(us|eu)-/.exec(host)?.[1];
  return `Bedrock has it by inference profile alone; write ${geography === undefined ? `that of your geography, such as "us.${name}"` : `"${geography}.${name}"`}, or the ARN of a profile`;
}
