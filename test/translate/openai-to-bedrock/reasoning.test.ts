import { chat, chunksOf, CLAUDE_45, droppedBy, eventsOf, fixtureText, framesOf, JSON_TYPE, LLAMA, refusal, sent, streamed } from './converse';
import { bytesOf, replay } from '../replay';

const CLAUDE_46 = 'anthropic.claude-opus-4-6-v1';
const CLAUDE_47 = 'global.anthropic.claude-opus-4-7';
const NOVA = 'us.amazon.nova-2-lite-v1:0';
const GPT_OSS = 'openai.gpt-oss-120b-1:0';
const TOOL = { type: 'function', function: { name: 'f' } };

describe('thinking, Anthropic\'s own field', () => {
  const thinking = { type: 'enabled', budget_tokens: 3000 };

  test('goes to Claude as it is, also beside an effort', () => {
    expect(sent({ model: CLAUDE_45, thinking }).additionalModelRequestFields).toEqual({ thinking });
    expect(sent({ model: CLAUDE_46, thinking: { type: 'adaptive' }, reasoning_effort: 'max' }))
      .toMatchObject({ additionalModelRequestFields: { thinking: { type: 'adaptive' } }, outputConfig: { effort: 'max' } });
    expect(droppedBy({ model: CLAUDE_45, thinking, reasoning_effort: 'high' })).toEqual(['reasoning_effort']);
    expect(droppedBy({ model: CLAUDE_45, thinking, reasoning_effort: 'none' })).toEqual([]);
  });

  test('is a stated loss for other models', () => {
    expect(droppedBy({ model: NOVA, thinking })).toEqual(['thinking']);
    expect(refusal({ model: LLAMA, thinking }, { unsupportedParameters: 'Strict' })).toMatchObject({ param: 'thinking' });
  });

  test.each([{ type: 'enabled', budget_tokens: 1000 }, { type: 'enabled', budget_tokens: 4000 }, { type: 'enabled' }, { type: 'x' }])('%j is a 400', (given) => {
    expect(refusal({ model: CLAUDE_45, thinking: given, max_tokens: 4000 })).toMatchObject({ status: 400, param: expect.stringMatching(/^thinking\./) as unknown });
  });
});

describe('top_k, Anthropic\'s own field', () => {
  test('goes to Claude, but not where it takes none', () => {
    expect(sent({ model: CLAUDE_45, top_k: 5 }).additionalModelRequestFields).toEqual({ top_k: 5 });
    expect([{ model: CLAUDE_47, top_k: 5 }, { model: CLAUDE_45, top_k: 5, reasoning_effort: 'low' }, { model: NOVA, top_k: 5 }].map((request) => droppedBy(request))).toEqual([['top_k'], ['top_k'], ['top_k']]);
  });
});

