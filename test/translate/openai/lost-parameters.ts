import { UnsupportedParameters } from '../../../src/resources/llm-route';
import { ParameterRule } from '../../../src/translate/parameter-table';
import { RequestError } from '../../../src/translate/request-error';
import { DroppedParameter } from '../../../src/translate/translator';

/** Parameters of chats that some providers have no counterpart of: one value that is lost, and those that ask for what such a provider does anyway. */
const VALUES: Readonly<Record<string, { readonly lost: unknown; readonly harmless: readonly unknown[] }>> = {
  n: { lost: 2, harmless: [1] },
  logprobs: { lost: true, harmless: [false] },
  top_logprobs: { lost: 3, harmless: [0] },
  parallel_tool_calls: { lost: false, harmless: [true] },
  audio: { lost: { voice: 'alloy', format: 'wav' }, harmless: [] },
  modalities: { lost: ['text', 'audio'], harmless: [['text']] },
  moderation: { lost: { model: 'omni-moderation-latest' }, harmless: [] },
  web_search_options: { lost: {}, harmless: [] },
  functions: { lost: [{ name: 'f' }], harmless: [[]] },
  function_call: { lost: { name: 'f' }, harmless: ['none', 'auto'] },
  frequency_penalty: { lost: 0.5, harmless: [0] },
  presence_penalty: { lost: -1, harmless: [0] },
  logit_bias: { lost: { 50256: -100 }, harmless: [{}] },
  metadata: { lost: { team: 'a' }, harmless: [] },
  seed: { lost: 7, harmless: [] },
  prediction: { lost: { type: 'content', content: 'x' }, harmless: [] },
  prompt_cache_key: { lost: 'k', harmless: [] },
  prompt_cache_options: { lost: { mode: 'explicit' }, harmless: [] },
  prompt_cache_retention: { lost: '24h', harmless: [] },
  safety_identifier: { lost: 'ann', harmless: [] },
  service_tier: { lost: 'flex', harmless: ['auto', 'default'] },
  store: { lost: true, harmless: [false] },
  user: { lost: 'ann', harmless: [] },
  verbosity: { lost: 'low', harmless: ['medium'] },
};

const MODES: readonly UnsupportedParameters[] = ['Strict', 'Safe', 'Lenient'];

/** How a pair translates a request in one mode. */
export interface PairInMode {
  sent(request: object): unknown;
  dropped(request: object): readonly DroppedParameter[];
  refusal(request: object): RequestError;
}

/** A parameter without a counterpart is refused or dropped as its rule and the mode say, and the rest of the body stays as it is. */
export function expectLossStated(name: string, { treatment, note }: ParameterRule, pair: (mode: UnsupportedParameters) => PairInMode): void {
  const { lost, harmless } = VALUES[name];
  for (const mode of MODES) {
    const { sent, dropped, refusal } = pair(mode);
    if (mode === 'Strict' || mode === 'Safe' && treatment === 'semantic') {
      const error = refusal({ [name]: lost });
      expect(error).toMatchObject({ status: 400, code: 'unsupported_parameter', param: name });
      expect(error.message).toContain(name);
    } else {
      expect(dropped({ [name]: lost })).toEqual([{ parameter: name, reason: note }]);
      expect(sent({ [name]: lost })).toEqual(sent({}));
    }
    for (const value of [null, ...harmless]) {
      expect(dropped({ [name]: value })).toEqual([]);
      expect(sent({ [name]: value })).toEqual(sent({}));
    }
  }
}
