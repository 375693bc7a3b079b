import { answered, chat, chunksOf, deltasOf, droppedBy, eventsOf, fixtureText, framed, HOSTS, OLD, OPUS_46, OPUS_5, OPUS_55, refusal, sent, SONNET_45, SONNET_55, streamed } from './claude';

const TOOL = { type: 'function', function: { name: 'f' } };
const ADAPTIVE = { type: 'adaptive' };
const budget = (tokens: number) => ({ type: 'enabled', budget_tokens: tokens });

describe('reasoning_effort', () => {
  test.each<[string, string, object, object]>([
    [SONNET_45, 'low', {}, { max_tokens: 64_000, thinking: budget(2048) }],
    [SONNET_45, 'max', {}, { thinking: budget(32_000) }],
    [SONNET_45, 'medium', { max_tokens: 4000 }, { max_tokens: 4000, thinking: budget(3200) }],
    [SONNET_45, 'max', { max_tokens: 1025 }, { max_tokens: 1025, thinking: budget(1024) }],
    ['claude-3-7-sonnet-20250219', 'minimal', {}, { thinking: budget(1024) }],
    [OPUS_46, 'high', {}, { thinking: ADAPTIVE, output_config: { effort: 'high' } }],
    ['us.anthropic.claude-opus-4-7', 'xhigh', {}, { thinking: ADAPTIVE, output_config: { effort: 'xhigh' } }],
    [OPUS_5, 'max', {}, { thinking: ADAPTIVE, output_config: { effort: 'max' } }],
    ['claude-fable-5-1', 'low', {}, { thinking: ADAPTIVE, output_config: { effort: 'low' } }],
  ])('A4 %s, %s, %j', (model, effort, more, expected) => {
    const request = { model, reasoning_effort: effort, ...more };
    expect(sent(request)).toMatchObject(expected);
    expect(droppedBy(request, { unsupportedParameters: 'Strict' })).toEqual([]);
  });

  test('A4 a limit without room for reasoning is a 400', () => {
    for (const limit of [1, 1024]) {
      expect(refusal({ reasoning_effort: 'low', max_completion_tokens: limit })).toMatchObject({ status: 400, param: 'reasoning_effort' });
    }
    expect(sent({ model: OPUS_46, reasoning_effort: 'low', max_completion_tokens: 5 })).toMatchObject({ max_tokens: 5, thinking: ADAPTIVE });
  });

  test.each<[string, string, string]>([[OPUS_46, 'xhigh', 'high'], [OPUS_46, 'minimal', 'low'], [OPUS_55, 'none', 'low']])(
    '%s has no %s, so it gets the nearest one, which is a stated loss', (model, effort, nearest) => {
      expect(sent({ model, reasoning_effort: effort }).output_config).toEqual({ effort: nearest });
      expect(droppedBy({ model, reasoning_effort: effort })).toEqual(['reasoning_effort']);
    });

  test.each<[string, object | undefined]>([
    [SONNET_45, undefined], [OPUS_46, undefined], ['claude-opus-4-8', undefined], [OPUS_5, { type: 'disabled' }], ['claude-haiku-5-5', { type: 'disabled' }],
    [SONNET_55, { type: 'between_tools' }], [OLD, undefined], ['claude-fable-5', undefined],
  ])('none on %s', (model, thinking) => {
    expect(sent({ model, reasoning_effort: 'none' }).thinking).toEqual(thinking);
  });

  test.each([OLD, 'my-profile'])('%s cannot be told, which is a stated loss', (model) => {
    const request = { model, reasoning_effort: 'high', max_tokens: 10 };
    expect(sent(request).thinking).toBeUndefined();
    expect(droppedBy(request)).toEqual(['reasoning_effort']);
    expect(droppedBy({ ...request, reasoning_effort: 'none' }, { unsupportedParameters: 'Strict' })).toEqual([]);
  });

  test.each(['huge', 5])('%j is refused', (effort) => {
    expect(refusal({ reasoning_effort: effort })).toMatchObject({ status: 400, param: 'reasoning_effort' });
  });
});