describe('reasoning_effort', () => {
  test.each<[string, string, object, object]>([
    [CLAUDE_45, 'low', {}, { additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 2048 } } }],
    [CLAUDE_45, 'medium', { max_tokens: 4000 }, { additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 3200 } } }],
    [CLAUDE_45, 'max', { max_tokens: 1025 }, { additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 1024 } } }],
    ['anthropic.claude-3-7-sonnet-20250219-v1:0', 'minimal', {}, { additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 1024 } } }],
    [CLAUDE_46, 'high', {}, { additionalModelRequestFields: { thinking: { type: 'adaptive' } }, outputConfig: { effort: 'high' } }],
    [CLAUDE_47, 'xhigh', {}, { additionalModelRequestFields: { thinking: { type: 'adaptive' } }, outputConfig: { effort: 'xhigh' } }],
    [NOVA, 'medium', {}, { additionalModelRequestFields: { reasoningConfig: { type: 'enabled', maxReasoningEffort: 'medium' } } }],
    [GPT_OSS, 'high', {}, { additionalModelRequestFields: { reasoning_effort: 'high' } }],
  ])('%s, %s, %j', (model, effort, more, expected) => {
    const request = { model, reasoning_effort: effort, ...more };
    expect(sent(request)).toMatchObject(expected);
    expect(droppedBy(request, { unsupportedParameters: 'Strict' })).toEqual([]);
  });

  test.each<[string, string, object, string]>([
    [CLAUDE_46, 'xhigh', { outputConfig: { effort: 'high' } }, 'this model knows low, medium, high, max'],
    [CLAUDE_46, 'minimal', { outputConfig: { effort: 'low' } }, 'this model knows low, medium, high, max'],
    [GPT_OSS, 'none', { additionalModelRequestFields: { reasoning_effort: 'low' } }, 'this model knows low, medium, high'],
    [NOVA, 'max', { additionalModelRequestFields: { reasoningConfig: { type: 'enabled', maxReasoningEffort: 'high' } } }, 'this model knows low, medium, high'],
  ])('%s has no %s, so it gets the nearest one, which is a stated loss', (model, effort, expected, reason) => {
    expect(sent({ model, reasoning_effort: effort })).toMatchObject(expected);
    expect(chat({ model, reasoning_effort: effort }).dropped).toEqual([{ parameter: 'reasoning_effort', reason }]);
  });

  test.each<[string, object]>([
    ['anthropic.claude-opus-5', { additionalModelRequestFields: { thinking: { type: 'disabled' } } }],
    ['anthropic.claude-sonnet-5-5', { additionalModelRequestFields: { thinking: { type: 'between_tools' } } }],
    ['anthropic.claude-opus-5-5', { outputConfig: { effort: 'low' } }],
  ])('none tells %s, which reasons unless told otherwise', (model, expected) => {
    expect(sent({ model, reasoning_effort: 'none' })).toEqual({ messages: expect.anything() as unknown, ...expected });
  });

  test.each([CLAUDE_45, CLAUDE_46, NOVA, LLAMA])('none sends nothing to %s', (model) => {
    expect(Object.keys(sent({ model, reasoning_effort: 'none' }))).toEqual(['messages']);
    expect(droppedBy({ model, reasoning_effort: 'none' })).toEqual([]);
  });

  test('a model that cannot be told is a stated loss, and refused under Strict', () => {
    expect(Object.keys(sent({ reasoning_effort: 'high' }))).toEqual(['messages']);
    expect(droppedBy({ reasoning_effort: 'high' })).toEqual(['reasoning_effort']);
    expect(refusal({ reasoning_effort: 'high' }, { unsupportedParameters: 'Strict' })).toMatchObject({ param: 'reasoning_effort' });
  });

  test('the target\'s model decides, not the client\'s name for it', () => {
    expect(sent({ model: 'mine', reasoning_effort: 'low' }, { upstreamModel: CLAUDE_45 }).additionalModelRequestFields).toHaveProperty('thinking');
  });

  test('Nova at its highest effort takes no limit: medium where there is one', () => {
    const request = { model: NOVA, reasoning_effort: 'high', max_tokens: 100 };
    expect(sent(request)).toMatchObject({ inferenceConfig: { maxTokens: 100 }, additionalModelRequestFields: { reasoningConfig: { maxReasoningEffort: 'medium' } } });
    expect(droppedBy(request)).toEqual(['reasoning_effort']);
    expect(sent({ model: NOVA, reasoning_effort: 'high', temperature: 0.5, top_p: 0.5 }).inferenceConfig).toBeUndefined();
    expect(droppedBy({ model: NOVA, reasoning_effort: 'high', temperature: 0.5, top_p: 0.5 })).toEqual(['temperature', 'top_p']);
  });

  test('while Claude thinks it takes no temperature and no low top_p', () => {
    const request = { model: 'anthropic.claude-3-7-sonnet-20250219-v1:0', reasoning_effort: 'low', temperature: 0.3, top_p: 0.5 };
    expect(sent(request).inferenceConfig).toBeUndefined();
    expect(droppedBy(request)).toEqual(['temperature', 'top_p']);
    expect(sent({ ...request, temperature: 1, top_p: 0.97 }).inferenceConfig).toEqual({ topP: 0.97 });
    expect(droppedBy({ ...request, temperature: 1, top_p: 0.97 })).toEqual([]);
  });

  test('a token limit that leaves no room to think is refused', () => {
    const error = refusal({ model: CLAUDE_45, reasoning_effort: 'low', max_tokens: 1024 });
    expect(error).toMatchObject({ status: 400, param: 'reasoning_effort' });
    expect(error.message).toContain('max_completion_tokens must be above that');
  });

  test('Claude that thinks cannot be made to call a tool', () => {
    expect(refusal({ model: CLAUDE_45, reasoning_effort: 'low', tools: [TOOL], tool_choice: 'required' })).toMatchObject({ status: 400, param: 'tool_choice' });
    expect(sent({ model: CLAUDE_45, reasoning_effort: 'low', tools: [TOOL], tool_choice: 'auto', parallel_tool_calls: false }).additionalModelRequestFields)
      .toEqual({ tool_choice: { type: 'auto', disable_parallel_tool_use: true }, thinking: { type: 'enabled', budget_tokens: 2048 } });
  });

  describe('after tool calls', () => {
    const call = { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } };
    const details = [{ type: 'reasoning.text', text: 'A call, then.', signature: 'c2ln', index: 0 }];
    const turns = (assistant: object) => [{ role: 'user', content: 'Hi' }, { role: 'assistant', ...assistant }, { role: 'tool', tool_call_id: 'call_1', content: '1' }];
    const request = (model: string, assistant: object) => ({ model, tools: [TOOL], reasoning_effort: 'low', messages: turns(assistant) });

    test('Claude with a budget does not reason where its message came back without its reasoning, which it would refuse', () => {
      const without = request(CLAUDE_45, { tool_calls: [call] });
      expect(sent(without).additionalModelRequestFields).toBeUndefined();
      expect(droppedBy(without)).toEqual(['reasoning_effort']);
      expect(refusal(without, { unsupportedParameters: 'Strict' })).toMatchObject({ param: 'reasoning_effort' });
      // It may then be told what it could not be told while it reasons.
      expect(sent({ ...without, temperature: 0.5 }).inferenceConfig).toEqual({ temperature: 0.5 });
    });

    test('it reasons where its reasoning came back, in a new turn of the user, and where it is told an effort', () => {
      const thinking = { type: 'enabled', budget_tokens: 2048 };
      expect(sent(request(CLAUDE_45, { reasoning_details: details, tool_calls: [call] })).additionalModelRequestFields).toEqual({ thinking });
      const next = request(CLAUDE_45, { tool_calls: [call] });
      expect(sent({ ...next, messages: [...next.messages, { role: 'assistant', content: 'One.' }, { role: 'user', content: 'So?' }] }).additionalModelRequestFields).toEqual({ thinking });
      expect(sent(request(CLAUDE_46, { tool_calls: [call] })).additionalModelRequestFields).toEqual({ thinking: { type: 'adaptive' } });
      expect(droppedBy(request(NOVA, { tool_calls: [call] }))).toEqual([]);
    });
  });

  test.each([['most'], [''], [5]])('%j is refused', (effort) => {
    expect(refusal({ model: CLAUDE_45, reasoning_effort: effort })).toMatchObject({ status: 400, param: 'reasoning_effort' });
  });
});

