import { ClaudeTraits, claudeTraits } from '../catalog/claude-traits';
import { Effort } from '../openai/reasoning-effort';
import { remembered } from '../remembered';

/** What a model takes that not every model behind Converse takes. */
export interface ModelTraits {
  /** How it is told to reason; `claude`: Claude's `thinking`; `reasoningConfig`: Nova 2; `reasoningEffort`: gpt-oss; `none`: not at all, or it cannot be told. */
  readonly reasoning: 'claude' | 'reasoningConfig' | 'reasoningEffort' | 'none';
  readonly claude?: ClaudeTraits;
  /** Those that it knows by name, from least to most. */
  readonly efforts: readonly Effort[];
  /** How many of temperature and top_p one request may have. */
  readonly samplers: 0 | 1 | 2;
  /** Takes Anthropic's `disable_parallel_tool_use`, and `strict` on a tool. */
  readonly claude45OrLater: boolean;
  /** Takes the status of a tool's result. https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolResultBlock.html */
  readonly toolErrors: boolean;
}

const UNMARKED: ModelTraits = { reasoning: 'none', efforts: [], samplers: 2, claude45OrLater: false, toolErrors: false };
const LOW_TO_HIGH: readonly Effort[] = ['low', 'medium', 'high'];

/**
 * The first mark in the model's id (or ARN) decides. Sources:
 * - Nova 2: docs.aws.amazon.com/nova/latest/nova2-userguide/extended-thinking.html
 * - gpt-oss: docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-openai.html
 */
const MARKS: ReadonlyArray<readonly [mark: RegExp, traits: ModelTraits]> = [
  [/amazon\.nova-2-/, { ...UNMARKED, reasoning: 'reasoningConfig', efforts: LOW_TO_HIGH, toolErrors: true }],
  [/amazon\.nova-/, { ...UNMARKED, toolErrors: true }],
  [/openai\.gpt-oss-/, { ...UNMARKED, reasoning: 'reasoningEffort', efforts: LOW_TO_HIGH }],
];

/** A model without a mark (also an inference profile under a name of one's own) gets what every model takes. */
export const modelTraits = remembered((modelId: string): ModelTraits => {
  const claude = claudeTraits(modelId);
  if (claude) {
    return { ...claude, claude, toolErrors: true, reasoning: claude.thinking === 'none' ? 'none' : 'claude' };
  }
  const id = modelId.toLowerCase();
  return MARKS.find(([mark]) => mark.test(id))?.[1] ?? UNMARKED;
});
