import { foundationModel, modelSegment } from '../bedrock/model-segment';
import { pathPrefix } from '../path-prefix';
import { RequestError } from '../request-error';

/** Where Claude is served: by Anthropic itself, by Bedrock's InvokeModel, by Vertex AI's rawPredict. */
export type ClaudeHost = 'Anthropic' | 'AWSAnthropic' | 'GCPAnthropic';

export interface HostedOptions {
  /** As the host names it. */
  readonly model: string;
  readonly stream: boolean;
  /** `outputSchema.version`: Anthropic's path prefix, or the `anthropic_version` of the others. */
  readonly version?: string;
  /** Header `anthropic-version` of the client, for Anthropic itself. */
  readonly anthropicVersion?: string;
  /** Features of header `anthropic-beta`. */
  readonly betas: readonly string[];
  readonly gcp?: { readonly project: string; readonly region: string };
  /** Counts the request's tokens instead of answering it. */
  readonly countTokens?: boolean;
}

/** What the same Messages request needs for one host besides its own fields. */
export interface HostedTarget {
  readonly path: string;
  readonly setHeaders: ReadonlyArray<readonly [name: string, value: string]>;
  /** What only Anthropic itself reads. */
  readonly removeHeaders: readonly string[];
  /** Members of the body that say what the host does not take from path or header. Never `max_tokens` and the like. */
  readonly fields: {
    readonly model?: string;
    readonly stream?: boolean;
    readonly anthropic_version?: string;
    readonly anthropic_beta?: readonly string[];
  };
}

const ANTHROPIC_VERSION = '2023-06-01';
const BEDROCK_VERSION = 'bedrock-2023-05-31';
const VERTEX_VERSION = 'vertex-2023-10-16';
const JSON_TYPE = ['content-type', 'application/json'] as const;

/** https://docs.anthropic.com/en/api/messages, .../claude-on-amazon-bedrock, .../claude-on-vertex-ai */
export function hostedTarget(host: ClaudeHost, options: HostedOptions): HostedTarget {
  switch (host) {
    case 'Anthropic':
      return anthropic(options);
    case 'AWSAnthropic':
      return bedrock(options);
    case 'GCPAnthropic':
      return vertex(options);
  }
}

function anthropic({ model, stream, version, anthropicVersion, betas, countTokens }: HostedOptions): HostedTarget {
  return {
    path: `${pathPrefix(version)}/messages${countTokens ? '/count_tokens' : ''}`,
    setHeaders: [JSON_TYPE, ['anthropic-version', anthropicVersion ?? ANTHROPIC_VERSION], ...betaHeader(betas)],
    removeHeaders: [],
    fields: { model, ...stream && !countTokens && { stream } },
  };
}

/** Betas go into the body: Bedrock reads no such header. */
function bedrock({ model, stream, version, betas, countTokens }: HostedOptions): HostedTarget {
  const operation = stream ? 'invoke-with-response-stream' : 'invoke';
  return {
    path: countTokens ? `/model/${modelSegment(foundationModel(model))}/count-tokens` : `/model/${modelSegment(model)}/${operation}`,
    setHeaders: [JSON_TYPE, ['accept', stream && !countTokens ? 'application/vnd.amazon.eventstream' : 'application/json']],
    removeHeaders: ['anthropic-version', 'anthropic-beta'],
    fields: { anthropic_version: version || BEDROCK_VERSION, ...betas.length > 0 && { anthropic_beta: betas } },
  };
}

/** Betas go into body and header: which of the two Vertex reads depends on the feature. */
function vertex({ model, stream, version, betas, gcp, countTokens }: HostedOptions): HostedTarget {
  if (gcp === undefined) {
    throw new RequestError(404, 'the backend of this model names no Google Cloud project and region; set credential.gcp on its LLMBackend', 'backend_incomplete', 'model');
  }
  const models = `/v1/projects/${encodeURIComponent(gcp.project)}/locations/${encodeURIComponent(gcp.region)}/publishers/anthropic/models`;
  const method = stream ? 'streamRawPredict' : 'rawPredict';
  return {
    path: countTokens ? `${models}/count-tokens:rawPredict` : `${models}/${vertexModelSegment(model)}:${method}`,
    setHeaders: [JSON_TYPE, ...betaHeader(betas)],
    removeHeaders: ['anthropic-version', ...betas.length > 0 ? [] : ['anthropic-beta']],
    fields: {
      ...countTokens && { model },
      ...stream && !countTokens && { stream },
      anthropic_version: version || VERTEX_VERSION,
      ...betas.length > 0 && { anthropic_beta: betas },
    },
  };
}

function betaHeader(betas: readonly string[]): ReadonlyArray<readonly [string, string]> {
  return betas.length > 0 ? [['anthropic-beta', betas.join(',')]] : [];
}

/** Versions follow an `@`, which Google's own examples leave as it is. */
function vertexModelSegment(model: string): string {
  return modelSegment(model).replace(/%40/g, '@');
}
