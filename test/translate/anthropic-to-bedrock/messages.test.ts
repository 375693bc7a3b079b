import { UnsupportedParameters } from '../../../src/resources/llm-route';
import { anthropicToBedrockMessages } from '../../../src/translate/anthropic-to-bedrock/translator';
import { ConverseBody } from '../../../src/translate/bedrock/converse-wire';
import { TranslationContext } from '../../../src/translate/translator';
import { anyMessagesRequest } from '../anthropic-to-openai/any-messages-request';
import { droppedBy, messages, messageOf, readEvents, refusal } from '../anthropic-to-openai/messages';
import { expectBodyOr400, expectNoRefusalUnderLenient, Translate } from '../any-request';
import { misshapen } from '../any-shape';
import { bodyOf, CLAUDE_45, EVENT_STREAM, eventsOf, exceptionFrame, fixtureText, framesOf, JSON_TYPE, LLAMA } from '../openai-to-bedrock/converse';
import { bytesOf, everySplit, replay, translated } from '../replay';

const PNG = 'iVBORw0KGgo=';
const IMAGE = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } };
const hour = { type: 'ephemeral', ttl: '1h' };
const POINT = { cachePoint: { type: 'default' } };
const HOUR_POINT = { cachePoint: { type: 'default', ttl: '1h' } };

const request = (more: object, context: Partial<TranslationContext> = {}) => messages({ model: CLAUDE_45, ...more }, context, anthropicToBedrockMessages);
const sent = (more: object): ConverseBody => bodyOf(request(more));
const streamed = (chunks: readonly Uint8Array[], broken?: string) => replay(request({ stream: true }).response, 200, EVENT_STREAM, chunks, broken);

test('goes to Converse and ConverseStream', () => {
  expect(request({})).toMatchObject({ path: '/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse', stream: false });
  expect(request({ stream: true })).toMatchObject({ path: expect.stringMatching(/converse-stream$/) as unknown, stream: true });
  expect(sent({ system: 'Be brief.', stop_sequences: ['END'], temperature: 0.5 })).toEqual({
    system: [{ text: 'Be brief.' }],
    messages: [{ role: 'user', content: [{ text: 'Hi' }] }],
    inferenceConfig: { maxTokens: 100, temperature: 0.5, stopSequences: ['END'] },
    additionalModelResponseFieldPaths: ['/stop_sequence'],
  });
});

test('B16 B17 B18 cache marks stay where they are, with their time', () => {
  const body = sent({
    system: [{ type: 'text', text: 'a' }, { type: 'text', text: 'b', cache_control: hour }],
    tools: [{ name: 'look', input_schema: { type: 'object' }, cache_control: { type: 'ephemeral' } }],
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'c', cache_control: { type: 'ephemeral' } }, { type: 'text', text: 'd' }] },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'look', input: {}, cache_control: hour }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'ok', cache_control: hour }, { type: 'text', text: 'e' }] },
    ],
  });
  expect(body.system).toEqual([{ text: 'a' }, { text: 'b' }, HOUR_POINT]);
  expect(body.toolConfig?.tools.at(-1)).toEqual(POINT);
  expect(body.messages.map(({ content }) => content.map((block) => Object.keys(block)[0]))).toEqual([
    ['text', 'cachePoint', 'text'], ['toolUse', 'cachePoint'], ['toolResult', 'cachePoint', 'text'],
  ]);
  expect(body.messages[2].content[1]).toEqual(HOUR_POINT);
});

test('a mark of the whole request stands on its last message', () => {
  expect(sent({ cache_control: { type: 'ephemeral' }, messages: [{ role: 'user', content: [{ type: 'text', text: 'a' }, { type: 'text', text: 'b' }] }] }).messages)
    .toEqual([{ role: 'user', content: [{ text: 'a' }, { text: 'b' }, POINT] }]);
});

test('blocks stay apart without a mark, so that a mark may move on without a change of what is before it', () => {
  expect(sent({ messages: [{ role: 'user', content: [{ type: 'text', text: 'a' }, { type: 'text', text: 'b' }] }] }).messages[0].content).toEqual([{ text: 'a' }, { text: 'b' }]);
});

