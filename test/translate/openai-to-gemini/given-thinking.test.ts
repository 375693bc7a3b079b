import { droppedBy, FLASH_20, FLASH_25, PRO_25, refusal, sent } from './gemini';

const config = (request: object) => sent(request).generationConfig?.thinkingConfig;
const enabled = (tokens: unknown) => ({ type: 'enabled', budget_tokens: tokens });

describe('Anthropic\'s own thinking', () => {
  test.each<[string, object, object, string[]]>([
    [FLASH_25, enabled(5000), { includeThoughts: true, thinkingBudget: 5000 }, []],
    [FLASH_25, { ...enabled(5000), display: 'omitted' }, { thinkingBudget: 5000 }, []],
    [FLASH_25, enabled(100_000), { includeThoughts: true, thinkingBudget: 24_576 }, ['thinking.budget_tokens']],
    ['gemini-2.5-flash-lite', enabled(1), { includeThoughts: true, thinkingBudget: 512 }, ['thinking.budget_tokens']],
    [FLASH_25, { type: 'disabled' }, { thinkingBudget: 0 }, []],
    [PRO_25, { type: 'disabled' }, { thinkingBudget: 128 }, ['thinking']],
    [FLASH_25, { type: 'adaptive' }, { includeThoughts: true, thinkingBudget: -1 }, []],
    [FLASH_25, { type: 'between_tools' }, { includeThoughts: true, thinkingBudget: -1 }, []],
  ])('%s %j', (model, thinking, expected, dropped) => {
    expect(config({ model, thinking })).toEqual(expected);
    expect(droppedBy({ model, thinking })).toEqual(dropped);
  });

  test('goes before an effort, which adaptive thinking takes', () => {
    expect(config({ model: FLASH_25, thinking: enabled(2000), reasoning_effort: 'high' })).toEqual({ includeThoughts: true, thinkingBudget: 2000 });
    expect(config({ model: FLASH_25, thinking: { type: 'adaptive', display: 'omitted' }, reasoning_effort: 'low' })).toEqual({ thinkingBudget: 1024 });
  });

  test.each([FLASH_20, 'gemini-3-flash', 'endpoints/123'])('%s takes no budget, which is a stated loss', (model) => {
    expect(config({ model, thinking: enabled(2000) })).toBeUndefined();
    expect(droppedBy({ model, thinking: enabled(2000) })).toEqual(['thinking']);
    expect(refusal({ model, thinking: enabled(2000) }, { unsupportedParameters: 'Strict' })).toMatchObject({ param: 'thinking' });
  });

  test.each<[unknown, string]>([['high', 'thinking'], [{}, 'thinking.type'], [{ type: 'on' }, 'thinking.type'], [{ type: 'enabled' }, 'thinking.budget_tokens'], [enabled(0), 'thinking.budget_tokens']])(
    '%j is refused', (thinking, param) => {
      expect(refusal({ model: FLASH_25, thinking })).toMatchObject({ status: 400, param });
    });
});
