import { bodyOf, chatOf, droppedBy, refusal, respond, responsesTo, TO_CHAT } from './responses';
import { chatComplaint } from '../../providers/chat-complaint';
import { translated } from '../replay';

const BEDROCK = responsesTo('AWSBedrock');
const ANTHROPIC = responsesTo('Anthropic');
const GEMINI = responsesTo('GCPVertexAI');
const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false };

test('every field that a chat has, in its form there', () => {
  const chat = chatOf({
    model: 'm',
    instructions: 'Be kind.',
    max_output_tokens: 100,
    temperature: 0.5,
    top_p: 0.9,
    parallel_tool_calls: false,
    metadata: { a: 'b' },
    user: 'u',
    safety_identifier: 's',
    prompt_cache_key: 'k',
    prompt_cache_options: { mode: 'explicit' },
    prompt_cache_retention: '24h',
    service_tier: 'flex',
    top_logprobs: 3,
    reasoning: { effort: 'low', summary: 'auto' },
    store: false,
    background: false,
    truncation: 'disabled',
    include: ['reasoning.encrypted_content', 'message.output_text.logprobs'],
    text: { format: { type: 'json_schema', name: 'answer', schema: SCHEMA, strict: true, description: 'An answer' }, verbosity: 'low' },
    tools: [
      { type: 'function', name: 'get_weather', description: 'Weather', parameters: SCHEMA, strict: true }, { type: 'function', name: 'now', parameters: null, strict: null },
      { type: 'custom', name: 'patch', description: 'Patches', format: { type: 'grammar', syntax: 'lark', definition: 'start: "a"' } },
    ],
    tool_choice: { type: 'function', name: 'get_weather' },
  });
  expect(chat).toEqual({
    model: 'm',
    messages: [{ role: 'system', content: 'Be kind.' }, { role: 'user', content: 'Hi' }],
    max_completion_tokens: 100,
    temperature: 0.5,
    top_p: 0.9,
    parallel_tool_calls: false,
    metadata: { a: 'b' },
    user: 'u',
    safety_identifier: 's',
    prompt_cache_key: 'k',
    prompt_cache_options: { mode: 'explicit' },
    prompt_cache_retention: '24h',
    service_tier: 'flex',
    logprobs: true,
    top_logprobs: 3,
    reasoning_effort: 'low',
    verbosity: 'low',
    response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: SCHEMA, strict: true, description: 'An answer' } },
    tools: [
      { type: 'function', function: { name: 'get_weather', description: 'Weather', parameters: SCHEMA, strict: true } }, { type: 'function', function: { name: 'now' } },
      { type: 'custom', custom: { name: 'patch', description: 'Patches', format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'start: "a"' } } } },
    ],
    tool_choice: { type: 'function', function: { name: 'get_weather' } },
  });
  expect(chatComplaint({ ...chat, tools: (chat.tools as unknown[]).slice(0, 1) })).toBeUndefined();
});

test('G2 a stream asks for its usage', () => {
  expect(chatOf({ stream: true })).toMatchObject({ stream: true, stream_options: { include_usage: true } });
  expect(droppedBy(BEDROCK, { stream: true })).toEqual([]);
});

test('fields that are not known go on; a chat\'s own messages do not', () => {
  expect(chatOf({ 'top_k': 5, 'messages': [], 'a b': 1 })).toMatchObject({ 'top_k': 5, 'messages': [{ role: 'user', content: 'Hi' }], 'a b': 1 });
  expect(bodyOf(respond(ANTHROPIC, { top_k: 5 }))).toMatchObject({ top_k: 5 });
});

test.each<[unknown, unknown]>([
  ['auto', 'auto'], ['none', 'none'], ['required', 'required'], [{ type: 'custom', name: 'patch' }, { type: 'custom', custom: { name: 'patch' } }],
  [
    { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'a' }] },
    { type: 'allowed_tools', allowed_tools: { mode: 'required', tools: [{ type: 'function', function: { name: 'a' } }] } },
  ],
])('tool_choice %j', (responses, chat) => {
  expect(chatOf({ tool_choice: responses }).tool_choice).toEqual(chat);
});

test.each([[{ type: 'text' }], [{ type: 'json_object' }]])('text.format %j', (format) => {
  expect(chatOf({ text: { format } }).response_format).toEqual(format);
});

