import { ModelTraits } from './model-traits';
import { Reasoning } from './reasoning';
import { ConverseBody } from '../bedrock/converse-wire';
import { LOWEST_THINKING_TOP_P } from '../catalog/claude-thinking';
import { stopSequences } from '../openai/stop-sequences';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

type InferenceConfig = NonNullable<ConverseBody['inferenceConfig']>;

/** OpenAI takes a temperature up to 2, Converse up to 1. */
const HIGHEST_TEMPERATURE = 1;

/** `undefined`: the request says nothing of it. */
export function inferenceConfig(
  request: RequestValue, maxTokens: number | undefined, traits: ModelTraits, reasoning: Reasoning, losses: Losses,
): InferenceConfig | undefined {
  const stops = stopSequences(request.member('stop'), losses);
  const config = {
    ...maxTokens !== undefined && { maxTokens },
    ...samplers(request, traits, reasoning, losses),
    ...stops.length > 0 && { stopSequences: stops },
  };
  return Object.keys(config).length > 0 ? config : undefined;
}

function samplers(request: RequestValue, traits: ModelTraits, reasoning: Reasoning, losses: Losses): Pick<InferenceConfig, 'temperature' | 'topP'> {
  const temperatureValue = request.member('temperature');
  const topPValue = request.member('top_p');
  let temperature = temperatureValue.present ? temperatureValue.number(0, 2) : undefined;
  let topP = topPValue.present ? topPValue.number(0, 1) : undefined;
  // 1 is what every model does without the parameter, so leaving that out loses nothing.
  const leaveOut = (value: RequestValue, reason: string): undefined => {
    if (value.present && value.value !== 1) {
      losses.advisory(value.path, reason);
    }
    return undefined;
  };
  if (traits.samplers === 0 || reasoning.withoutLimits) {
    const reason = traits.samplers === 0 ? 'this model takes none' : 'this model takes none at its highest reasoning effort';
    leaveOut(temperatureValue, reason);
    leaveOut(topPValue, reason);
    return {};
  }
  if (reasoning.thinking) {
    temperature = leaveOut(temperatureValue, 'Claude takes none while it reasons');
    topP = topP !== undefined && topP < LOWEST_THINKING_TOP_P
      ? leaveOut(topPValue, `Claude takes none below ${LOWEST_THINKING_TOP_P} while it reasons`) : topP;
  }
  if (traits.samplers === 1 && temperature !== undefined && topP !== undefined) {
    topP = leaveOut(topPValue, 'this model takes temperature or top_p, not both');
  }
  if (temperature !== undefined && temperature > HIGHEST_TEMPERATURE) {
    losses.changed(temperatureValue.path, `sent as ${HIGHEST_TEMPERATURE}, the highest that Converse takes`);
    temperature = HIGHEST_TEMPERATURE;
  }
  return { ...temperature !== undefined && { temperature }, ...topP !== undefined && { topP } };
}

/** Anthropic's own sampler, which has no place in `inferenceConfig`. */
export function topK(value: RequestValue, traits: ModelTraits, reasoning: Reasoning, losses: Losses): { readonly top_k?: number } {
  if (!value.present) {
    return {};
  }
  const wanted = value.positiveInteger();
  if (traits.claude !== undefined && traits.samplers > 0 && !reasoning.thinking) {
    return { top_k: wanted };
  }
  losses.advisory(value.path, 'only Claude takes it, up to 4.6 and while it does not reason');
  return {};
}
