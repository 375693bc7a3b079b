import { ChatTarget } from './chat-target';
import { Effort } from '../openai/reasoning-effort';

const LOW_TO_HIGH: readonly Effort[] = ['low', 'medium', 'high'];

/**
 * The first mark in the model's name decides. Those that do not reason refuse the parameter; those without a mark are taken to reason.
 * learn.microsoft.com/en-us/javascript/api/@azure/ai-projects/reasoningeffort (`none` from 5.1 on, `xhigh` after 5.1-codex-max, gpt-5-pro
 * knows `high` alone); that `minimal` went with 5.1: github.com/sst/opencode/issues/4451
 */
const MARKS: ReadonlyArray<readonly [mark: RegExp, efforts: readonly Effort[]]> = [
  [/gpt-(?:3\.5|4)|chatgpt-4o|llama|codestral|mixtral|gemma/, []],
  [/gpt-5-pro/, ['high']],
  [/gpt-5(?![.\d])/, ['minimal', ...LOW_TO_HIGH]],
  [/gpt-5\.1-codex-max/, ['none', ...LOW_TO_HIGH, 'xhigh']],
  [/gpt-5\.1(?!\d)/, ['none', ...LOW_TO_HIGH]],
  [/gpt-(?:5\.\d|[6-9])/, ['none', ...LOW_TO_HIGH, 'xhigh']],
];

/** OpenAI's own models, by name; everything else that speaks its API (vLLM, Ollama, Mistral, ...) knows `max_tokens`, and some nothing else. */
const OPENAI_MODEL = /(?:^|\/)(?:ft:)?(?:gpt-(?!oss)|o\d|chatgpt-|codex-|computer-use-)/;

/** OpenAI and the servers that speak its API. */
export const OPENAI_TARGET: ChatTarget = {
  provider: 'OpenAI',
  tokenLimit: (model) => OPENAI_MODEL.test(model.toLowerCase()) ? 'max_completion_tokens' : 'max_tokens',
  efforts: (model) => MARKS.find(([mark]) => mark.test(model.toLowerCase()))?.[1] ?? LOW_TO_HIGH,
  checksSchemas: true,
  cacheControl: false,
  reasoningDetails: false,
  extraContent: false,
  attachmentsInToolResults: false,
  prefill: false,
};

/** Azure serves OpenAI's models under names of the customer's own. */
export const AZURE_TARGET: ChatTarget = { ...OPENAI_TARGET, provider: 'Azure OpenAI', tokenLimit: () => 'max_completion_tokens' };