test('web search is the search of a chat, where the provider has one', () => {
  const tools = [{ type: 'web_search', search_context_size: 'medium', user_location: { type: 'approximate', city: 'Paris', country: null } }];
  expect(chatOf({ tools })).toMatchObject({ web_search_options: { search_context_size: 'medium', user_location: { type: 'approximate', approximate: { city: 'Paris' } } } });
  expect(bodyOf(respond(ANTHROPIC, { tools }))).toMatchObject({ tools: [{ type: 'web_search_20250305', user_location: { type: 'approximate', city: 'Paris' } }] });
  expect(refusal(BEDROCK, { tools })).toMatchObject({ code: 'unsupported_parameter', param: 'tools[0]' });
  expect(refusal(ANTHROPIC, { tools: [{ type: 'web_search_preview', filters: { allowed_domains: ['a.com'] } }] })).toMatchObject({ param: 'tools[0].filters' });
});

test.each(['file_search', 'code_interpreter', 'mcp', 'image_generation', 'computer', 'custom'])('the tool %s is refused where the provider has none, and dropped under Lenient', (type) => {
  const request = { tools: [{ type: 'function', name: 'f', parameters: SCHEMA, strict: false }, { type, name: 'x' }] };
  for (const to of [BEDROCK, ANTHROPIC, GEMINI]) {
    expect(refusal(to, request)).toMatchObject({ status: 400, code: 'unsupported_parameter', param: 'tools[1]' });
    expect(droppedBy(to, request, { unsupportedParameters: 'Lenient' })).toContain('tools[]');
  }
});

describe('G21 what there is no counterpart for', () => {
  test.each([
    ['previous_response_id', 'resp_1'], ['conversation', 'conv_1'], ['conversation', { id: 'conv_1' }], ['background', true], ['prompt', { id: 'pmpt_1' }],
  ])('%s: %j would change the answer', (name, value) => {
    const error = refusal(BEDROCK, { [name]: value });
    expect(error).toMatchObject({ status: 400, code: 'unsupported_parameter', param: name });
    expect(error.message).toContain('AWS Bedrock');
    expect(droppedBy(BEDROCK, { [name]: value }, { unsupportedParameters: 'Lenient' })).toEqual([name]);
  });

  test.each([
    ['store', true, 'store'], ['truncation', 'auto', 'truncation'], ['context_management', [{ type: 'compaction' }], 'context_management'],
    ['stream_options', { include_obfuscation: true }, 'stream_options'], ['include', ['file_search_call.results'], 'include[]'],
    ['reasoning', { summary: 'detailed' }, 'reasoning.summary'], ['reasoning', { context: 'all_turns' }, 'reasoning.context'], ['reasoning', { mode: 'pro' }, 'reasoning.mode'],
  ])('%s: %j is dropped with a signal, and refused under Strict', (name, value, path) => {
    expect(droppedBy(BEDROCK, { [name]: value })).toEqual([path]);
    expect(refusal(BEDROCK, { [name]: value }, { unsupportedParameters: 'Strict' })).toMatchObject({ param: path.replace('[]', '[0]') });
  });

  test.each([
    ['store', false], ['background', false], ['truncation', 'disabled'], ['context_management', []], ['stream_options', { include_obfuscation: false }],
    ['include', ['reasoning.encrypted_content']], ['previous_response_id', null], ['reasoning', { summary: 'auto', effort: null }], ['text', { verbosity: 'medium' }],
  ])('%s: %j loses nothing', (name, value) => {
    expect(droppedBy(BEDROCK, { [name]: value }, { unsupportedParameters: 'Strict' })).toEqual([]);
  });
});

