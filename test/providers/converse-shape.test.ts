import { BedrockRuntimeClient, ConverseCommand, ConverseRequest } from '@aws-sdk/client-bedrock-runtime';
import { converseComplaint } from './converse-complaint';
import { shapeComplaint } from './converse-shape';

const BODY = {
  messages: [
    {
      role: 'user',
      content: [
        { text: 'Hi' }, { image: { format: 'png', source: { bytes: 'iVBORw0KGgo=' } } }, { document: { format: 'pdf', name: 'a', source: { bytes: 'JVBERi0xLjcK' } } },
        { audio: { format: 'wav', source: { bytes: 'UklGRg==' } } }, { cachePoint: { type: 'default', ttl: '1h' } },
      ],
    },
    {
      role: 'assistant',
      content: [
        { reasoningContent: { reasoningText: { text: 'Hm.', signature: 's' } } }, { reasoningContent: { redactedContent: 'c2VjcmV0' } },
        { toolUse: { toolUseId: '1', name: 'f', input: { bytes: 'as it is', nested: [{ a: null }] } } },
      ],
    },
    { role: 'user', content: [{ toolResult: { toolUseId: '1', content: [{ text: 'x' }, { image: { format: 'gif', source: { bytes: 'R0lGOA==' } } }] } }] },
  ],
  system: [{ text: 'Be kind.' }, { cachePoint: { type: 'default' } }],
  inferenceConfig: { maxTokens: 5, temperature: 0.5, topP: 0.9, stopSequences: ['END'] },
  toolConfig: {
    tools: [{ toolSpec: { name: 'f', description: 'd', strict: true, inputSchema: { json: { type: 'object' } } } }, { cachePoint: { type: 'default' } }],
    toolChoice: { any: {} },
  },
  additionalModelRequestFields: { thinking: { type: 'adaptive' } },
  outputConfig: { textFormat: { type: 'json_schema', structure: { jsonSchema: { name: 'a', schema: '{}' } } }, effort: 'low' },
  requestMetadata: { team: 'a' },
  serviceTier: { type: 'flex' },
};

/** What the AWS SDK's serializer makes of a body; nothing is sent. */
async function serializedBySdk(body: unknown): Promise<unknown> {
  const bodies: string[] = [];
  const client = new BedrockRuntimeClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    maxAttempts: 1,
    requestHandler: {
      handle: async (request: { readonly body: Uint8Array }) => {
        bodies.push(new TextDecoder().decode(request.body));
        throw new Error('not sent');
      },
    },
  });
  await expect(client.send(new ConverseCommand({ ...withBytes(body) as ConverseRequest, modelId: 'a' }))).rejects.toThrow('not sent');
  return JSON.parse(bodies[0]);
}

/** The SDK's own form of a wire body: bytes where the wire has base64. */
function withBytes(value: unknown, key = ''): unknown {
  if (['input', 'json', 'additionalModelRequestFields'].includes(key)) return value;
  if (typeof value === 'string') return ['bytes', 'redactedContent'].includes(key) ? Uint8Array.from(Buffer.from(value, 'base64')) : value;
  if (Array.isArray(value)) return value.map((item) => withBytes(item));
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withBytes(member, name)])) : value;
}

test('a body that the SDK writes as it is has no complaint', async () => {
  expect(await serializedBySdk(BODY)).toEqual(BODY);
  expect(converseComplaint(BODY)).toBeUndefined();
});

test.each<[string, object]>([
  ['a member on top', { max_tokens: 5 }],
  ['a member of a structure', { inferenceConfig: { max_tokens: 5 } }],
  ['a member of a block', { messages: [{ role: 'user', content: [{ text: 'Hi', cache_control: {} }] }] }],
  ['a block', { messages: [{ role: 'user', content: [{ text: 'Hi' }, { hologram: {} }] }] }],
])('what the SDK leaves out is a complaint: %s', async (_, wrong) => {
  const body = { ...BODY, ...wrong };
  expect(await serializedBySdk(body)).not.toEqual(body);
  expect(shapeComplaint(body)).toMatch(/: no such member$/);
});

test.each<[object, string]>([
  [{ messages: 'Hi' }, 'body.messages: no list'],
  [{ messages: [{ role: 'user' }] }, 'body.messages.0.content: missing'],
  [{ messages: [{ role: 'user', content: [{ text: 5 }] }] }, 'body.messages.0.content.0.text: no string'],
  [{ messages: [{ role: 'user', content: [{}] }] }, 'body.messages.0.content.0: a union has one member, not 0'],
  [{ messages: [{ role: 'user', content: [{ text: 'a', cachePoint: { type: 'default' } }] }] }, 'body.messages.0.content.0: a union has one member, not 2'],
  [{ messages: [{ role: 'user', content: [{ image: { format: 'png', source: { bytes: 'AAA' } } }] }] }, 'body.messages.0.content.0.image.source.bytes: no base64'],
  [{ inferenceConfig: { maxTokens: '5' } }, 'body.inferenceConfig.maxTokens: no number'],
  [{ requestMetadata: { a: 5 } }, 'body.requestMetadata.a: no string'],
  [{ toolConfig: { tools: [{ toolSpec: { name: 'f', strict: 'yes', inputSchema: { json: {} } } }] } }, 'body.toolConfig.tools.0.toolSpec.strict: no boolean'],
])('%j: %s', (wrong, complaint) => {
  expect(shapeComplaint({ ...BODY, ...wrong })).toBe(complaint);
});

test.each<[object, string]>([
  [{ messages: [] }, 'messages must not be empty'],
  [{ messages: [{ role: 'assistant', content: [{ text: 'Hi' }] }] }, 'begin with user'],
  [{ messages: [{ role: 'user', content: [{ text: ' ' }] }] }, 'text must not be blank'],
  [{ messages: [{ role: 'user', content: [{ cachePoint: { type: 'default' } }] }] }, 'must follow what it caches'],
  [{ messages: BODY.messages.slice(0, 2).concat({ role: 'user', content: [{ text: 'x' }] }) }, 'toolUse 1 has no toolResult'],
  [{ messages: [BODY.messages[0], BODY.messages[2]] }, 'roles must alternate'],
  [{ toolConfig: undefined }, 'toolConfig'],
  [{ toolConfig: { tools: [{ toolSpec: { name: 'a.b', inputSchema: { json: { type: 'object' } } } }] } }, 'name of the tool'],
  [{ inferenceConfig: { temperature: 1.5 } }, 'temperature'],
  [{ inferenceConfig: { stopSequences: [''] } }, 'stopSequences'],
])('%j: Converse refuses it, %s', (wrong, complaint) => {
  expect(converseComplaint({ ...BODY, ...wrong })).toContain(complaint);
});
