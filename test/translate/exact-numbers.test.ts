import { bytesOf, replay, textOf, translated } from './replay';
import { InputSchemaName, OutputSchemaName } from '../../src/resources/schema-name';
import { findTranslator } from '../../src/translate/registry';
import { TranslatedRequest, Translator } from '../../src/translate/translator';

/** Above 2^53: a double holds its neighbour only. */
const ID = '9007199254740993';
const MODELS: Readonly<Partial<Record<OutputSchemaName, string>>> = {
  Anthropic: 'claude-sonnet-4-5',
  AWSAnthropic: 'anthropic.claude-sonnet-4-5',
  GCPAnthropic: 'claude-sonnet-4-5',
  AWSBedrock: 'anthropic.claude-sonnet-4-5',
  GCPVertexAI: 'gemini-2.5-flash',
  Cohere: 'command-a',
  OpenAI: 'gpt-4o',
};

function pair(input: InputSchemaName, output: OutputSchemaName, endpoint: Translator['endpoint']): Translator {
  const translator = findTranslator(input, output, endpoint);
  if (!translator) throw new Error(`no translator from ${input} to ${output}`);
  return translator;
}

function sent(translator: Translator, request: string): TranslatedRequest {
  return translated(translator, request.replace('MODEL', MODELS[translator.output] ?? ''), { gcp: { project: 'p', region: 'r' } });
}

const bodyOf = ({ body }: TranslatedRequest): string => textOf(body ?? new Uint8Array(0));
const answered = (request: TranslatedRequest, answer: string, contentType = 'application/json'): string =>
  replay(request.response, 200, { 'content-type': contentType }, [bytesOf(answer)]).text;

const SCHEMA = `{"type":"object","properties":{"id":{"type":"integer","maximum":${ID}}}}`;
const CHAT = `{"model":"MODEL","max_tokens":9,"tools":[{"type":"function","function":{"name":"f","parameters":${SCHEMA}}}],"messages":[{"role":"user","content":"x"},`
  + `{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\\"id\\":${ID}}"}}]},{"role":"tool","tool_call_id":"c","content":"{\\"id\\":${ID}}"}]}`;
const MESSAGES = `{"model":"MODEL","max_tokens":9,"tools":[{"name":"f","input_schema":${SCHEMA}}],"messages":[{"role":"user","content":"x"},`
  + `{"role":"assistant","content":[{"type":"tool_use","id":"c","name":"f","input":{"id":${ID}}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":"x"}]}]}`;
const RESPONSES = `{"model":"MODEL","tools":[{"type":"function","name":"f","parameters":${SCHEMA}}],"max_output_tokens":9,"input":[{"role":"user","content":"x"},`
  + `{"type":"function_call","call_id":"c","name":"f","arguments":"{\\"id\\":${ID}}"},{"type":"function_call_output","call_id":"c","output":"x"}]}`;

describe('large integers survive in arguments, results and schemas of tools', () => {
  test.each<[InputSchemaName, OutputSchemaName, Translator['endpoint'], string, number]>([
    ['OpenAI', 'Anthropic', 'ChatCompletions', CHAT, 3], ['OpenAI', 'AWSAnthropic', 'ChatCompletions', CHAT, 3], ['OpenAI', 'GCPAnthropic', 'ChatCompletions', CHAT, 3],
    ['OpenAI', 'AWSBedrock', 'ChatCompletions', CHAT, 3], ['OpenAI', 'GCPVertexAI', 'ChatCompletions', CHAT, 3], ['OpenAI', 'Cohere', 'ChatCompletions', CHAT, 3],
    ['Anthropic', 'OpenAI', 'Messages', MESSAGES, 2], ['Anthropic', 'AWSBedrock', 'Messages', MESSAGES, 2], ['Anthropic', 'GCPVertexAI', 'Messages', MESSAGES, 2],
    ['OpenAI', 'Anthropic', 'Responses', RESPONSES, 2], ['OpenAI', 'AWSBedrock', 'Responses', RESPONSES, 2], ['OpenAI', 'GCPVertexAI', 'Responses', RESPONSES, 2],
  ])('%s to %s: %s', (input, output, endpoint, request, count) => {
    expect(bodyOf(sent(pair(input, output, endpoint), request)).match(/\d{16}/g)).toEqual(Array.from({ length: count }, () => ID));
  });

  test('also where a body that passes must be written anew', () => {
    expect(bodyOf(sent(pair('OpenAI', 'OpenAI', 'ChatCompletions'), `{"model":"a","seed":${ID},"messages":[],"model":"b"}`))).toBe(`{"model":"b","seed":${ID},"messages":[]}`);
    expect(bodyOf(sent(pair('Anthropic', 'AWSAnthropic', 'Messages'), MESSAGES.replace('{', '{"service_tier":"auto",'))).match(/\d{16}/g)).toEqual([ID, ID]);
  });
});