test('the stop sequence that ended the answer is told, whole and streamed', () => {
  expect(sent({ stop_sequences: ['END', 'FIN'] })).toMatchObject({ inferenceConfig: { stopSequences: ['END', 'FIN'] }, additionalModelResponseFieldPaths: ['/stop_sequence'] });
  expect(sent({})).not.toHaveProperty('additionalModelResponseFieldPaths');
  expect(sent({ model: LLAMA, stop_sequences: ['END'] })).not.toHaveProperty('additionalModelResponseFieldPaths');
  const stop = { stopReason: 'stop_sequence', additionalModelResponseFields: { stop_sequence: 'FIN' } };
  const whole = { output: { message: { role: 'assistant', content: [{ text: 'Hi' }] } }, ...stop, usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 } };
  const expected = { stop_reason: 'stop_sequence', stop_sequence: 'FIN' };
  expect(JSON.parse(replay(request({}).response, 200, JSON_TYPE, [bytesOf(JSON.stringify(whole))]).text)).toMatchObject(expected);
  const frames = framesOf([{ contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'Hi' } } }, { messageStop: stop }, { metadata: { usage: whole.usage } }]);
  expect(readEvents(streamed([frames]).text).find(({ type }) => type === 'message_delta')).toMatchObject({ delta: expected });
});

describe('a tool that failed', () => {
  const failed = (content: unknown) => ({
    tools: [{ name: 'look', input_schema: { type: 'object' } }],
    messages: [
      { role: 'user', content: 'Hi' }, { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'look', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content, is_error: true }] },
    ],
  });

  test.each<[unknown, object[]]>([['no file', [{ text: 'no file' }]], [[{ type: 'text', text: 'no file' }], [{ text: 'no file' }]], [undefined, [{ text: '(empty)' }]]])(
    'has the status of an error: %j', (content, blocks) => {
      expect(sent(failed(content)).messages[2].content).toEqual([{ toolResult: { toolUseId: 'toolu_1', content: blocks, status: 'error' } }]);
      expect(droppedBy({ model: CLAUDE_45, ...failed(content) }, { unsupportedParameters: 'Strict' }, anthropicToBedrockMessages)).toEqual([]);
    });

  test('says so in its text where the model takes no status', () => {
    expect(sent({ ...failed('no file'), model: LLAMA }).messages[2].content).toEqual([{ toolResult: { toolUseId: 'toolu_1', content: [{ text: 'Error: no file' }] } }]);
    expect(sent({ ...failed('no file'), model: 'amazon.nova-pro-v1:0' }).messages[2].content).toEqual([{ toolResult: { toolUseId: 'toolu_1', content: [{ text: 'no file' }], status: 'error' } }]);
  });

  test('is one that did not where is_error is false', () => {
    const { messages: [, , result], ...rest } = failed('ok');
    const fine = { role: result.role, content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'ok', is_error: false }] };
    expect(sent({ ...rest, messages: [...failed('ok').messages.slice(0, 2), fine] }).messages[2].content).toEqual([{ toolResult: { toolUseId: 'toolu_1', content: [{ text: 'ok' }] } }]);
  });
});

test('B15 C8 C10 images and documents survive, also in results of tools', () => {
  const pdf = { type: 'document', title: 'Report', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0x' } };
  expect(sent({
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'See' }, IMAGE, pdf] },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'look', input: { a: 1 } }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: [{ type: 'text', text: 'ok' }, IMAGE] }] },
    ],
  }).messages).toEqual([
    { role: 'user', content: [{ text: 'See' }, { image: { format: 'png', source: { bytes: PNG } } }, { document: { format: 'pdf', name: 'Report', source: { bytes: 'JVBERi0x' } } }] },
    { role: 'assistant', content: [{ toolUse: { toolUseId: 'toolu_1', name: 'look', input: { a: 1 } } }] },
    { role: 'user', content: [{ toolResult: { toolUseId: 'toolu_1', content: [{ text: 'ok' }, { image: { format: 'png', source: { bytes: PNG } } }] } }] },
  ]);
});

test('B27 A21 signed and redacted thinking goes back before the calls', () => {
  const thoughts = [{ type: 'thinking', thinking: 'Hm.', signature: 'c2ln' }, { type: 'redacted_thinking', data: 'eA==' }];
  expect(sent({
    thinking: { type: 'enabled', budget_tokens: 2048 },
    max_tokens: 4096,
    tools: [{ name: 'f', input_schema: { type: 'object' } }],
    messages: [
      { role: 'user', content: 'Hi' }, { role: 'assistant', content: [...thoughts, { type: 'tool_use', id: 'a', name: 'f', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: 'ok' }] },
    ],
  })).toMatchObject({
    additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 2048 } },
    messages: [{}, {
      role: 'assistant',
      content: [{ reasoningContent: { reasoningText: { text: 'Hm.', signature: 'c2ln' } } }, { reasoningContent: { redactedContent: 'eA==' } }, { toolUse: {} }],
    }, {}],
  });
});

