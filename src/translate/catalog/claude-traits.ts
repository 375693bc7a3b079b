import { Effort } from '../openai/reasoning-effort';
import { remembered } from '../remembered';

/** What a Claude model takes that not every one takes, wherever it is served. */
export interface ClaudeTraits {
  /** How it is told to think: with a number of tokens, or with an effort; `none`: it does not think. */
  readonly thinking: 'none' | 'budget' | 'adaptive';
  /**
   * How it is told not to: `omitted`: it thinks only when told to; `disabled` and `between_tools`: `thinking` of that type, for it thinks
   * unless told otherwise; `never`: it always thinks.
   */
  readonly withoutThinking: 'omitted' | 'disabled' | 'between_tools' | 'never';
  /** Those that it knows by name. */
  readonly efforts: readonly Effort[];
  /** How many of temperature and top_p one request may have, other than 1. */
  readonly samplers: 0 | 1 | 2;
  /** Takes a schema for its answer, `strict` on a tool, and through Converse `disable_parallel_tool_use`. */
  readonly claude45OrLater: boolean;
  /** Can be made to call a tool. */
  readonly forcedTools: boolean;
}

const LOW_TO_HIGH: readonly Effort[] = ['low', 'medium', 'high'];
const CLAUDE_3: ClaudeTraits = { thinking: 'none', withoutThinking: 'omitted', efforts: [], samplers: 2, claude45OrLater: false, forcedTools: true };
const CLAUDE_4: ClaudeTraits = { ...CLAUDE_3, thinking: 'budget' };
const CLAUDE_45: ClaudeTraits = { ...CLAUDE_4, samplers: 1, claude45OrLater: true };
const CLAUDE_46: ClaudeTraits = { ...CLAUDE_45, thinking: 'adaptive', efforts: [...LOW_TO_HIGH, 'max'] };
const CLAUDE_47: ClaudeTraits = { ...CLAUDE_46, efforts: [...LOW_TO_HIGH, 'xhigh', 'max'], samplers: 0 };
const CLAUDE_5: ClaudeTraits = { ...CLAUDE_47, withoutThinking: 'disabled' };
const ALWAYS_THINKING: ClaudeTraits = { ...CLAUDE_5, withoutThinking: 'never' };

/**
 * The first mark in the model's id (or ARN) decides. As of October 2026, by
 * - platform.claude.com/docs/en/build-with-claude/thinking-troubleshooting: which `thinking.type` each model refuses, and what it does without;
 *   docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-adaptive-thinking.html and .../claude-messages-extended-thinking.html
 * - platform.claude.com/docs/en/build-with-claude/effort, openrouter.ai/docs/guides/guides/model-migrations/claude-4-6: efforts; `xhigh` from 4.7, `max` from 4.6
 * - platform.claude.com/docs/en/about-claude/model-deprecations: no temperature, top_p and top_k but the default from 4.7;
 *   one of temperature and top_p from 4.5 (and Opus 4.1): github.com/aws-samples/bedrock-access-gateway/issues/191, /pull/238
 * - platform.claude.com/docs/en/build-with-claude/thinking#response-prefill-and-forced-tool-use, .../models/sonnet-5-5/migration-guide: no forced tools
 * - docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html, platform.claude.com/docs/en/build-with-claude/structured-outputs: schemas from 4.5;
 *   `disable_parallel_tool_use` through Converse: github.com/BerriAI/litellm/pull/34347
 */
const MARKS: ReadonlyArray<readonly [mark: RegExp, traits: ClaudeTraits]> = [
  [/claude-sonnet-5-5(?!\d)/, { ...CLAUDE_5, withoutThinking: 'between_tools', forcedTools: false }],
  [/claude-(?:opus-5-5|(?:fable|mythos)-5-\d)(?!\d)/, { ...ALWAYS_THINKING, forcedTools: false }],
  [/claude-(?:fable|mythos)-/, ALWAYS_THINKING],
  [/claude-[a-z]+-[5-9](?!\d)/, CLAUDE_5],
  [/claude-[a-z]+-4-[789](?!\d)/, CLAUDE_47],
  [/claude-[a-z]+-4-6(?!\d)/, CLAUDE_46],
  [/claude-[a-z]+-4-5(?!\d)/, CLAUDE_45],
  [/claude-opus-4-1(?!\d)/, { ...CLAUDE_4, samplers: 1 }],
  [/claude-(?:[a-z]+-4(?!\d)|3-7-)/, CLAUDE_4],
  [/claude-(?:3|2|instant|v2)(?!\d)/, CLAUDE_3],
];

/** `undefined`: no Claude, or one under a name of one's own, such as an inference profile. */
export const claudeTraits = remembered((modelId: string): ClaudeTraits | undefined => {
  const id = modelId.toLowerCase();
  return MARKS.find(([mark]) => mark.test(id))?.[1];
});
