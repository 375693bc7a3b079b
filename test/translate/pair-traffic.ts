import { formOf, formType } from './multipart/form';
import { bytesOf } from './replay';
import { OutputSchemaName } from '../../src/resources/schema-name';
import { readRequestBody } from '../../src/translate/scan-request-body';
import { Endpoint, TranslatedRequest, Translator } from '../../src/translate/translator';
import { chunkFrame, messageEvent } from '../providers/fake-anthropic';
import { eventFrame } from '../providers/fake-bedrock';

/** What goes over the wire for a pair and endpoint, in any size: requests of clients, answers and streams of providers. */
export interface StreamParts {
  readonly contentType: string;
  readonly head: Uint8Array;
  /** One event with this text. */
  event(text: string): Uint8Array;
  readonly tail: Uint8Array;
}

const CLAUDE = { Anthropic: 'claude-sonnet-4-5', AWSAnthropic: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', GCPAnthropic: 'claude-sonnet-4-5@20250929' };
const MODELS: Readonly<Record<OutputSchemaName, string>> = {
  ...CLAUDE, OpenAI: 'gpt-5.2', AzureOpenAI: 'my-deployment', AWSBedrock: CLAUDE.AWSAnthropic, GCPVertexAI: 'gemini-3-flash', Cohere: 'command-a-03-2025',
};
const EMBEDDING_MODELS: Readonly<Partial<Record<OutputSchemaName, string>>> = {
  AWSBedrock: 'amazon.titan-embed-text-v2:0', GCPVertexAI: 'gemini-embedding-001', Cohere: 'embed-v4.0',
};
const BOUNDARY = 'boundary-of-the-traffic';

function upstreamModel({ output, endpoint }: Translator): string {
  return (endpoint === 'Embeddings' ? EMBEDDING_MODELS[output] : undefined) ?? MODELS[output];
}

/** A request of the client's with this text in it; `more`: other fields. */
export function requestBytes({ input, endpoint }: Translator, text: string, more: object = {}): { readonly bytes: Uint8Array; readonly contentType: string } {
  const json = (fields: object) => ({ bytes: bytesOf(JSON.stringify({ model: 'asked-for', ...fields, ...more })), contentType: 'application/json' });
  const messages = [{ role: 'user', content: text }];
  switch (endpoint) {
    case 'ChatCompletions':
      return json({ messages });
    case 'Messages':
      return json({ max_tokens: 1_000, messages });
    case 'CountTokens':
      return json({ messages });
    case 'Responses':
    case 'ResponseInputTokens':
    case 'Embeddings':
      return json({ input: text });
    case 'Completions':
    case 'ImageGenerations':
    case 'Tokenize':
      return json({ prompt: text });
    case 'Speech':
      return json({ input: text, voice: 'alloy' });
    case 'Rerank':
      return json({ query: 'which?', documents: [text, 'another'] });
    case 'Transcriptions':
    case 'Translations': {
      const fields = Object.entries({ model: 'asked-for', ...more }).map(([name, content]) => ({ name, content: String(content) }));
      return { bytes: formOf(BOUNDARY, [{ name: 'file', fileName: 'a.wav', content: text }, ...fields]), contentType: formType(BOUNDARY) };
    }
    case 'Models':
      throw new Error(`${input} has no body for ${endpoint}`);
  }
}

/** The request on its way to the provider. */
export function translatedRequest(translator: Translator, { bytes, contentType }: ReturnType<typeof requestBytes>): TranslatedRequest {
  const body = readRequestBody(bytes, contentType);
  return translator.translate(body, {
    endpoint: translator.endpoint,
    requestedModel: body.model,
    upstreamModel: upstreamModel(translator),
    output: { schema: translator.output },
    gcp: { project: 'p', region: 'us-central1' },
    unsupportedParameters: 'Safe',
    clientHeader: () => undefined,
    environment: { now: () => 1_741_569_952_000, id: (prefix) => `${prefix}1` },
  });
}

/** Endpoints whose answers come in events. */
export function streams({ endpoint }: Translator): boolean {
  return endpoint in OPENAI_STREAMS || endpoint === 'Messages';
}

/** A provider's stream for the endpoint. */
export function streamParts({ input, output, endpoint }: Translator): StreamParts {
  switch (output) {
    case 'OpenAI':
    case 'AzureOpenAI': {
      const parts = OPENAI_STREAMS[input === 'Anthropic' ? 'ChatCompletions' : endpoint];
      if (parts) return parts;
      throw new Error(`${endpoint} does not stream`);
    }
    case 'Anthropic':
    case 'GCPAnthropic':
      return claudeStream((event) => bytesOf(messageEvent(event)), 'text/event-stream');
    case 'AWSAnthropic':
      return claudeStream(chunkFrame, 'application/vnd.amazon.eventstream');
    case 'AWSBedrock':
      return CONVERSE_STREAM;
    case 'GCPVertexAI':
      return GEMINI_STREAM;
    case 'Cohere':
      return COHERE_STREAM;
  }
}

/** A provider's whole answer to a chat with this text. */
export function chatAnswer(output: OutputSchemaName, text: string): Uint8Array {
  return bytesOf(JSON.stringify(chatAnswerJson(output, text)));
}

function chatAnswerJson(output: OutputSchemaName, text: string): object {
  switch (output) {
    case 'OpenAI':
    case 'AzureOpenAI':
      return { ...CHUNK, object: 'chat.completion', choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }], usage: OPENAI_USAGE };
    case 'Anthropic':
    case 'AWSAnthropic':
    case 'GCPAnthropic':
      return {
        id: 'msg_1', type: 'message', role: 'assistant', model: 'claude', content: [{ type: 'text', text }], stop_reason: 'end_turn', stop_sequence: null, usage: CLAUDE_USAGE,
      };
    case 'AWSBedrock':
      return { output: { message: { role: 'assistant', content: [{ text }] } }, stopReason: 'end_turn', usage: CONVERSE_USAGE, metrics: { latencyMs: 5 } };
    case 'GCPVertexAI':
      return { candidates: [{ content: { role: 'model', parts: [{ text }] }, finishReason: 'STOP', index: 0 }], usageMetadata: GEMINI_USAGE, modelVersion: 'gemini', responseId: 'r' };
    case 'Cohere':
      return { id: 'c', message: { role: 'assistant', content: [{ type: 'text', text }] }, finish_reason: 'COMPLETE', usage: COHERE_USAGE };
  }
}

