import { claudeTraits, ClaudeTraits } from '../../../src/translate/catalog/claude-traits';
import { outputLimit } from '../../../src/translate/catalog/output-limits';

/** The same model as Anthropic, Bedrock and Vertex AI name it. */
const names = (model: string, date: string): string[] => [
  `${model}-${date}`, `us.anthropic.${model}-${date}-v1:0`, `${model}@${date}`, `arn:aws:bedrock:us-east-1:123456789012:inference-profile/eu.anthropic.${model}-${date}-v1:0`,
];

test.each<[string[], Partial<ClaudeTraits>]>([
  [['claude-v2:1', 'claude-instant-1.2', 'claude-2.1', ...names('claude-3-haiku', '20240307'), ...names('claude-3-5-sonnet', '20241022')], { thinking: 'none', samplers: 2 }],
  [names('claude-3-7-sonnet', '20250219'), { thinking: 'budget', samplers: 2, claude45OrLater: false }],
  [[...names('claude-sonnet-4', '20250514'), 'claude-opus-4-0'], { thinking: 'budget', samplers: 2, claude45OrLater: false }],
  [names('claude-opus-4-1', '20250805'), { thinking: 'budget', samplers: 1, claude45OrLater: false }],
  [[...names('claude-haiku-4-5', '20251001'), ...names('claude-opus-4-5', '20251101'), 'claude-sonnet-4-5'], { thinking: 'budget', samplers: 1, claude45OrLater: true, efforts: [] }],
  [['claude-opus-4-6', 'anthropic.claude-sonnet-4-6', 'anthropic.claude-opus-4-6-v1'], {
    thinking: 'adaptive', withoutThinking: 'omitted', samplers: 1, efforts: ['low', 'medium', 'high', 'max'],
  }],
  [['claude-opus-4-7', 'anthropic.claude-opus-4-8'], { thinking: 'adaptive', withoutThinking: 'omitted', samplers: 0, efforts: ['low', 'medium', 'high', 'xhigh', 'max'] }],
  [['claude-sonnet-5', 'claude-opus-5', 'claude-haiku-5-5', 'anthropic.claude-opus-5-v1', 'claude-sonnet-6'], { withoutThinking: 'disabled', samplers: 0, forcedTools: true }],
  [['claude-sonnet-5-5'], { withoutThinking: 'between_tools', forcedTools: false }],
  [['claude-opus-5-5', 'claude-fable-5-1', 'claude-mythos-5-2', 'anthropic.claude-opus-5-5-v1'], { withoutThinking: 'never', forcedTools: false }],
  [['claude-fable-5', 'claude-mythos-5', 'claude-mythos-preview'], { withoutThinking: 'never', forcedTools: true }],
])('%j', (models, traits) => {
  for (const model of models) {
    expect([model, claudeTraits(model)]).toEqual([model, expect.objectContaining(traits)]);
    expect([model, outputLimit(model)]).toEqual([model, expect.any(Number)]);
  }
});

test.each(['my-claude', 'amazon.nova-2-lite-v1:0', 'gpt-5', 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc', ''])('nothing is known of %j', (model) => {
  expect([claudeTraits(model), outputLimit(model)]).toEqual([undefined, undefined]);
});
