/** `version` of an OpenAI or Anthropic backend as the begin of a path; it may hold several segments, such as `openai/v1`, and an empty one means no prefix. */
export function pathPrefix(version = 'v1'): string {
  const segments = version.split('/').filter((segment) => segment !== '');
  return segments.map((segment) => `/${segment}`).join('');
}