test('thinking, effort and top_k go to Claude as they are, and to other models as far as they know them', () => {
  const thinking = { type: 'enabled', budget_tokens: 3000, display: 'omitted' };
  expect(sent({ thinking, max_tokens: 4096 }).additionalModelRequestFields).toEqual({ thinking });
  const opus = { model: 'anthropic.claude-opus-4-6-v1', thinking: { type: 'adaptive' }, output_config: { effort: 'max' } };
  expect(sent(opus)).toMatchObject({ additionalModelRequestFields: { thinking: { type: 'adaptive' } }, outputConfig: { effort: 'max' } });
  expect(sent({ top_k: 5 }).additionalModelRequestFields).toEqual({ top_k: 5 });
  expect(droppedBy({ model: CLAUDE_45, thinking, max_tokens: 4096 }, {}, anthropicToBedrockMessages)).toEqual([]);
  expect(droppedBy({ model: CLAUDE_45, thinking, top_k: 5, max_tokens: 4096 }, {}, anthropicToBedrockMessages)).toEqual(['top_k']);
  const nova = { model: 'us.amazon.nova-2-lite-v1:0', thinking };
  expect(sent(nova).additionalModelRequestFields).toEqual({ reasoningConfig: { type: 'enabled', maxReasoningEffort: 'low' } });
  expect(droppedBy({ ...nova, top_k: 5 }, {}, anthropicToBedrockMessages)).toEqual(['thinking.display', 'thinking', 'top_k']);
});

test('the text of an assistant message at the end is gone on with', () => {
  expect(sent({ messages: [{ role: 'user', content: 'Hi' }, { role: 'assistant', content: '{ ' }] }).messages[1]).toEqual({ role: 'assistant', content: [{ text: '{' }] });
});

describe('what the far side refuses or loses is said in the client\'s words', () => {
  const strict = { unsupportedParameters: 'Strict' as const };

  test.each<[object, string]>([
    [{ messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'url', url: 'https://a.test/b.png' } }] }] }, 'messages[0].content[]'],
    [{ system: 'x', messages: [{ role: 'assistant', content: 'Hi' }] }, 'messages'],
    [{ thinking: { type: 'enabled', budget_tokens: 2048 }, max_tokens: 1000 }, 'thinking.budget_tokens'],
    [{ thinking: { type: 'enabled', budget_tokens: 2048 }, max_tokens: 9000, tools: [{ name: 'f', input_schema: { type: 'object' } }], tool_choice: { type: 'any' } }, 'tool_choice'],
  ])('%j', (more, param) => {
    const error = refusal({ model: CLAUDE_45, ...more }, {}, anthropicToBedrockMessages);
    expect(error).toMatchObject({ status: 400, param });
    expect(error.message).toContain(`'${param}'`);
    expect(error.message).not.toMatch(/max_completion_tokens|reasoning_effort/);
  });

  test('G21', () => {
    expect(droppedBy({ model: LLAMA, metadata: { user_id: 'u' }, stop_sequences: ['\n'] }, {}, anthropicToBedrockMessages)).toEqual(['metadata.user_id', 'stop_sequences']);
    expect(refusal({ model: LLAMA, metadata: { user_id: 'u' } }, strict, anthropicToBedrockMessages).param).toBe('metadata.user_id');
    expect(refusal({ model: LLAMA, output_config: { effort: 'low' } }, strict, anthropicToBedrockMessages).param).toBe('output_config.effort');
    const serial = { tools: [{ name: 'f', input_schema: { type: 'object' } }], tool_choice: { type: 'any', disable_parallel_tool_use: true } };
    expect(refusal({ model: LLAMA, ...serial }, strict, anthropicToBedrockMessages).param).toBe('tool_choice.disable_parallel_tool_use');
  });

  test('G21 the table is the meet of the two', () => {
    const { parameters } = anthropicToBedrockMessages;
    expect(parameters.stop_sequences).toMatchObject({ treatment: 'mappedWithLoss', to: 'inferenceConfig.stopSequences' });
    expect(parameters.metadata.treatment).toBe('advisory');
    expect(parameters.cache_control.treatment).toBe('mappedWithLoss');
    expect(parameters.top_k).toMatchObject({ treatment: 'mappedWithLoss', to: 'additionalModelRequestFields.top_k' });
    expect([parameters.container.treatment, parameters.model]).toEqual(['semantic', expect.objectContaining({ treatment: 'mapped', to: 'the path' })]);
  });
});

