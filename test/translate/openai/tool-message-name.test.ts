import { OutputSchemaName } from '../../../src/resources/schema-name';
import { findTranslator } from '../../../src/translate/registry';
import { translated } from '../replay';

/** OpenAI's own examples once had it, and many clients still send it: it says nothing that the call's id does not. */
test.each<[OutputSchemaName, string]>([['Anthropic', 'claude-sonnet-4-5'], ['AWSBedrock', 'amazon.nova-pro-v1:0'], ['GCPVertexAI', 'gemini-2.5-flash'], ['Cohere', 'command-a']])(
  'the name of a function in its result is no loss on the way to %s', (output, model) => {
    const messages = [
      { role: 'user', content: 'Hi' }, { role: 'assistant', content: null, tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }] },
      { role: 'tool', tool_call_id: 'a', name: 'f', content: 'ok' },
    ];
    const request = { model, max_completion_tokens: 9, messages, tools: [{ type: 'function', function: { name: 'f' } }] };
    expect(translated(findTranslator('OpenAI', output, 'ChatCompletions')!, request, { gcp: { project: 'p', region: 'r' }, unsupportedParameters: 'Strict' }).dropped).toEqual([]);
  });
