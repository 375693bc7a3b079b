import { BROKEN_OFF, chunksOf, readEvents } from './chat-stream';
import { ResponseTranslator } from '../../../src/translate/translator';
import { Replayed, textOf } from '../replay';

/** Usage is counted, and not shown to a client that did not ask for it. */
export function expectUsageKeptBack(answer: (request: object) => Replayed, counted: object): void {
  for (const options of [undefined, null, {}, { include_usage: false }, { include_usage: null }]) {
    const { text, usage } = answer({ stream_options: options });
    expect(usage).toEqual(counted);
    expect(chunksOf(text).filter((chunk) => chunk.usage !== undefined || chunk.choices.length === 0)).toEqual([]);
  }
}

/** Usage that the provider does not give is not made up. */
export function expectNoUsage({ text, usage }: Replayed): void {
  expect([usage, chunksOf(text).filter((chunk) => 'usage' in chunk)]).toEqual([undefined, []]);
}

/** A stream that said `Hello` and then failed: nothing comes after the error. */
export function expectHelloAndError({ text, failure }: Replayed, error: object, expectedFailure: object): void {
  expect(readEvents(text)).toEqual([
    expect.objectContaining({ choices: [expect.objectContaining({ delta: { role: 'assistant', content: 'Hello' } })] }),
    { error },
  ]);
  expect(failure).toEqual(expectedFailure);
}

/** An error before any output leaves nothing but itself, so that another backend may answer. */
export function expectErrorAlone(response: ResponseTranslator, before: Uint8Array, error: Uint8Array, failure: object): void {
  response.head({ status: 200, header: () => undefined });
  expect(response.push(before)).toHaveLength(0);
  expect(readEvents(textOf(response.push(error)))).toHaveLength(1);
  expect(response.failure).toEqual(failure);
  expect([response.end(), response.fail('x')]).toEqual([new Uint8Array(0), new Uint8Array(0)]);
}

/** Cut before any of its first `end` bytes, a stream gives the whole events that came, and then this error. */
export function expectErrorAtEveryCut(bytes: Uint8Array, end: number, answer: (chunks: readonly Uint8Array[]) => Replayed, error: unknown = BROKEN_OFF): void {
  const whole = readEvents(answer([bytes]).text);
  for (let cut = 0; cut < end; cut += 1) {
    const read = readEvents(answer([bytes.subarray(0, cut)]).text);
    expect(read.at(-1)).toEqual(error);
    expect(read.slice(0, -1)).toEqual(whole.slice(0, read.length - 1));
  }
}