describe('the translator behind speaks of the client\'s own request', () => {
  const image = { type: 'input_image', image_url: 'https://example.com/a.png', detail: 'low' };

  test.each<[string, object, string]>([
    ['an image', { input: [{ role: 'user', content: 'Hi' }, { role: 'user', content: [{ type: 'input_text', text: 'x' }, image] }] }, 'input[1].content[1].image_url'],
    ['an image of a function', {
      input: [
        { role: 'user', content: 'Hi' }, { type: 'function_call', call_id: 'a', name: 'f', arguments: '' }, { type: 'function_call_output', call_id: 'a', output: [image] },
      ],
    }, 'input[2].output[0].image_url'],
    ['a file', { input: [{ role: 'user', content: [{ type: 'input_file', file_id: 'file-1' }] }] }, 'input[0].content[0]'],
    ['the token limit', { max_output_tokens: 0 }, 'max_output_tokens'],
    ['the format', { text: { format: { type: 'json_object' } } }, 'text.format'],
    ['the schema', { text: { format: { type: 'json_schema', name: 'a' } } }, 'text.format.schema'],
    ['the effort', { reasoning: { effort: 'huge' } }, 'reasoning.effort'],
    ['log probabilities', { top_logprobs: 2 }, 'top_logprobs'], ['log probabilities', { include: ['message.output_text.logprobs'] }, 'include[0]'],
    ['a tool\'s name', { tools: [{ type: 'function', name: '', parameters: {}, strict: false }] }, 'tools[0].name'],
    ['two tools of one name', { tools: [{ type: 'function', name: 'f' }, { type: 'function', name: 'f' }] }, 'tools[1].name'],
    ['the choice', { tools: [{ type: 'function', name: 'f' }], tool_choice: { type: 'function', name: 'g' } }, 'tool_choice'],
    ['a choice without name', { tools: [{ type: 'function', name: 'f' }], tool_choice: { type: 'function' } }, 'tool_choice.name'],
    ['an allowed tool', { tools: [{ type: 'function', name: 'f' }], tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function' }] } }, 'tool_choice.tools[0].name'],
    ['the mode of allowed tools', { tools: [{ type: 'function', name: 'f' }], tool_choice: { type: 'allowed_tools', mode: 'x', tools: [] } }, 'tool_choice.mode'],
    ['no user message', { input: [{ role: 'system', content: 'Hi' }] }, 'input'],
    ['an empty name in a call', { input: [{ type: 'function_call', call_id: 'a', name: '', arguments: '' }] }, 'input[0].name'],
    ['temperature', { temperature: 3 }, 'temperature'],
  ])('%s', (_, request, param) => {
    const error = refusal(BEDROCK, request);
    expect(error).toMatchObject({ status: 400, param });
    expect(error.message).toContain(`'${param}'`);
    expect(error.message).not.toMatch(/messages\[|max_completion_tokens|reasoning_effort|response_format/);
  });

  test('also about the limit that reasoning needs', () => {
    expect(refusal(BEDROCK, { reasoning: { effort: 'low' }, max_output_tokens: 100 }).message)
      .toBe('invalid value for \'reasoning.effort\': this model needs at least 1024 tokens to reason, so max_output_tokens must be above that; raise it, or leave this out');
    expect(refusal(ANTHROPIC, { model: 'claude-of-tomorrow' })).toMatchObject({ code: 'missing_required_parameter', param: 'max_output_tokens' });
  });

  test('and of what it dropped', () => {
    const input = [
      { role: 'user', content: [{ type: 'input_text', text: 'x' }, { ...image, image_url: 'data:image/png;base64,iVBORw0KGgo=' }] },
      { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'Hm.' }] },
      { type: 'function_call', call_id: 'a', name: 'f', arguments: '[' }, { type: 'function_call_output', call_id: 'a', output: 'x' },
      { role: 'system', content: 'Be kind.' },
    ];
    expect(droppedBy(BEDROCK, { input, temperature: 2, user: 'u', text: { verbosity: 'low' } }))
      .toEqual(['user', 'text.verbosity', 'input[].content[].detail', 'input[].summary', 'input[].arguments', 'input[].role', 'temperature']);
  });
});

test('nested too deeply is a 400', () => {
  const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
  const context = { unsupportedParameters: 'Lenient' as const, gcp: { project: 'p', region: 'r' } };
  for (const to of [BEDROCK, ANTHROPIC, GEMINI, TO_CHAT, responsesTo('AWSAnthropic', 'ResponseInputTokens')]) {
    for (const member of [`"tools":[{"type":"function","name":"f","parameters":${deep}}]`, `"text":{"format":{"type":"json_schema","name":"a","schema":${deep}}}`]) {
      expect(() => translated(to, `{"model":"claude-sonnet-4-5","input":"Hi",${member}}`, context)).toThrow('nested too deeply');
    }
  }
});

test('fields of a chat completion are none of a response: they are left out, and named', () => {
  const fields = { n: 3, stop: ['x'], seed: 1, max_completion_tokens: 5, response_format: { type: 'json_object' }, reasoning_effort: 'high', messages: [{ role: 'user', content: 'Other' }] };
  for (const to of [GEMINI, ANTHROPIC, BEDROCK]) {
    expect(bodyOf(respond(to, fields))).toEqual(bodyOf(respond(to, {})));
    expect([...droppedBy(to, fields)].sort()).toEqual(Object.keys(fields).sort());
    expect(droppedBy(to, { n: null, stop: null })).toEqual([]);
    expect(refusal(to, { n: 3 }, { unsupportedParameters: 'Strict' })).toMatchObject({ status: 400, code: 'unsupported_parameter', param: 'n' });
  }
  // What is of neither goes on: clients send Anthropic's own fields beside OpenAI's.
  expect(bodyOf(respond(ANTHROPIC, { top_k: 5 }))).toMatchObject({ top_k: 5 });
});
