import { translators } from '../src/translate/registry';
import { ResponseTranslator, Translator } from '../src/translate/translator';
import { chatAnswer, requestBytes, streamParts, streams, translatedRequest } from '../test/translate/pair-traffic';

/**
 * `npx ts-node -T -P tsconfig.dev.json bench/translate.ts [--seconds 0.5] [--only Gemini]`: what translators cost beside JSON.parse and
 * JSON.stringify of the same bytes (read from UTF-8, written to UTF-8), without Envoy and without a network: alone, and where both have the
 * cost of an ext_proc server that does nothing else. A ratio above 1.5 is marked.
 */
const LIMIT = 1.5;
/** CPU microseconds of a no-op ext_proc in Node on our transport: a small request by the rows of `npm run bench`, and an event that comes in a message of its own. */
const NO_OP = { request: 60, event: 22 };
const EVENTS = 50;
const words = (bytes: number) => 'the quick brown fox jumps over the lazy dog '.repeat(Math.ceil(bytes / 44)).slice(0, bytes);
const TURNS = Array.from({ length: 21 }, (_, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content: words(400) }));
const ANSWER = 'All models are wrong, but some are useful. '.repeat(16);
const HEAD = (contentType: string) => ({ status: 200, header: (name: string) => (name === 'content-type' ? contentType : undefined) });

/** Endpoints whose answer is a chat of the provider's. */
const CHATS: readonly string[] = ['ChatCompletions', 'Messages', 'Responses'];

function option(name: string, otherwise: string): string {
  const index = process.argv.indexOf(name);
  return index > 0 ? process.argv[index + 1] : otherwise;
}

const ROUNDS = 12;

/** CPU microseconds of one call: the best of some rounds, after one to warm up. Other programs take wall time, and caches too. */
function microseconds(seconds: number, call: () => unknown): number {
  let best = Infinity;
  let sink = 0;
  for (let round = 0; round <= ROUNDS; round++) {
    const until = performance.now() + seconds * 1_000 / ROUNDS * (round === 0 ? 4 : 1);
    let calls = 0;
    const started = process.cpuUsage();
    do {
      for (let index = 0; index < 16; index++) sink += call() === undefined ? 0 : 1;
      calls += 16;
    } while (performance.now() < until);
    const { user, system } = process.cpuUsage(started);
    if (round > 0) best = Math.min(best, (user + system) / calls);
  }
  return sink < 0 ? NaN : best;
}

function reparsed(bytes: Uint8Array): Uint8Array {
  return Buffer.from(JSON.stringify(JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'))));
}

/** A conversation where the endpoint has one, and else one text of that length. */
function request(translator: Translator, long: boolean, more: object = {}) {
  const { endpoint } = translator;
  const turns = !long ? {} : ['ChatCompletions', 'Messages', 'CountTokens', 'Tokenize'].includes(endpoint) ? { messages: TURNS, ...endpoint === 'Tokenize' && { prompt: undefined } }
    : endpoint.startsWith('Response') ? { input: TURNS } : {};
  return requestBytes(translator, words(long ? 8_000 : 800), { ...turns, ...more });
}

interface Row {
  readonly load: string;
  readonly noOp: number;
  readonly ours: number;
  readonly json: number;
}

function exchange(translator: Translator, long: boolean, seconds: number): Row | undefined {
  const asked = request(translator, long);
  if (asked.contentType !== 'application/json') return undefined;
  const answer = CHATS.includes(translator.endpoint) && !(translator.endpoint === 'Responses' && translator.output.endsWith('OpenAI')) ? chatAnswer(translator.output, ANSWER) : undefined;
  const ours = microseconds(seconds, () => {
    const { response } = translatedRequest(translator, asked);
    if (answer === undefined) return response;
    response.head(HEAD('application/json'));
    response.push(answer);
    return response.end();
  });
  const json = microseconds(seconds, () => {
    reparsed(asked.bytes);
    return answer === undefined ? asked : reparsed(answer);
  });
  return { load: `${long ? '8 KB' : '0.8 KB'} request${answer === undefined ? '' : ' and answer'}`, noOp: NO_OP.request, ours, json };
}

/** Payloads of the events, as JSON.parse would get them from whoever found their ends. */
function payload(translator: Translator, event: Uint8Array): Uint8Array {
  const text = Buffer.from(event).toString('latin1');
  const start = text.indexOf('{');
  // A frame of an event stream has a checksum of four bytes behind the JSON.
  const json = Buffer.from(event.subarray(start, text.lastIndexOf('}') + 1));
  return translator.output === 'AWSAnthropic' ? Buffer.from((JSON.parse(json.toString()) as { bytes: string }).bytes, 'base64') : json;
}

function stream(translator: Translator, seconds: number): Row | undefined {
  if (!streams(translator) || request(translator, false).contentType !== 'application/json') return undefined;
  const { contentType, head, event, tail } = streamParts(translator);
  const asked = request(translator, false, translator.endpoint === 'Speech' ? { stream_format: 'sse' } : { stream: true });
  const events = Array.from({ length: EVENTS }, () => event('word '));
  const started = (): ResponseTranslator => {
    const { response } = translatedRequest(translator, asked);
    response.head(HEAD(contentType));
    response.push(head);
    return response;
  };
  const whole = microseconds(seconds, () => {
    const response = started();
    for (const one of events) response.push(one);
    response.push(tail);
    return response.end();
  });
  const rest = microseconds(seconds, () => {
    const response = started();
    response.push(tail);
    return response.end();
  });
  const payloads = events.map((one) => payload(translator, one));
  const json = microseconds(seconds, () => payloads.forEach(reparsed));
  return { load: 'stream event', noOp: NO_OP.event, ours: (whole - rest) / EVENTS, json: json / EVENTS };
}

function main(): void {
  const seconds = Number(option('--seconds', '0.5'));
  const only = option('--only', '');
  if (!(seconds > 0 && seconds <= 10)) throw new Error(`--seconds takes a number up to 10, not ${option('--seconds', '')}`);
  const marked = (ratio: number) => `${ratio.toFixed(2)}${ratio > LIMIT ? ' !' : ''}`;
  console.log('| pair | load | translator us | JSON us | x | x with a no-op ext_proc |\n|---|---|---|---|---|---|');
  for (const translator of translators()) {
    const pair = `${translator.input} to ${translator.output}, ${translator.endpoint}`;
    if (!pair.includes(only)) continue;
    for (const row of [exchange(translator, false, seconds), exchange(translator, true, seconds), stream(translator, seconds)]) {
      if (row === undefined) continue;
      const { load, noOp, ours, json } = row;
      console.log(`| ${pair} | ${load} | ${ours.toFixed(2)} | ${json.toFixed(2)} | ${marked(ours / json)} | ${marked((noOp + ours) / (noOp + json))} |`);
    }
  }
}

main();
