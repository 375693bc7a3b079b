import { MessagesRequest } from './messages-request';
import { LOWEST_THINKING_TOP_P } from '../catalog/claude-thinking';
import { ClaudeTraits } from '../catalog/claude-traits';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

/** OpenAI takes a temperature up to 2, Claude up to 1. */
const HIGHEST_TEMPERATURE = 1;

/** `top_k` is Anthropic's own, which clients send as an extra field. */
export function samplers(
  request: RequestValue, traits: ClaudeTraits | undefined, thinks: boolean, losses: Losses,
): Pick<MessagesRequest, 'temperature' | 'top_p' | 'top_k'> {
  const [temperatureValue, topPValue, topKValue] = ['temperature', 'top_p', 'top_k'].map((name) => request.member(name));
  let temperature = temperatureValue.present ? temperatureValue.number(0, 2) : undefined;
  let topP = topPValue.present ? topPValue.number(0, 1) : undefined;
  let topK = topKValue.present ? topKValue.positiveInteger() : undefined;
  // 1 is what every model does without temperature and top_p, so leaving that out loses nothing.
  const leaveOut = (value: RequestValue, reason: string): undefined => {
    if (value.present && (value.value !== 1 || value === topKValue)) {
      losses.advisory(value.path, reason);
    }
    return undefined;
  };
  if (traits?.samplers === 0) {
    [temperatureValue, topPValue, topKValue].forEach((value) => leaveOut(value, 'this model takes none'));
    return {};
  }
  if (thinks) {
    temperature = leaveOut(temperatureValue, 'Claude takes none while it reasons');
    topK = leaveOut(topKValue, 'Claude takes none while it reasons');
    topP = topP !== undefined && topP < LOWEST_THINKING_TOP_P ? leaveOut(topPValue, `Claude takes none below ${LOWEST_THINKING_TOP_P} while it reasons`) : topP;
  }
  if (traits?.samplers === 1 && temperature !== undefined && topP !== undefined) {
    topP = leaveOut(topPValue, 'this model takes temperature or top_p, not both');
  }
  if (temperature !== undefined && temperature > HIGHEST_TEMPERATURE) {
    losses.changed(temperatureValue.path, `sent as ${HIGHEST_TEMPERATURE}, the highest that Claude takes`);
    temperature = HIGHEST_TEMPERATURE;
  }
  return { ...temperature !== undefined && { temperature }, ...topP !== undefined && { top_p: topP }, ...topK !== undefined && { top_k: topK } };
}
