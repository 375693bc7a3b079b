import * as fc from 'fast-check';
import { refusalIfAny, textOf } from './replay';
import { UnsupportedParameters } from '../../src/resources/llm-route';
import { TranslatedRequest } from '../../src/translate/translator';

/** One way from a request of the client's to the provider; may check what the provider is sent. */
export type Translate<Request, Sent = unknown> = (request: Request, unsupportedParameters: UnsupportedParameters) => Sent;

export const anyMode = fc.constantFrom<UnsupportedParameters>('Strict', 'Safe', 'Lenient');

/** Every one of the requests is translated or is the client's mistake: no other error, and no refusal of another status. */
export function expectBodyOr400<Request>(requests: fc.Arbitrary<Request>, translate: Translate<Request>, numRuns: number): void {
  fc.assert(fc.property(requests, anyMode, (request, unsupportedParameters) => {
    expect([undefined, 400]).toContain(refusalIfAny(() => translate(request, unsupportedParameters))?.status);
  }), { numRuns });
}

export function expectNoRefusalUnderLenient<Request>(requests: fc.Arbitrary<Request>, translate: Translate<Request>, numRuns: number): void {
  fc.assert(fc.property(requests, (request) => {
    expect(refusalIfAny(() => translate(request, 'Lenient'))?.message).toBeUndefined();
  }), { numRuns });
}

/** What is translated at all is translated alike each time. */
export function expectSameBytes<Request>(requests: fc.Arbitrary<Request>, translate: Translate<Request, TranslatedRequest>): void {
  const bytesOf = (request: Request) => textOf(translate(request, 'Lenient').body ?? new Uint8Array(0));
  fc.assert(fc.property(requests, (request) => {
    if (refusalIfAny(() => translate(request, 'Lenient')) === undefined) {
      expect(bytesOf(request)).toBe(bytesOf(request));
    }
  }), { numRuns: 50 });
}