describe('thinking, as Anthropic words it', () => {
  test.each([budget(2000), { type: 'adaptive', display: 'summarized' }, { type: 'disabled' }])('%j is sent as it is', (thinking) => {
    const model = thinking.type === 'enabled' ? SONNET_45 : OPUS_46;
    expect(sent({ model, thinking, max_tokens: 4000 }, { unsupportedParameters: 'Strict' })).toMatchObject({ max_tokens: 4000, thinking });
  });

  test.each([0, 1023, 4000, 5000, 'x', 1.5])('A4 a budget of %j with 4000 tokens is a 400', (tokens) => {
    expect(refusal({ thinking: { type: 'enabled', budget_tokens: tokens }, max_tokens: 4000 })).toMatchObject({ status: 400, param: 'thinking.budget_tokens' });
  });

  test('wins over reasoning_effort, which is a stated loss', () => {
    expect(sent({ thinking: budget(2000), reasoning_effort: 'high' }).thinking).toEqual(budget(2000));
    expect(droppedBy({ thinking: budget(2000), reasoning_effort: 'high' })).toEqual(['reasoning_effort']);
  });

  test('adaptive stands beside an effort', () => {
    const request = { model: OPUS_46, thinking: { type: 'adaptive', display: 'summarized' }, reasoning_effort: 'low' };
    expect(sent(request, { unsupportedParameters: 'Strict' })).toMatchObject({ thinking: request.thinking, output_config: { effort: 'low' } });
    expect(droppedBy(request)).toEqual([]);
  });

  test('of another type is refused', () => {
    expect(refusal({ thinking: { type: 'hard' } })).toMatchObject({ param: 'thinking.type' });
    expect(refusal({ thinking: true })).toMatchObject({ param: 'thinking' });
  });
});

describe('A14 reasoning and a forced tool', () => {
  test.each(['required', { type: 'function', function: { name: 'f' } }])('%j is a 400 that says what to do, under every mode', (choice) => {
    for (const unsupportedParameters of ['Strict', 'Safe', 'Lenient'] as const) {
      for (const reasoning of [{ reasoning_effort: 'low' }, { thinking: budget(2000) }]) {
        const error = refusal({ tools: [TOOL], tool_choice: choice, ...reasoning }, { unsupportedParameters });
        expect(error).toMatchObject({ status: 400, param: 'tool_choice', code: 'invalid_value' });
        expect(error.message).toContain('send \'auto\'');
      }
    }
  });

  test('is no contradiction where the model itself decides when to reason', () => {
    expect(sent({ model: OPUS_5, tools: [TOOL], tool_choice: 'required', reasoning_effort: 'low' })).toMatchObject({ thinking: ADAPTIVE, tool_choice: { type: 'any' } });
  });

  test.each(['auto', 'none'])('%s is no contradiction', (choice) => {
    expect(sent({ tools: [TOOL], tool_choice: choice, reasoning_effort: 'low' })).toMatchObject({ thinking: budget(2048), tool_choice: { type: choice } });
  });
});

describe('samplers while the model reasons', () => {
  test('are left out, which is a stated loss', () => {
    const request = { reasoning_effort: 'low', temperature: 0.3, top_p: 0.5, top_k: 5 };
    const body = sent(request);
    expect([body.temperature, body.top_p, body.top_k]).toEqual([undefined, undefined, undefined]);
    expect(droppedBy(request)).toEqual(['temperature', 'top_k', 'top_p']);
    expect(refusal(request, { unsupportedParameters: 'Strict' })).toMatchObject({ param: 'temperature' });
    expect(droppedBy({ reasoning_effort: 'low', temperature: 1 }, { unsupportedParameters: 'Strict' })).toEqual([]);
  });

  test('top_p from 0.95 stays', () => {
    expect(sent({ reasoning_effort: 'low', top_p: 0.95 })).toMatchObject({ top_p: 0.95 });
  });
});

