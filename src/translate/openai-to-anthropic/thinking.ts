import type { OutputConfig, ThinkingConfigParam } from '@anthropic-ai/sdk/resources/messages';
import { claudeThinking, givenThinking, knownEffort } from '../catalog/claude-thinking';
import { ClaudeTraits } from '../catalog/claude-traits';
import { EFFORTS } from '../openai/reasoning-effort';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

/** How the model is told to think. */
export interface Thinking {
  readonly thinking?: ThinkingConfigParam;
  readonly effort?: NonNullable<OutputConfig['effort']>;
  /** It was told to: it then takes no temperature, no top_p below 0.95 and, with a budget, no forced tool. */
  readonly thinks: boolean;
}

/** `continues`: the model is in the middle of a turn of tool calls that began without thinking. */
export function thinkingRequest(request: RequestValue, traits: ClaudeTraits | undefined, maxTokens: number, continues: boolean, losses: Losses): Thinking {
  const effort = request.member('reasoning_effort');
  const asked = effort.present ? effort.oneOf(EFFORTS) : undefined;
  const given = request.member('thinking');
  if (given.present) {
    const own = givenThinking(given, maxTokens);
    if (asked !== undefined && asked !== 'none' && own.thinking.type === 'adaptive' && traits !== undefined && traits.efforts.length > 0) {
      return { ...own, effort: knownEffort(effort, asked, traits.efforts, losses) as Thinking['effort'] };
    }
    if (asked !== undefined) {
      losses.changed(effort.path, 'thinking wins');
    }
    return own;
  }
  if (asked === undefined) {
    return { thinks: false };
  }
  if (traits === undefined || traits.thinking === 'none') {
    if (asked !== 'none') {
      losses.advisory(effort.path, 'this model cannot be told how much to reason');
    }
    return { thinks: false };
  }
  if (asked !== 'none' && traits.thinking === 'budget' && continues) {
    losses.advisory(effort.path, 'this model does not reason after tool calls whose message came back without its reasoning_details');
    return { thinks: false };
  }
  return claudeThinking(effort, asked, traits, maxTokens, losses);
}