const OPENAI_USAGE = { prompt_tokens: 20, completion_tokens: 50, total_tokens: 70 };
const CLAUDE_USAGE = { input_tokens: 20, output_tokens: 50, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 };
const CONVERSE_USAGE = { inputTokens: 20, outputTokens: 50, totalTokens: 70 };
const GEMINI_USAGE = { promptTokenCount: 20, candidatesTokenCount: 50, totalTokenCount: 70 };
const COHERE_USAGE = { billed_units: { input_tokens: 20, output_tokens: 50 }, tokens: { input_tokens: 20, output_tokens: 50 } };
const CHUNK = { id: 'chatcmpl-1', created: 1_700_000_000, model: 'gpt-5.2' };

function sse(event: object | string, name?: string): Uint8Array {
  return bytesOf(`${name === undefined ? '' : `event: ${name}\n`}data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`);
}

function together(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

const chunk = (delta: object, finish: string | null = null) => sse({ ...CHUNK, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] });
const completion = (text: string, finish: string | null = null) => sse({ ...CHUNK, object: 'text_completion', choices: [{ index: 0, text, finish_reason: finish, logprobs: null }] });
const named = (event: { readonly type: string }) => sse(event, event.type);
const TOKENS = { input_tokens: 20, output_tokens: 50, total_tokens: 70 };
const SSE_TYPE = { contentType: 'text/event-stream' };
const NONE = new Uint8Array(0);

