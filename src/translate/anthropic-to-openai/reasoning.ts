import { ConversionContext } from './conversion-context';
import { Effort, nearestEffort } from '../openai/reasoning-effort';
import { RequestValue } from '../request/request-value';

export interface ReasoningRequest {
  readonly effort?: Effort;
  /** As the client wrote it. */
  readonly thinking?: Readonly<Record<string, unknown>>;
  /** The client's field that it comes from. */
  readonly source: string;
}

/** The least that Anthropic takes, https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking */
const SMALLEST_BUDGET = 1024;
/** Budgets from here on are more than the effort before it. */
const MEDIUM_BUDGET = 4096;
const HIGH_BUDGET = 16_384;
/** Of Claude where nothing is said, https://docs.anthropic.com/en/docs/build-with-claude/effort */
const DEFAULT_EFFORT: Effort = 'high';

/** `thinking` and `output_config.effort` as one `reasoning_effort`. The effort that the client names wins over what its budget stands for. */
export function reasoningRequest(request: RequestValue, model: string, context: ConversionContext): ReasoningRequest {
  const thinking = request.member('thinking');
  const config = request.member('output_config');
  const effort = config.present ? config.member('effort') : config;
  const named = effort.present ? effort.oneOf(['low', 'medium', 'high', 'xhigh', 'max']) : undefined;
  if (!thinking.present) {
    return named === undefined ? { source: thinking.path } : { effort: known(named, effort, model, context), source: effort.path };
  }
  if (context.target.ownThinking?.takes(model)) {
    return { thinking: thinking.object(), ...named !== undefined && { effort: named }, source: effort.path };
  }
  const display = thinking.member('display');
  if (display.present && display.oneOf(['summarized', 'omitted']) === 'omitted') {
    context.losses.advisory(display.path, `${context.target.provider} decides itself what it shows of its reasoning`);
  }
  const type = thinking.member('type').oneOf(['enabled', 'disabled', 'adaptive', 'between_tools']);
  if (type === 'disabled') {
    if (named !== undefined) {
      context.losses.advisory(effort.path, 'reasoning is off');
    }
    return { effort: off(thinking, model, context), source: thinking.path };
  }
  const budget = type === 'enabled' ? budgetOf(thinking.member('budget_tokens')) : undefined;
  if (named !== undefined) {
    return { effort: known(named, effort, model, context), source: effort.path };
  }
  // First, so that nobody is told of an effort that is not sent.
  const sent = known(budget === undefined ? DEFAULT_EFFORT : effortOf(budget), thinking, model, context);
  if (type !== 'adaptive') {
    context.losses.changed(thinking.path, type === 'enabled' ? 'a budget of tokens is sent as the effort that comes near it' : 'sent as reasoning in general');
  }
  return { effort: sent, source: thinking.path };
}

function budgetOf(value: RequestValue): number {
  const budget = value.positiveInteger();
  if (budget < SMALLEST_BUDGET) {
    throw value.invalid(`it must be at least ${SMALLEST_BUDGET}`);
  }
  return budget;
}

function effortOf(budget: number): Effort {
  return budget < MEDIUM_BUDGET ? 'low' : budget < HIGH_BUDGET ? 'medium' : 'high';
}

function known(asked: Effort, value: RequestValue, model: string, { target, losses }: ConversionContext): Effort | undefined {
  const efforts = target.efforts(model);
  const effort = nearestEffort(asked, efforts);
  if (effort === undefined) {
    losses.advisory(value.path, 'this model cannot be told how much to reason');
  } else if (effort !== asked) {
    losses.changed(value.path, `this model knows ${efforts.join(', ')}`);
  }
  return effort;
}

/** A model that cannot do without reasoning reasons as little as it can, where it can be told so. */
function off(value: RequestValue, model: string, { target, losses }: ConversionContext): Effort | undefined {
  const efforts = target.efforts(model);
  const least = efforts.find((effort) => effort === 'none' || effort === 'minimal');
  if (efforts.length > 0 && least !== 'none') {
    losses.changed(value.path, 'this model cannot be told to leave out reasoning');
  }
  return least;
}