const CLAUDE_ANSWER = `{"type":"message","role":"assistant","content":[{"type":"tool_use","id":"c","name":"f","input":{"id":${ID}}}],"stop_reason":"tool_use","usage":{"input_tokens":1,"output_tokens":1}}`;
const CONVERSE_ANSWER = `{"output":{"message":{"role":"assistant","content":[{"toolUse":{"toolUseId":"c","name":"f","input":{"id":${ID}}}}]}},"stopReason":"tool_use"}`;
const GEMINI_ANSWER = `{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"id":${ID}}}}]},"finishReason":"STOP"}]}`;
const CHAT_ANSWER = `{"choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\\"id\\":${ID}}"}}]},`
  + '"finish_reason":"tool_calls"}]}';

describe('large integers survive in calls of a whole answer', () => {
  test.each<[InputSchemaName, OutputSchemaName, Translator['endpoint'], string, string]>([
    ['OpenAI', 'Anthropic', 'ChatCompletions', CHAT, CLAUDE_ANSWER], ['OpenAI', 'AWSBedrock', 'ChatCompletions', CHAT, CONVERSE_ANSWER], ['OpenAI', 'GCPVertexAI', 'ChatCompletions', CHAT, GEMINI_ANSWER],
    ['Anthropic', 'OpenAI', 'Messages', MESSAGES, CHAT_ANSWER], ['Anthropic', 'AWSBedrock', 'Messages', MESSAGES, CONVERSE_ANSWER], ['Anthropic', 'GCPVertexAI', 'Messages', MESSAGES, GEMINI_ANSWER],
    ['OpenAI', 'Anthropic', 'Responses', RESPONSES, CLAUDE_ANSWER],
  ])('%s to %s: %s', (input, output, endpoint, request, answer) => {
    const text = answered(sent(pair(input, output, endpoint), request), answer);
    // A response says the client's schema again.
    expect(text.match(/id\\?":(\d{16})/g)).toHaveLength(1);
    expect(text).toMatch(new RegExp(`id\\\\?":${ID}`));
  });

  test('and of a stream whose calls come whole', () => {
    const request = CHAT.replace('{', '{"stream":true,');
    expect(answered(sent(pair('OpenAI', 'GCPVertexAI', 'ChatCompletions'), request), `data: ${GEMINI_ANSWER}\n\n`, 'text/event-stream')).toContain(`{\\"id\\":${ID}}`);
    const events = [
      { type: 'message_start', message: {} }, { type: 'content_block_start', index: 0, content_block: { type: 'tool_use', id: 'c', name: 'f', input: { id: 'ID' } } },
      { type: 'content_block_stop', index: 0 }, { type: 'message_delta', delta: { stop_reason: 'tool_use' } }, { type: 'message_stop' },
    ].map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event).replace('"ID"', ID)}\n\n`).join('');
    expect(answered(sent(pair('OpenAI', 'Anthropic', 'ChatCompletions'), request), events, 'text/event-stream')).toContain(`{\\"id\\":${ID}}`);
  });
});

test.each(['temperature', 'max_completion_tokens'])('a long number in a field with bounds is refused as a number: %s', (name) => {
  expect(() => sent(pair('OpenAI', 'Anthropic', 'ChatCompletions'), `{"model":"MODEL","messages":[{"role":"user","content":"x"}],"${name}":12345678901234567890}`)).toThrow(`invalid value for '${name}': it must be from`);
});

test('a long number is no object', () => {
  expect(() => sent(pair('OpenAI', 'Anthropic', 'ChatCompletions'), `{"model":"MODEL","messages":[${ID}]}`)).toThrow('invalid type for \'messages[0]\': expected an object');
  expect(() => sent(pair('OpenAI', 'Anthropic', 'ChatCompletions'), ID)).toThrow('must be a JSON object, but is a number');
});