describe('answers', () => {
  const TOOLS = framesOf(eventsOf('converse-stream-tools.json'));

  test('B28 G1 a stream with thinking, text and parallel calls, at every cut', () => {
    const expected = streamed([TOOLS]);
    for (const chunks of everySplit(TOOLS)) {
      expect(streamed(chunks)).toEqual(expected);
    }
    expect(messageOf(expected.text)).toEqual({
      content: [
        { type: 'thinking', thinking: 'Two cities, so two calls.', signature: 'c2lnbmVk' },
        { type: 'redacted_thinking', data: 'c2VjcmV0' },
        { type: 'text', text: 'Let me look.', citations: null },
        { type: 'tool_use', id: 'tooluse_Paris', name: 'get_weather', input: '{"city": "Paris", "days": 2}' },
        { type: 'tool_use', id: 'tooluse_Now', name: 'now', input: '{}' },
      ],
      delta: { stop_reason: 'tool_use', stop_sequence: null, provider_finish_reason: 'tool_use' },
      usage: expect.objectContaining({ input_tokens: 368, cache_read_input_tokens: 10536, cache_creation_input_tokens: 0, output_tokens: 19 }) as unknown,
    });
    expect(expected.usage).toMatchObject({ inputTokens: 10904, totalTokens: 10923 });
  });

  test('a whole answer is the same message', () => {
    const { text } = replay(request({}).response, 200, JSON_TYPE, [bytesOf(fixtureText('converse-tools.json'))]);
    expect((JSON.parse(text) as { content: unknown }).content).toEqual([
      expect.objectContaining({ type: 'thinking', signature: expect.any(String) as unknown }), expect.objectContaining({ type: 'redacted_thinking' }), expect.objectContaining({ type: 'text' }),
      { type: 'tool_use', id: expect.any(String) as unknown, name: 'get_weather', input: { city: 'Paris', days: 2 } }, expect.objectContaining({ type: 'tool_use', input: {} }),
    ]);
  });

  test('B21 B22 B23 exceptions and broken streams end in an error event', () => {
    const begun = framesOf(eventsOf('converse-stream.json').slice(0, 2));
    const busy = streamed([Buffer.concat([begun, exceptionFrame('throttlingException', 'busy')])]);
    expect(readEvents(busy.text).at(-1)).toEqual({ type: 'error', error: { type: 'rate_limit_error', message: 'busy', details: { error_code: 'ThrottlingException' } } });
    expect(busy.failure).toMatchObject({ status: 429 });
    expect(readEvents(streamed([exceptionFrame('throttlingException', 'busy')]).text)).toHaveLength(1);
    for (let end = 0; end < TOOLS.length; end += 3) {
      expect(readEvents(streamed([TOOLS.subarray(0, end)]).text).at(-1)).toMatchObject({ type: 'error', error: { type: 'api_error' } });
    }
    expect(readEvents(streamed([begun], 'reset').text).at(-1)).toMatchObject({ error: { message: 'reset' } });
  });

  test('G13 errors have Anthropic\'s envelope', () => {
    const { head, text, failure } = replay(request({}).response, 429, { ...JSON_TYPE, 'x-amzn-errortype': 'ThrottlingException' }, [bytesOf('{"message":"Too many tokens"}')]);
    expect([head.status, JSON.parse(text)]).toEqual([429, { type: 'error', error: { type: 'rate_limit_error', message: 'Too many tokens', details: { error_code: 'ThrottlingException' } } }]);
    expect(failure).toEqual({ status: 429, code: 'ThrottlingException', message: 'Too many tokens' });
  });
});

describe('any request', () => {
  const valid = anyMessagesRequest(LLAMA, CLAUDE_45, 'anthropic.claude-opus-4-7', 'us.amazon.nova-2-lite-v1:0', 'openai.gpt-oss-20b-1:0');
  const translate = (value: object, unsupportedParameters: UnsupportedParameters) => translated(anthropicToBedrockMessages, value, { unsupportedParameters });
  const taken: Translate<object> = (value, unsupportedParameters) => bodyOf(translate(value, unsupportedParameters));

  test('G17 G21 a valid one: a body that Converse takes, or a 400', () => {
    expectBodyOr400(valid, taken, 300);
  });

  test('G21 under Lenient nothing is refused but what contradicts itself', () => {
    const consistent = valid.map((value) => ({ ...value, tool_choice: { type: 'auto' }, thinking: undefined, output_config: undefined }));
    expectNoRefusalUnderLenient(consistent, taken, 200);
  });

  test('G17 one with a part of another shape: a body or a 400, never another error', () => {
    expectBodyOr400(misshapen(valid), translate, 400);
  });
});
