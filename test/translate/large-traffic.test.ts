import { requestBytes, streamParts, streams, translatedRequest } from './pair-traffic';
import { textOf } from './replay';
import { joinedBody } from '../../src/translate/body-pieces';
import { translators } from '../../src/translate/registry';
import { ResponseTranslator, Translator } from '../../src/translate/translator';
import { memoryUsed } from '../memory-used';

jest.setTimeout(60_000);

const name = ({ input, output, endpoint }: Translator) => [`${input} to ${output}, ${endpoint}`] as const;
const all = translators().map((translator) => [...name(translator), translator] as const);

describe('a stream of 10,000 events', () => {
  const EVENTS = 10_000;
  const TEXT_LENGTH = 200;

  function answering(translator: Translator): ResponseTranslator {
    const { contentType, head } = streamParts(translator);
    const more = translator.endpoint === 'Speech' ? { stream_format: 'sse' } : { stream: true };
    const { response } = translatedRequest(translator, requestBytes(translator, 'Hi', more));
    response.head({ status: 200, header: (header) => (header === 'content-type' ? contentType : undefined) });
    response.push(head);
    return response;
  }

  /** Bytes that came out. Every text is another one, so that none stands for the others in memory. */
  function pushed(response: ResponseTranslator, translator: Translator, from: number, to: number): number {
    const { event } = streamParts(translator);
    let written = 0;
    for (let index = from; index < to; index++) {
      written += response.push(event(`${index} `.padEnd(TEXT_LENGTH, 'word '))).length;
    }
    return written;
  }

  test.each(all.filter(([, translator]) => streams(translator)))('%s: what is kept does not grow', (_, translator) => {
    const response = answering(translator);
    const warm = 1_000;
    pushed(response, translator, 0, warm);
    const before = memoryUsed();
    const written = pushed(response, translator, warm, EVENTS);
    const grown = memoryUsed() - before;
    // THEN
    expect(written).toBeGreaterThan((EVENTS - warm) * TEXT_LENGTH);
    // A response ends in an event that has its whole text.
    const keepsText = translator.endpoint === 'Responses' && !translator.output.endsWith('OpenAI');
    const text = (EVENTS - warm) * TEXT_LENGTH;
    expect(grown).toBeLessThan(keepsText ? text * 2 : text / 4);
    const rest = textOf(response.push(streamParts(translator).tail)) + textOf(response.end());
    expect([response.failure, response.usage?.outputTokens]).toEqual([undefined, 50]);
    expect(rest.length).toBeLessThan(keepsText ? EVENTS * TEXT_LENGTH * 5 : 10_000);
  });
});

describe('a body of 20 MB', () => {
  const SIZE = 20 * 1024 * 1024;
  const text = 'the quick brown fox jumps over the lazy dog '.repeat(SIZE / 44);

  test.each(all)('%s: passes', (_, translator) => {
    const { body, dropped } = translatedRequest(translator, requestBytes(translator, text));
    expect(dropped).toEqual([]);
    // Nothing of it got lost; what there is no body of goes upstream as it came.
    expect(body?.length ?? SIZE).toBeGreaterThan(text.length - 1);
  });

  const image = Buffer.alloc(SIZE * 3 / 4, 'image of some bytes').toString('base64');
  const withImage: Readonly<Record<string, (url: string) => object>> = {
    ChatCompletions: (url) => ({ messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }] }),
    Responses: (url) => ({ input: [{ role: 'user', content: [{ type: 'input_image', image_url: url, detail: 'auto' }] }] }),
    Messages: () => ({ messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: image } }] }] }),
  };

  test.each(all.filter(([, { endpoint }]) => endpoint in withImage))('%s: an image in it passes', (_, translator) => {
    const { body } = translatedRequest(translator, requestBytes(translator, '', withImage[translator.endpoint](`data:image/png;base64,${image}`)));
    expect(body === undefined || Buffer.from(joinedBody(body)).includes(image)).toBe(true);
  });
});