interface Message {
  readonly content?: string | null;
  readonly reasoning_content?: string;
  readonly reasoning_details?: readonly object[];
  readonly tool_calls?: readonly object[];
}

/** The assistant message as a client puts it together from the chunks of a stream: text is joined, lists grow. */
function collected(stream: string): Message {
  const deltas = chunksOf(stream).flatMap(({ choices }) => choices.map(({ delta }) => delta as Message));
  return {
    content: deltas.map(({ content }) => content ?? '').join(''),
    reasoning_content: deltas.map((delta) => delta.reasoning_content ?? '').join(''),
    reasoning_details: deltas.flatMap((delta) => delta.reasoning_details ?? []),
  };
}

const answered = (): Message => {
  const { text } = replay(chat({}).response, 200, JSON_TYPE, [bytesOf(fixtureText('converse-tools.json'))]);
  return (JSON.parse(text) as { choices: Array<{ message: Message }> }).choices[0].message;
};

describe('reasoning in answers', () => {
  test('B26 is reasoning_content, never part of content, whole and streamed', () => {
    for (const message of [answered(), collected(streamed([framesOf(eventsOf('converse-stream-tools.json'))]).text)]) {
      expect([message.content, message.reasoning_content]).toEqual(['Let me look.', 'Two cities, so two calls.']);
    }
  });

  test('B27 signature and redacted content survive a tool turn, whole and streamed', () => {
    const details = [
      { type: 'reasoning.text', text: 'Two cities, so two calls.', signature: 'c2lnbmVk', index: 0 }, { type: 'reasoning.encrypted', data: 'c2VjcmV0', index: 1 },
    ];
    const { tool_calls: toolCalls } = answered();
    for (const message of [answered(), collected(streamed([framesOf(eventsOf('converse-stream-tools.json'))]).text)]) {
      // GIVEN
      expect(message.reasoning_details).toEqual(details);
      // WHEN
      const messages = [
        { role: 'user', content: 'Hi' }, { role: 'assistant', ...message, tool_calls: toolCalls },
        { role: 'tool', tool_call_id: 'tooluse_Paris', content: 'sunny' }, { role: 'tool', tool_call_id: 'tooluse_Now', content: 'noon' },
      ];
      // THEN
      expect(sent({ messages }).messages[1].content).toEqual([
        { reasoningContent: { reasoningText: { text: 'Two cities, so two calls.', signature: 'c2lnbmVk' } } },
        { reasoningContent: { redactedContent: 'c2VjcmV0' } },
        { text: 'Let me look.' },
        { toolUse: { toolUseId: 'tooluse_Paris', name: 'get_weather', input: { city: 'Paris', days: 2 } } },
        { toolUse: { toolUseId: 'tooluse_Now', name: 'now', input: {} } },
      ]);
      expect(droppedBy({ messages }, { unsupportedParameters: 'Strict' })).toEqual([]);
    }
  });
});

