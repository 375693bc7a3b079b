/** The forms of widely used API keys and tokens; long enough that a model or host name never looks like one. */
const KEY_SHAPES: readonly RegExp[] = [
  /\bsk-[A-Za-z0-9_-]{16,}/, // OpenAI, Anthropic and many that imitate them
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/, // AWS access key ids
  /\bAIza[A-Za-z0-9_-]{30,}/, // Google
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/, // JWT
  /\b(?:gsk|xai|hf|ghp|github_pat|glpat|nvapi|pplx|r8)[_-][A-Za-z0-9_-]{20,}/,
];

/** Whether a text holds what looks like a credential. Such a text must not appear in a message. */
export function isKeyShaped(text: string): boolean {
  return KEY_SHAPES.some((shape) => shape.test(text));
}

/** Paths of all strings inside `value`, names of fields included, that hold what looks like a credential. */
export function keyShapedPaths(value: unknown, path: string): string[] {
  if (typeof value === 'string') return isKeyShaped(value) ? [path] : [];
  if (typeof value !== 'object' || value === null) return [];
  const entries = Array.isArray(value) ? value.map((item, index) => [`${path}[${index}]`, item] as const) : Object.entries(value).flatMap(
    ([name, item]) => (isKeyShaped(name) ? [[path, name] as const] : [[path === '' ? name : `${path}.${name}`, item] as const]),
  );
  return entries.flatMap(([place, item]) => keyShapedPaths(item, place));
}
