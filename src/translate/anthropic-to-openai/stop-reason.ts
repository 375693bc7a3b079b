import type { StopReason } from '@anthropic-ai/sdk/resources/messages';
import { ReceivedChoice } from './received-chat';

/** Words of Anthropic's that OpenAI has no own one for; providers of this gateway tell them in `provider_finish_reason`. */
const KEPT: readonly unknown[] = ['stop_sequence', 'model_context_window_exceeded', 'pause_turn', 'refusal'] satisfies StopReason[];

export interface Stop {
  readonly reason: StopReason;
  readonly sequence: string | null;
}

/** What ended the answer, in Anthropic's words. https://docs.anthropic.com/en/api/handling-stop-reasons */
export function stopOf({ finish_reason: finish, provider_finish_reason: provider, stop_reason: stop }: ReceivedChoice, hasTools: boolean, refused: boolean): Stop {
  if (finish === 'stop' && typeof stop === 'string' && !hasTools) {
    return { reason: 'stop_sequence', sequence: stop };
  }
  const kept = !hasTools && KEPT.includes(provider) ? provider as StopReason : undefined;
  return { reason: kept ?? stopReason(finish, hasTools, refused), sequence: null };
}

function stopReason(finish: unknown, hasTools: boolean, refused: boolean): StopReason {
  switch (finish) {
    case 'length':
      return 'max_tokens';
    case 'content_filter':
      return 'refusal';
    default:
      // Some servers say `stop` after calls; clients look for the calls only behind `tool_use`.
      return hasTools ? 'tool_use' : refused ? 'refusal' : 'end_turn';
  }
}