describe('reasoning in the history that no model signed', () => {
  const messages = (assistant: object) => [{ role: 'user', content: 'Hi' }, { role: 'assistant', content: 'x', ...assistant }, { role: 'user', content: 'y' }];

  test.each<[object, string]>([
    [{ reasoning_content: 'Hm.' }, 'reasoning_content'],
    [{ reasoning_details: [{ type: 'reasoning.text', text: 'Hm.' }] }, 'reasoning_details'],
    [{ reasoning_details: [{ type: 'reasoning.summary', summary: 'Hm.' }] }, 'reasoning_details'],
    [{ reasoning_details: [{ type: 'reasoning.encrypted', data: 'no base64!' }] }, 'reasoning_details'],
    [{ reasoning_details: [null, 'Hm.'] }, 'reasoning_details'],
  ])('%j is left out, which is a stated loss', (assistant, member) => {
    expect(sent({ messages: messages(assistant) }).messages[1].content).toEqual([{ text: 'x' }]);
    expect(droppedBy({ messages: messages(assistant) })).toEqual([`messages[].${member}`]);
    expect(refusal({ messages: messages(assistant) }, { unsupportedParameters: 'Strict' })).toMatchObject({ param: `messages[1].${member}` });
  });

  test('of nothing is no loss', () => {
    expect(droppedBy({ messages: messages({ reasoning_content: '', reasoning_details: [] }) })).toEqual([]);
  });
});

test('a message that ends in reasoning, as of an answer that was cut off there, is left out for Claude, which refuses it', () => {
  const messages = [
    { role: 'user', content: 'Hi' }, { role: 'assistant', content: '', reasoning_details: [{ type: 'reasoning.text', text: 'So', signature: 'c2ln', index: 0 }] }, { role: 'user', content: 'Go on' },
  ];
  expect(sent({ model: CLAUDE_45, messages }).messages).toEqual([{ role: 'user', content: [{ text: 'Hi' }, { text: 'Go on' }] }]);
  expect(droppedBy({ model: CLAUDE_45, messages })).toEqual(['messages[].reasoning_details']);
  expect(sent({ model: GPT_OSS, messages }).messages).toHaveLength(3);
});