describe('A21 what the model thought before it called tools', () => {
  const details = [
    { type: 'reasoning.text', text: 'Two cities, so two calls.', signature: 'EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pkiMOYds', index: 0 },
    { type: 'reasoning.encrypted', data: 'c2VjcmV0', index: 1 },
  ];
  const calls = [{ id: 'toolu_1', type: 'function', function: { name: 'f', arguments: '{}' } }];
  const replayed = (message: object) => [{ role: 'user', content: 'Hi' }, { role: 'assistant', ...message }, { role: 'tool', tool_call_id: 'toolu_1', content: 'x' }];

  test.each(HOSTS)('is sent back unchanged and before anything else, to %s', (host) => {
    const request = { tools: [TOOL], reasoning_effort: 'low', messages: replayed({ content: 'Let me look.', reasoning_content: 'x', reasoning_details: details, tool_calls: calls }) };
    expect(sent(request, { host, unsupportedParameters: 'Strict' })).toMatchObject({
      thinking: budget(2048),
      messages: [{ role: 'user' }, {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: details[0].text, signature: details[0].signature }, { type: 'redacted_thinking', data: 'c2VjcmV0' },
          { type: 'text', text: 'Let me look.' }, { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} },
        ],
      }, { role: 'user' }],
    });
  });

  test('comes out of a whole answer and a stream in the same form, which goes back as it came', () => {
    const content = [
      { type: 'thinking', thinking: details[0].text, signature: details[0].signature }, { type: 'redacted_thinking', data: 'c2VjcmV0' },
      { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} },
    ];
    const plain = JSON.parse(answered({ type: 'message', content, stop_reason: 'tool_use' }).text) as { choices: [{ message: { reasoning_details: unknown } }] };
    expect(plain.choices[0].message).toMatchObject({ content: null, reasoning_content: details[0].text, reasoning_details: details });
    const thought = deltasOf(streamed('Anthropic', [framed('Anthropic', eventsOf('messages-stream-tools.sse'))]).text).flatMap((delta) => delta.reasoning_details ?? []);
    expect(thought).toEqual([details[0]]);
    const { messages } = sent({ tools: [TOOL], messages: replayed({ ...plain.choices[0].message }) });
    expect(messages[1].content).toEqual(content);
  });

  test('that came back without its details: a model with a budget does not reason, which is a stated loss', () => {
    const request = { tools: [TOOL], reasoning_effort: 'low', messages: replayed({ content: null, tool_calls: calls }) };
    expect(sent(request).thinking).toBeUndefined();
    expect(droppedBy(request)).toEqual(['reasoning_effort']);
    expect(refusal(request, { unsupportedParameters: 'Strict' })).toMatchObject({ param: 'reasoning_effort' });
    expect(sent({ ...request, model: OPUS_46 }).thinking).toEqual(ADAPTIVE);
    expect(sent({ ...request, messages: [...request.messages, { role: 'assistant', content: 'Done.' }, { role: 'user', content: 'Thanks' }] }).thinking).toEqual(budget(2048));
  });

  test('thinking that is kept from the client has a signature alone', () => {
    const detail = { type: 'reasoning.text', text: '', signature: 's', index: 0 };
    const { messages } = sent({ tools: [TOOL], messages: replayed({ reasoning_details: [detail], tool_calls: calls }) });
    expect(messages[1].content[0]).toEqual({ type: 'thinking', thinking: '', signature: 's' });
  });

  test('alone is no message, which is a stated loss', () => {
    const messages = [{ role: 'user', content: 'Hi' }, { role: 'assistant', content: null, reasoning_details: details }, { role: 'user', content: 'So?' }];
    expect(sent({ messages }).messages).toEqual([{ role: 'user', content: [{ type: 'text', text: 'Hi' }, { type: 'text', text: 'So?' }] }]);
    expect(droppedBy({ messages })).toEqual(['messages[].reasoning_details']);
  });

  test.each<[object, string]>([
    [{ reasoning_content: 'Hm.' }, 'reasoning_content'],
    [{ reasoning_details: [{ type: 'reasoning.text', text: 'Hm.' }] }, 'reasoning_details'],
    [{ reasoning_details: [{ type: 'reasoning.summary', summary: 'Hm.' }] }, 'reasoning_details'],
    [{ reasoning_details: [null, 'Hm.'] }, 'reasoning_details'],
  ])('that no model signed is left out, which is a stated loss: %j', (assistant, member) => {
    const messages = [{ role: 'user', content: 'Hi' }, { role: 'assistant', content: 'x', ...assistant }, { role: 'user', content: 'y' }];
    expect(sent({ messages }).messages[1].content).toEqual([{ type: 'text', text: 'x' }]);
    expect(droppedBy({ messages })).toEqual([`messages[].${member}`]);
    expect(refusal({ messages }, { unsupportedParameters: 'Strict' })).toMatchObject({ param: `messages[1].${member}` });
  });
});

test('reasoning is never in the content', () => {
  const { text } = streamed('Anthropic', [framed('Anthropic', eventsOf('messages-stream-tools.sse'))]);
  expect(chunksOf(text).flatMap(({ choices }) => choices).map(({ delta }) => delta.content ?? '').join('')).toBe('Let me look.');
  expect(fixtureText('messages-stream-tools.sse')).toContain('Two cities');
  expect(chat({ stream: true }).stream).toBe(true);
});
