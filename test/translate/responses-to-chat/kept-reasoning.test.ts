import type { Response, ResponseOutputItem } from 'openai/resources/responses/responses';
import { bodyOf, chatStream, droppedBy, finalOf, messagesOf, OUTPUTS, Output, respond, responsesTo, streamed, TO_CHAT, toolStream } from './responses';
import { encryptedContent, keptReasoning } from '../../../src/translate/responses-to-chat/kept-reasoning';

const TOOLS = [{ type: 'function', name: 'get_weather', parameters: {}, strict: false }, { type: 'function', name: 'now', parameters: {}, strict: false }];

/** The next turn of a client that sends back what it got, and the results of the calls. */
function nextTurn(output: readonly ResponseOutputItem[]): object[] {
  const calls = output.flatMap((item) => item.type === 'function_call' ? [item] : []);
  return [{ role: 'user', content: 'Weather in two cities?' }, ...output, ...calls.map(({ call_id: id }) => ({ type: 'function_call_output', call_id: id, output: 'sun' }))];
}

/** As clients that know the declared fields only send it back. */
function declaredFields(item: ResponseOutputItem): ResponseOutputItem {
  return Object.fromEntries(Object.entries(item).filter(([name]) => name !== 'extra_content' && name !== 'status')) as unknown as ResponseOutputItem;
}

function answerOf(output: Output): Response {
  return finalOf(streamed(responsesTo(output), [toolStream(output)], { tools: TOOLS }).text);
}

const THOUGHT = { type: 'thinking', thinking: 'Two cities, so two calls.', signature: 'EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pkiMOYds' };

describe('B27 A21 V8 what a model signed comes back as it was, before its calls', () => {
  test.each(OUTPUTS)('%s', (output) => {
    const input = nextTurn(answerOf(output).output.map(declaredFields));
    const body = bodyOf(respond(responsesTo(output), { input, tools: TOOLS }, { unsupportedParameters: 'Strict' })) as { messages?: unknown[]; contents?: unknown[] };
    const turn = (body.messages ?? body.contents ?? [])[1];
    switch (output) {
      case 'AWSBedrock':
        expect(turn).toMatchObject({
          role: 'assistant',
          content: [
            { reasoningContent: { reasoningText: { text: 'Two cities, so two calls.', signature: 'c2lnbmVk' } } }, { reasoningContent: { redactedContent: 'c2VjcmV0' } },
            { text: 'Let me look.' }, { toolUse: { name: 'get_weather' } }, { toolUse: { name: 'now' } },
          ],
        });
        break;
      case 'GCPVertexAI':
        expect(turn).toMatchObject({
          role: 'model',
          parts: [
            { text: 'Let me look.' }, { functionCall: { name: 'get_weather' }, thoughtSignature: 'AY89a18iOcFus5wr5bW5xN6zZ4aUiCyhgmg6HE2YjtY=' }, { functionCall: { name: 'now' } },
          ],
        });
        break;
      default:
        expect(turn).toMatchObject({ role: 'assistant', content: [THOUGHT, { type: 'text', text: 'Let me look.' }, { type: 'tool_use', name: 'get_weather' }, { type: 'tool_use', name: 'now' }] });
    }
  });

  test.each(OUTPUTS)('%s: nothing is lost on that way', (output) => {
    expect(droppedBy(responsesTo(output), { input: nextTurn(answerOf(output).output), tools: TOOLS })).toEqual([]);
  });
});

test('a call has its extra content from its own field, or else from the reasoning before it', () => {
  const kept = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: encryptedContent({ calls: { a: 1, b: 2 }, message: { m: 3 } }) };
  const call = (id: string, more: object = {}): object => ({ type: 'function_call', call_id: id, name: 'f', arguments: '{}', ...more });
  expect(messagesOf(kept, call('a'), call('b', { extra_content: 5 }), call('c'))).toEqual([{
    role: 'assistant',
    content: null,
    extra_content: { m: 3 },
    tool_calls: [
      { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' }, extra_content: 1 }, { id: 'b', type: 'function', function: { name: 'f', arguments: '{}' }, extra_content: 5 },
      { id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } },
    ],
  }]);
});

test('V10 thoughts that the model does not take back are no loss on the next turn', () => {
  const { output } = finalOf(streamed(TO_CHAT, [chatStream({ delta: { reasoning_content: 'Hm.' } }, { delta: { content: 'Hi' } }, { delta: {}, finish_reason: 'stop' })]).text);
  const input = [{ role: 'user', content: 'Hi' }, ...output, { role: 'user', content: 'Go on' }];
  for (const to of OUTPUTS) {
    expect(droppedBy(responsesTo(to), { input }, { unsupportedParameters: 'Strict' })).toEqual([]);
  }
});

test.each(['', 'gAAAAABpF', 'llmgw.kept.', 'llmgw.kept.AAAA', `llmgw.kept.${btoa('5')}`, `llmgw.kept.${btoa('null')}`, `llmgw.kept.${btoa('{"details":5}')}`, `llmgw.kept.${btoa('{"calls":5}')}`])(
  'content that is not ours, or damaged: %j', (content) => {
    const found = keptReasoning(content);
    expect(found === undefined || found.details.length === 0).toBe(true);
    expect(() => respond(TO_CHAT, { input: [{ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: content }, { role: 'user', content: 'Hi' }] })).not.toThrow();
  });

test('details of another shape are the chat translator\'s to refuse or to leave out', () => {
  const input = [
    { role: 'user', content: 'Hi' }, { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: encryptedContent({ details: [5 as never, { type: 'x' } as never] }) },
    { role: 'assistant', content: 'Hi' }, { role: 'user', content: 'Go on' },
  ];
  expect(droppedBy(responsesTo('AWSBedrock'), { input })).toEqual(['input[].encrypted_content']);
});

test('every character survives', () => {
  expect(keptReasoning(encryptedContent({ message: 'ü👋\ud800' }))?.message).toBe('ü👋\ud800');
});
