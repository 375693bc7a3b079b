import { remembered } from '../remembered';

/**
 * The most tokens that one answer of a model may have, thinking included. The first mark in the model's id (or ARN) decides.
 * As of October 2026, by platform.claude.com/docs/en/build-with-claude/thinking#output-limits and .../models/{model}/overview; of older
 * models by docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages.html.
 */
const LIMITS: ReadonlyArray<readonly [mark: RegExp, tokens: number]> = [
  [/claude-(?:fable|mythos)-/, 128_000],
  [/claude-[a-z]+-[5-9](?!\d)/, 128_000],
  [/claude-[a-z]+-4-[6-9](?!\d)/, 128_000],
  [/claude-[a-z]+-4-5(?!\d)/, 64_000],
  [/claude-opus-4(?:-1)?(?!\d)/, 32_000],
  [/claude-sonnet-4(?!\d)/, 64_000],
  [/claude-3-7-/, 64_000],
  [/claude-3-5-/, 8192],
  [/claude-(?:3|2|instant|v2)(?!\d)/, 4096],
];

/** `undefined`: not known. */
export const outputLimit = remembered((modelId: string): number | undefined => {
  const id = modelId.toLowerCase();
  return LIMITS.find(([mark]) => mark.test(id))?.[1];
});
