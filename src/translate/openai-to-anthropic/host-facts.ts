import { ClaudeHost } from '../anthropic/hosted-target';

/** What the places that serve Claude do not have in common. */
export interface HostFacts {
  /** For messages. */
  readonly name: string;
  /** Images by URL and files by id. https://platform.claude.com/docs/en/build-with-claude/vision, supportedPlatforms */
  readonly fetches: boolean;
  /** The tool of `web_search_options`. https://platform.claude.com/docs/en/agents-and-tools/tool-use/web-search-tool */
  readonly webSearch: boolean;
}

const FACTS: Readonly<Record<ClaudeHost, HostFacts>> = {
  Anthropic: { name: 'Anthropic', fetches: true, webSearch: true },
  AWSAnthropic: { name: 'AWS Bedrock', fetches: false, webSearch: false },
  GCPAnthropic: { name: 'Google Vertex AI', fetches: false, webSearch: true },
};

export function hostFacts(host: ClaudeHost): HostFacts {
  return FACTS[host];
}
