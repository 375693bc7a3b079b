import { modelSegment } from '../bedrock/model-segment';

/** The newest dated version that is no preview, https://learn.microsoft.com/azure/foundry/openai/reference. */
const DEFAULT_VERSION = '2024-10-21';

/** Earlier dated versions have no Responses API: "enabled only for api-version 2025-03-01-preview and later". */
const FIRST_WITH_RESPONSES = '2025-03-01';

/** Earlier ones refuse `stream_options`, which the published specifications left out for longer than the service did. */
const FIRST_WITH_STREAM_OPTIONS = '2024-08-01';

/**
 * Path and query of an endpoint of Azure OpenAI.
 * - A dated version: `/openai/deployments/{model}/...?api-version=...`; the Responses API is not below a deployment, and where the version
 *   has none it is the v1 API's.
 * - `v1` or `preview`: the v1 API, where the deployment is named by the body's model. `v1` is its default, and is not sent: some resources
 *   answer "api-version query parameter is not allowed when using /v1 path".
 *
 * https://learn.microsoft.com/azure/foundry/openai/api-version-lifecycle
 */
export function azurePath(model: string, resource: string, version: string | undefined): string {
  const apiVersion = version || DEFAULT_VERSION;
  if (isV1(apiVersion)) {
    return `/openai/v1/${resource}${apiVersion === 'v1' ? '' : `?api-version=${apiVersion}`}`;
  }
  const query = `?api-version=${encodeURIComponent(apiVersion)}`;
  if (resource.startsWith('responses')) {
    return apiVersion < FIRST_WITH_RESPONSES ? `/openai/v1/${resource}` : `/openai/${resource}${query}`;
  }
  return `/openai/deployments/${modelSegment(model)}/${resource}${query}`;
}

/** Whether a stream of this version can be asked for its usage. */
export function azureKnowsStreamOptions(version: string | undefined): boolean {
  const apiVersion = version || DEFAULT_VERSION;
  return isV1(apiVersion) || apiVersion >= FIRST_WITH_STREAM_OPTIONS;
}

function isV1(apiVersion: string): boolean {
  return apiVersion === 'v1' || apiVersion === 'preview';
}