const OPENAI_STREAMS: Readonly<Partial<Record<Endpoint, StreamParts>>> = {
  ChatCompletions: {
    ...SSE_TYPE,
    head: chunk({ role: 'assistant', content: '' }),
    event: (content) => chunk({ content }),
    tail: together(chunk({}, 'stop'), sse({ ...CHUNK, object: 'chat.completion.chunk', choices: [], usage: OPENAI_USAGE }), sse('[DONE]')),
  },
  Completions: {
    ...SSE_TYPE,
    head: NONE,
    event: (text) => completion(text),
    tail: together(completion('', 'stop'), sse({ ...CHUNK, object: 'text_completion', choices: [], usage: OPENAI_USAGE }), sse('[DONE]')),
  },
  Responses: {
    ...SSE_TYPE,
    head: named({ type: 'response.created', ...{ response: { id: 'resp_1', object: 'response', status: 'in_progress', output: [] } } }),
    event: (delta) => named({ type: 'response.output_text.delta', ...{ item_id: 'msg_1', output_index: 0, content_index: 0, delta } }),
    tail: named({ type: 'response.completed', ...{ response: { id: 'resp_1', object: 'response', status: 'completed', output: [], usage: TOKENS } } }),
  },
  ImageGenerations: {
    ...SSE_TYPE,
    head: NONE,
    event: (text) => named({ type: 'image_generation.partial_image', ...{ b64_json: text, partial_image_index: 0 } }),
    tail: named({ type: 'image_generation.completed', ...{ b64_json: 'AAEC', usage: TOKENS } }),
  },
  Speech: {
    ...SSE_TYPE, head: NONE, event: (audio) => sse({ type: 'speech.audio.delta', audio }), tail: sse({ type: 'speech.audio.done', usage: TOKENS }),
  },
  Transcriptions: {
    ...SSE_TYPE,
    head: NONE,
    event: (delta) => sse({ type: 'transcript.text.delta', delta }),
    tail: sse({ type: 'transcript.text.done', text: '', usage: { type: 'tokens', ...TOKENS } }),
  },
};

function claudeStream(frame: (event: { readonly type: string }) => Uint8Array, contentType: string): StreamParts {
  const event = (type: string, rest: object) => frame({ type, ...rest });
  return {
    contentType,
    head: together(
      event('message_start', { message: { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude', content: [], stop_reason: null, stop_sequence: null, usage: CLAUDE_USAGE } }),
      event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
    ),
    event: (text) => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } }),
    tail: together(
      event('content_block_stop', { index: 0 }),
      event('message_delta', { delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 50 } }),
      event('message_stop', {}),
    ),
  };
}

const CONVERSE_STREAM: StreamParts = {
  contentType: 'application/vnd.amazon.eventstream',
  head: eventFrame('messageStart', { role: 'assistant' }),
  event: (text) => eventFrame('contentBlockDelta', { contentBlockIndex: 0, delta: { text } }),
  tail: together(
    eventFrame('contentBlockStop', { contentBlockIndex: 0 }), eventFrame('messageStop', { stopReason: 'end_turn' }),
    eventFrame('metadata', { usage: CONVERSE_USAGE, metrics: { latencyMs: 5 } }),
  ),
};

const geminiEvent = (text: string, more: object = {}, usageMetadata: object = { trafficType: 'ON_DEMAND' }) =>
  sse({ candidates: [{ content: { role: 'model', parts: [{ text }] }, index: 0, ...more }], usageMetadata, modelVersion: 'gemini-3-flash', responseId: 'r' });

const GEMINI_STREAM: StreamParts = { ...SSE_TYPE, head: NONE, event: (text) => geminiEvent(text), tail: geminiEvent('', { finishReason: 'STOP' }, GEMINI_USAGE) };

const COHERE_STREAM: StreamParts = {
  ...SSE_TYPE,
  head: together(
    named({ type: 'message-start', ...{ id: 'c', delta: { message: { role: 'assistant', content: [], tool_plan: '', tool_calls: [], citations: [] } } } }),
    named({ type: 'content-start', ...{ index: 0, delta: { message: { content: { type: 'text', text: '' } } } } }),
  ),
  event: (text) => named({ type: 'content-delta', ...{ index: 0, delta: { message: { content: { text } } } } }),
  tail: together(named({ type: 'content-end', ...{ index: 0 } }), named({ type: 'message-end', ...{ delta: { finish_reason: 'COMPLETE', usage: COHERE_USAGE } } }), sse('[DONE]')),
};
