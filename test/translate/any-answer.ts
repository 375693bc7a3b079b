import * as fc from 'fast-check';
import { concatBytes } from '../../src/translate/concat-bytes';
import { ResponseTranslator } from '../../src/translate/translator';

/** JSON with members of these names and these values, in any shape. `node`: objects alone. */
export function anyJson(names: readonly string[], values: readonly unknown[]) {
  return fc.letrec<{ tree: unknown; node: Record<string, unknown> }>((tie) => ({
    tree: fc.oneof({ maxDepth: 6 }, fc.oneof(fc.constantFrom(...values), fc.string({ maxLength: 3 })), tie('node'), tie('node'), fc.array(tie('tree'), { maxLength: 3 })),
    node: fc.dictionary(fc.constantFrom(...names), tie('tree'), { maxKeys: 5, noNullPrototype: true }),
  }));
}

/** Whatever the provider sends: nothing is thrown, the client gets an answer or an error, no pseudo-header is set, and no bytes claim to be unchanged. */
export function expectAnswerOrError(piece: fc.Arbitrary<Uint8Array>, responseTo: (request: { readonly stream: boolean }) => ResponseTranslator, numRuns: number): void {
  fc.assert(fc.property(fc.array(piece, { maxLength: 8 }), fc.boolean(), fc.boolean(), fc.constantFrom(200, 200, 429, 302), (pieces, stream, breaks, status) => {
    const response = responseTo({ stream });
    const head = response.head({ status, header: () => undefined });
    const text = new TextDecoder().decode(concatBytes([...pieces.map((bytes) => response.push(bytes)), breaks ? response.fail('reset') : response.end()]));
    expect(head).toMatchObject({ status, bodyUnchanged: false });
    expect(head.setHeaders.filter(([name]) => name.startsWith(':'))).toEqual([]);
    expect(response.failure === undefined).toBe(!text.includes('"error":{'));
    expect(text).not.toBe('');
  }), { numRuns });
}

/** These bytes in two parts, one of them changed. */
export function oneByteChanged(bytes: Uint8Array): fc.Arbitrary<readonly Uint8Array[]> {
  return fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), fc.nat(bytes.length)).map(([position, change, cut]) => {
    const changed = Uint8Array.from(bytes);
    changed[position] += change;
    return [changed.subarray(0, cut), changed.subarray(cut)];
  });
}
