/** Efforts of OpenAI's `reasoning_effort`, but `none`. */
export type Effort = 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';

/** What a model takes that not every model behind Converse takes. */
export interface ModelTraits {
  /**
   * How it is told to reason. `budget`: Claude's `thinking` with a number of tokens; `adaptive`: Claude's `thinking` with an effort;
   * `reasoningConfig`: Nova 2; `reasoningEffort`: gpt-oss; `none`: not at all, or it cannot be told.
   */
  readonly reasoning: 'budget' | 'adaptive' | 'reasoningConfig' | 'reasoningEffort' | 'none';
  /** Those that it knows by name, from least to most. */
  readonly efforts: readonly Effort[];
  /** How many of temperature and top_p one request may have. */
  readonly samplers: 0 | 1 | 2;
  /** Takes Anthropic's `disable_parallel_tool_use`, and `strict` on a tool. */
  readonly claude45OrLater: boolean;
}

const UNMARKED: ModelTraits = { reasoning: 'none', efforts: [], samplers: 2, claude45OrLater: false };
const LOW_TO_HIGH: readonly Effort[] = ['low', 'medium', 'high'];
const LATEST_CLAUDE: ModelTraits = { reasoning: 'adaptive', efforts: [...LOW_TO_HIGH, 'xhigh', 'max'], samplers: 1, claude45OrLater: true };

/**
 * The first mark in the model's id (or ARN) decides. Sources:
 * - thinking: docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-adaptive-thinking.html and .../claude-messages-extended-thinking.html
 * - no temperature and top_p from Opus 4.7: .../model-card-anthropic-claude-opus-4-7.html, github.com/NousResearch/hermes-agent/issues/36151
 * - one of the two from 4.5 (and Opus 4.1): github.com/aws-samples/bedrock-access-gateway/issues/191, /pull/238, github.com/aws-samples/bedrock-chat/pull/979
 * - `xhigh` from Opus 4.7: the same hermes-agent issue; `max` from 4.6: openrouter.ai/docs/guides/guides/model-migrations/claude-4-6
 * - `disable_parallel_tool_use` through Converse: github.com/BerriAI/litellm/pull/34347
 * - `strict`: docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html
 * - Nova 2: docs.aws.amazon.com/nova/latest/nova2-userguide/extended-thinking.html
 * - gpt-oss: docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-openai.html
 */
const MARKS: ReadonlyArray<readonly [mark: RegExp, traits: ModelTraits]> = [
  [/claude-opus-4-[78](?!\d)/, { ...LATEST_CLAUDE, samplers: 0 }],
  [/claude-(?:[a-z]+-[5-9](?!\d)|mythos-preview)/, LATEST_CLAUDE],
  [/claude-[a-z]+-4-6(?!\d)/, { ...LATEST_CLAUDE, efforts: [...LOW_TO_HIGH, 'max'] }],
  [/claude-[a-z]+-4-5(?!\d)/, { ...LATEST_CLAUDE, reasoning: 'budget', efforts: [] }],
  [/claude-opus-4-1(?!\d)/, { ...UNMARKED, reasoning: 'budget', samplers: 1 }],
  [/claude-(?:[a-z]+-4(?!\d)|3-7-)/, { ...UNMARKED, reasoning: 'budget' }],
  [/amazon\.nova-2-/, { ...UNMARKED, reasoning: 'reasoningConfig', efforts: LOW_TO_HIGH }],
  [/openai\.gpt-oss-/, { ...UNMARKED, reasoning: 'reasoningEffort', efforts: LOW_TO_HIGH }],
];

/** A model without a mark (also an inference profile under a name of one's own) gets what every model takes. */
export function modelTraits(modelId: string): ModelTraits {
  const id = modelId.toLowerCase();
  return MARKS.find(([mark]) => mark.test(id))?.[1] ?? UNMARKED;
}
