import { setTimeout as sleep } from 'node:timers/promises';
import { cohereComplaint } from './cohere-complaint';
import { FakeProvider, startFakeProvider, wish } from './fake-provider';
import { CohereChatBody, CohereEmbedBody, CohereRerankBody } from '../../src/translate/cohere/cohere-wire';

export type FakeCohere = FakeProvider;

const USAGE = { billed_units: { input_tokens: 5, output_tokens: 8 }, tokens: { input_tokens: 12, output_tokens: 8 } };

/** Cohere's chat, embed and rerank: checks path, key and body, answers with the real wire bytes. */
export function startFakeCohere(options: { readonly host?: string; readonly port?: number } = {}): Promise<FakeCohere> {
  return startFakeProvider(options, async (request, response) => {
    const json = (status: number, body: object) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const fail = (status: number, message: string) => { json(status, { id: '0b0f', message }); };
    const resource = /^\/v2\/(chat|embed|rerank)$/.exec(request.path)?.[1] as 'chat' | 'embed' | 'rerank' | undefined;
    if (request.method !== 'POST' || resource === undefined) return fail(404, `404 page not found: ${request.path}`);
    if (!/^Bearer \S+$/.test(request.headers.authorization ?? '')) return fail(401, 'no api key supplied');
    let body: object;
    try {
      body = JSON.parse(request.body.toString('utf8')) as object;
    } catch {
      return fail(400, 'invalid request: invalid JSON');
    }
    const wrong = cohereComplaint(resource, body);
    if (wrong !== undefined) return fail(422, `invalid request: ${wrong}`);
    const asked = wish(lastWords(resource, body));
    if (asked.error !== undefined) return fail(asked.error, `as asked: ${asked.error}`);
    if (resource === 'embed') {
      const { texts = [], output_dimension: length = 3 } = body as CohereEmbedBody;
      const vectors = texts.map((_, index) => Array.from({ length }, (_item, position) => (position === index ? 1 : 0)));
      return void json(200, {
        id: 'emb', embeddings: { float: vectors }, texts, meta: { api_version: { version: '2' }, billed_units: { input_tokens: texts.length } }, response_type: 'embeddings_by_type',
      });
    }
    if (resource === 'rerank') {
      const { documents, top_n: top = documents.length } = body as CohereRerankBody;
      const results = documents.map((_, index) => ({ index, relevance_score: (index + 1) / (documents.length + 1) })).reverse().slice(0, top);
      return void json(200, { id: 'rer', results, meta: { api_version: { version: '2' }, billed_units: { search_units: 1 } } });
    }
    const { tools, tool_choice: choice, stream, messages, response_format: format } = body as CohereChatBody;
    // The result of a tool is answered in words.
    const name = choice === 'NONE' || messages.at(-1)?.role === 'tool' ? undefined : tools?.[0]?.function?.name;
    const said = format === undefined ? 'Hello from Cohere.' : '{"city": "Paris"}';
    if (!stream) {
      const message = name === undefined
        ? { role: 'assistant', content: [{ type: 'text', text: said }] }
        : { role: 'assistant', tool_plan: 'I will look.', tool_calls: [{ id: `${name}_1`, type: 'function', function: { name, arguments: '{"city":"Paris"}' } }] };
      return void json(200, { id: 'chat', message, finish_reason: name === undefined ? 'COMPLETE' : 'TOOL_CALL', usage: USAGE });
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const event = (type: string, rest: object) => response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`);
    const message = (type: string, delta: object) => event(type, { index: 0, delta: { message: delta } });
    event('message-start', { id: 'chat', delta: { message: { role: 'assistant', content: [], tool_plan: '', tool_calls: [], citations: [] } } });
    if (name !== undefined) {
      message('tool-call-start', { tool_calls: { id: `${name}_1`, type: 'function', function: { name, arguments: '' } } });
      message('tool-call-delta', { tool_calls: { function: { arguments: '{"city":' } } });
      message('tool-call-delta', { tool_calls: { function: { arguments: '"Paris"}' } } });
      event('tool-call-end', { index: 0 });
    } else {
      message('content-start', { content: { type: 'text', text: '' } });
      const words = asked.slowSeconds === undefined ? said.split(/(?<= )/) : Array.from({ length: asked.slowSeconds }, (_, index) => `${index} `);
      for (const word of words) {
        if (asked.slowSeconds !== undefined) await sleep(1_000);
        if (response.destroyed) return;
        message('content-delta', { content: { text: word } });
      }
      event('content-end', { index: 0 });
    }
    event('message-end', { delta: { finish_reason: name === undefined ? 'COMPLETE' : 'TOOL_CALL', usage: USAGE } });
    response.end('data: [DONE]\n\n');
  });
}

function lastWords(resource: 'chat' | 'embed' | 'rerank', body: object): string {
  switch (resource) {
    case 'embed':
      return (body as CohereEmbedBody).texts?.[0] ?? '';
    case 'rerank':
      return (body as CohereRerankBody).query;
    case 'chat': {
      const content = (body as CohereChatBody).messages.at(-1)?.content;
      return typeof content === 'string' ? content : '';
    }
  }
}
