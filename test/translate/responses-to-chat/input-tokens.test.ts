import type { InputTokenCountParams } from 'openai/resources/responses/input-tokens';
import { answered, bodyOf, droppedBy, MODELS, Output, OUTPUTS, refusal, respond, responsesTo } from './responses';
import { messagesComplaint } from '../../providers/messages-complaint';

const REQUEST: Partial<InputTokenCountParams> = {
  instructions: 'Be kind.',
  reasoning: { effort: 'low' },
  parallel_tool_calls: false,
  tools: [{ type: 'function', name: 'f', parameters: { type: 'object', properties: {} }, strict: false }],
};

const PATHS: Readonly<Record<Output, string>> = {
  Anthropic: '/v1/messages/count_tokens',
  AWSBedrock: '/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/count-tokens',
  AWSAnthropic: '/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/count-tokens',
  GCPVertexAI: '/v1/projects/p/locations/us-central1/publishers/google/models/gemini-3-flash:countTokens',
  GCPAnthropic: '/v1/projects/p/locations/us-central1/publishers/anthropic/models/count-tokens:rawPredict',
};

const ANSWERS: Readonly<Record<Output, object>> = {
  Anthropic: { input_tokens: 14 },
  AWSBedrock: { inputTokens: 14 },
  AWSAnthropic: { inputTokens: 14 },
  GCPVertexAI: { totalTokens: 14, promptTokensDetails: [] },
  GCPAnthropic: { input_tokens: 14 },
};

describe.each(OUTPUTS)('%s', (output) => {
  const to = responsesTo(output, 'ResponseInputTokens');

  test('counts what it would be sent', () => {
    const request = respond(to, REQUEST);
    expect([request.method, request.path, request.stream]).toEqual(['POST', PATHS[output], false]);
    const body = bodyOf(request);
    switch (output) {
      case 'AWSBedrock':
        expect(body).toEqual({
          input: {
            converse: {
              messages: [{ role: 'user', content: [{ text: 'Hi' }] }],
              system: [{ text: 'Be kind.' }],
              toolConfig: { tools: [{ toolSpec: { name: 'f', inputSchema: { json: { type: 'object', properties: {} } } } }] },
              additionalModelRequestFields: expect.objectContaining({ thinking: { type: 'enabled', budget_tokens: 2048 } }) as object,
            },
          },
        });
        break;
      case 'AWSAnthropic': {
        const invoked = JSON.parse(Buffer.from((body.input as { invokeModel: { body: string } }).invokeModel.body, 'base64').toString()) as object;
        expect(invoked).toMatchObject({ anthropic_version: 'bedrock-2023-05-31', max_tokens: 2049, messages: [{ role: 'user' }], thinking: { budget_tokens: 2048 }, tools: [{ name: 'f' }] });
        break;
      }
      case 'GCPVertexAI':
        expect(body).toMatchObject({ contents: [{ role: 'user', parts: [{ text: 'Hi' }] }], systemInstruction: { parts: [{ text: 'Be kind.' }] }, tools: [{ functionDeclarations: [{ name: 'f' }] }] });
        break;
      default:
        expect(body).toMatchObject({ messages: [{ role: 'user' }], system: [{ text: 'Be kind.' }], thinking: { budget_tokens: 2048 }, tools: [{ name: 'f' }] });
        expect(body).not.toHaveProperty('max_tokens');
        expect(messagesComplaint(body, output, true)).toBeUndefined();
    }
  });

  test('the count is that of the Responses API', () => {
    const { text, head, usage, failure } = answered(to, ANSWERS[output]);
    expect([head.status, JSON.parse(text), usage, failure]).toEqual([200, { object: 'response.input_tokens', input_tokens: 14 }, undefined, undefined]);
  });

  test('B30 errors are in OpenAI\'s envelope', () => {
    const { text, head } = answered(to, { message: 'No such model', error: { message: 'No such model', status: 'NOT_FOUND', code: 404 } }, {}, 404);
    expect([head.status, JSON.parse(text)]).toMatchObject([404, { error: { message: 'No such model', type: 'invalid_request_error' } }]);
  });

  test.each(['null', '5', '{"inputTokens":"14","input_tokens":-1,"totalTokens":1.5}', '<html>'])('an answer that is no count: %s', (answer) => {
    const { text, failure } = answered(to, answer);
    expect(JSON.parse(text)).toMatchObject({ error: { code: 'upstream_broke_off' } });
    expect(failure).toMatchObject({ status: 502 });
  });

  test('what it cannot take is said of the client\'s request', () => {
    expect(refusal(to, { previous_response_id: 'resp_1' })).toMatchObject({ code: 'unsupported_parameter', param: 'previous_response_id' });
    expect(refusal(to, { input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'ftp://a' }] }] })).toMatchObject({ param: 'input[0].content[0].image_url' });
    expect(droppedBy(to, { personality: 'friendly' })).toEqual(['personality']);
  });

  test('no limit of the answer is needed', () => {
    expect(() => respond(to, { model: MODELS[output].replace('sonnet', 'poem') })).not.toThrow();
  });
});

test('the Gemini API takes all but contents inside the request', () => {
  const request = respond(responsesTo('GCPVertexAI', 'ResponseInputTokens'), REQUEST, { gcp: undefined });
  expect(request.path).toBe('/v1beta/models/gemini-3-flash:countTokens');
  expect(bodyOf(request)).toMatchObject({ generateContentRequest: { model: 'models/gemini-3-flash', contents: [{}], systemInstruction: {} } });
});
