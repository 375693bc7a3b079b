import { createServer } from 'node:http';
import { EventStreamCodec } from '@smithy/eventstream-codec';
import { fromUtf8, toUtf8 } from '@smithy/util-utf8';
import { PORTS } from './envoy-config';
import { OutputSchemaName } from '../src/resources/schema-name';
import { findTranslator } from '../src/translate/registry';
import { chatAnswer, streamParts } from '../test/translate/pair-traffic';

/** The providers' answers, made once; the path and the words of the request decide which one is sent. */
const EVENTS = 50;
const TEXT = 'All models are wrong, but some are useful. '.repeat(16);

const chunk = (delta: unknown, finish: string | null) => `data: ${JSON.stringify({
  id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'llama3-70b', choices: [{ index: 0, delta, finish_reason: finish }],
})}\n\n`;

const usage = { prompt_tokens: 20, completion_tokens: 50, total_tokens: 70 };
const openAi = Buffer.from(JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'llama3-70b',
  usage,
  choices: [{ index: 0, message: { role: 'assistant', content: TEXT }, finish_reason: 'stop' }],
}));
const openAiStream = Buffer.from([
  ...Array.from({ length: EVENTS }, (_, index) => chunk(index === 0 ? { role: 'assistant', content: 'word ' } : { content: 'word ' }, null)),
  chunk({}, 'stop'),
  `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'llama3-70b', choices: [], usage })}\n\n`,
  'data: [DONE]\n\n',
].join(''));

const codec = new EventStreamCodec(toUtf8, fromUtf8);
const event = (type: string, payload: unknown) => codec.encode({
  headers: {
    ':event-type': { type: 'string', value: type }, ':content-type': { type: 'string', value: 'application/json' }, ':message-type': { type: 'string', value: 'event' },
  },
  body: fromUtf8(JSON.stringify(payload)),
});
const converseUsage = { inputTokens: 20, outputTokens: 50, totalTokens: 70 };
const converse = Buffer.from(JSON.stringify({
  output: { message: { role: 'assistant', content: [{ text: TEXT }] } }, stopReason: 'end_turn', usage: converseUsage, metrics: { latencyMs: 5 },
}));
const converseStream = Buffer.concat([
  event('messageStart', { role: 'assistant' }),
  ...Array.from({ length: EVENTS }, () => event('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'word ' } })),
  event('contentBlockStop', { contentBlockIndex: 0 }),
  event('messageStop', { stopReason: 'end_turn' }),
  event('metadata', { usage: converseUsage, metrics: { latencyMs: 5 } }),
]);

function answersOf(output: OutputSchemaName): { readonly plain: Buffer; readonly stream: Buffer } {
  const translator = findTranslator('OpenAI', output, 'ChatCompletions');
  if (translator === undefined) throw new Error(`no chat of ${output}`);
  const { head, event: word, tail } = streamParts(translator);
  return { plain: Buffer.from(chatAnswer(output, TEXT)), stream: Buffer.concat([head, ...Array.from({ length: EVENTS }, () => word('word ')), tail]) };
}

const claude = answersOf('Anthropic');
const gemini = answersOf('GCPVertexAI');
const EVENT_STREAM = 'text/event-stream';
const JSON_TYPE = 'application/json';

/** Content type and body. */
function answer(path: string, streams: boolean): readonly [string, Buffer] {
  if (path.endsWith('/converse-stream')) return ['application/vnd.amazon.eventstream', converseStream];
  if (path.endsWith('/converse')) return [JSON_TYPE, converse];
  if (path.includes(':streamGenerateContent')) return [EVENT_STREAM, gemini.stream];
  if (path.endsWith(':generateContent')) return [JSON_TYPE, gemini.plain];
  const { plain, stream } = path.endsWith('/messages') ? claude : { plain: openAi, stream: openAiStream };
  return streams ? [EVENT_STREAM, stream] : [JSON_TYPE, plain];
}

createServer((request, response) => {
  let streams = false;
  request.on('data', (bytes: Buffer) => { streams ||= bytes.length < 65_536 && bytes.includes('"stream":true'); });
  request.on('end', () => {
    const [type, body] = answer(request.url ?? '', streams);
    response.writeHead(200, type === JSON_TYPE ? { 'content-type': type, 'content-length': body.length } : { 'content-type': type });
    response.end(body);
  });
}).listen(PORTS.upstream, '127.0.0.1');

process.on('SIGTERM', () => process.exit(0));
