import type OpenAI from 'openai';
import { FakeHandler, RecordedRequest, wish } from './fake-provider';
import { fail } from './openai-failure';

const USAGE: OpenAI.Responses.ResponseUsage = {
  input_tokens: 11, input_tokens_details: { cached_tokens: 3, cache_write_tokens: 0 }, output_tokens: 7, output_tokens_details: { reasoning_tokens: 2 }, total_tokens: 18,
};
const TEXT = 'Hello from the Responses API.';

type Body = OpenAI.Responses.ResponseCreateParams;

/** POST /v1/responses, plain and streamed. */
export const answerResponses: FakeHandler = (request, response) => {
  const body = parsed(request);
  const text = body && wordsOf(body.input);
  if (body === undefined || text === undefined) return fail(response, 400, 'model and input are required', 'invalid_request_error');
  const { error } = wish(text);
  if (error !== undefined) return fail(response, error, `as asked: ${error}`, error === 429 ? 'rate_limit_error' : 'server_error');
  const tool = body.tools?.find((candidate) => candidate.type === 'function');
  const item = tool
    ? { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: tool.name, arguments: '{"city":"Paris"}', status: 'completed' }
    : { type: 'message', id: 'msg_1', role: 'assistant', status: 'completed', content: [{ type: 'output_text', text: TEXT, annotations: [] }] };
  const answer = {
    id: 'resp_1',
    object: 'response',
    created_at: 1_700_000_000,
    status: 'completed',
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    model: body.model,
    output: [item],
    parallel_tool_calls: true,
    temperature: 1,
    tool_choice: 'auto',
    tools: body.tools ?? [],
    top_p: 1,
    usage: USAGE,
  };
  if (body.stream !== true) {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  let sequence = 0;
  const event = (type: string, more: object) => response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...more, sequence_number: sequence++ })}\n\n`);
  const begun = { ...answer, status: 'in_progress', output: [], usage: null };
  event('response.created', { response: begun });
  event('response.in_progress', { response: begun });
  const place = { item_id: item.id, output_index: 0 };
  if (tool) {
    event('response.output_item.added', { output_index: 0, item: { ...item, arguments: '', status: 'in_progress' } });
    event('response.function_call_arguments.delta', { ...place, delta: '{"city":"Paris"}' });
    event('response.function_call_arguments.done', { ...place, name: tool.name, arguments: '{"city":"Paris"}' });
  } else {
    const part = { type: 'output_text', text: '', annotations: [] };
    event('response.output_item.added', { output_index: 0, item: { ...item, content: [], status: 'in_progress' } });
    event('response.content_part.added', { ...place, content_index: 0, part });
    for (const delta of TEXT.split(/(?<= )/)) event('response.output_text.delta', { ...place, content_index: 0, delta, logprobs: [] });
    if (text === 'break off') {
      // Once what was written is on its way.
      response.write(': the next event\n', () => setTimeout(() => response.destroy(), 50));
      return;
    }
    event('response.output_text.done', { ...place, content_index: 0, text: TEXT, logprobs: [] });
    event('response.content_part.done', { ...place, content_index: 0, part: { ...part, text: TEXT } });
  }
  event('response.output_item.done', { output_index: 0, item });
  event('response.completed', { response: answer });
  response.end();
};

/** POST /v1/responses/input_tokens. */
export const answerInputTokens: FakeHandler = (request, response) => {
  const body = parsed(request);
  if (body === undefined || wordsOf(body.input) === undefined) return fail(response, 400, 'model and input are required', 'invalid_request_error');
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ object: 'response.input_tokens', input_tokens: 11 }));
};

function parsed(request: RecordedRequest): Body | undefined {
  try {
    const body = JSON.parse(request.body.toString('utf8')) as Body;
    // `stream_options` of chat completions are refused: "Unknown parameter: 'stream_options.include_usage'".
    return typeof body.model === 'string' && !('include_usage' in (body.stream_options ?? {})) ? body : undefined;
  } catch {
    return undefined;
  }
}

/** The words of the last input item; `undefined`: no input. */
function wordsOf(input: Body['input']): string | undefined {
  if (typeof input === 'string') return input;
  const last = Array.isArray(input) ? input.at(-1) : undefined;
  if (last === undefined) return undefined;
  return 'content' in last && typeof last.content === 'string' ? last.content : '';
}
