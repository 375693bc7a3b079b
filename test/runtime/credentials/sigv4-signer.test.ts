import { SignatureV4 } from '@smithy/signature-v4';
import * as fc from 'fast-check';
import { NodeSha256 } from '../../../src/runtime/credentials/node-sha256';
import { SignedRequest, Sigv4Signer } from '../../../src/runtime/credentials/sigv4-signer';

const REGION = 'eu-west-1';
const identity = fc.record({ accessKeyId: fc.stringMatching(/^[A-Z0-9]{4,20}$/), secretAccessKey: fc.string({ minLength: 1 }), sessionToken: fc.option(fc.stringMatching(/^[A-Za-z0-9+/=]{1,40}$/), { nil: undefined }) });
const segment = fc.string({ minLength: 1, unit: 'grapheme' }).map(encodeURIComponent);
const request: fc.Arbitrary<SignedRequest> = fc.record({
  method: fc.constantFrom('POST', 'GET'),
  path: fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => `/${segments.join('/')}`),
  query: fc.dictionary(fc.stringMatching(/^[a-z][a-z-]{0,8}$/), fc.string()),
  host: fc.constantFrom('bedrock-runtime.eu-west-1.amazonaws.com', 'vpce.internal:8443'),
  body: fc.uint8Array({ maxLength: 200 }),
});
const date = fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true });

/** What the SDK's own signer adds. */
async function sdkHeaders(credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }, { host, ...rest }: SignedRequest, signingDate: Date) {
  const signer = new SignatureV4({ service: 'bedrock', region: REGION, credentials, sha256: NodeSha256 });
  const { headers } = await signer.sign({ ...rest, query: { ...rest.query }, protocol: 'https:', hostname: host.split(':', 1)[0], headers: { host } }, { signingDate });
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'host'));
}

test('adds the headers that the SDK\'s signer adds, the first time and with the key that it kept', async () => {
  await fc.assert(fc.asyncProperty(identity, request, request, date, async (credentials, first, second, day) => {
    const signer = new Sigv4Signer('bedrock', REGION, credentials);
    for (const one of [first, second]) expect(Object.fromEntries(await signer.sign(one, day))).toEqual(await sdkHeaders(credentials, one, day));
  }), { numRuns: 100 });
});

const ONE: SignedRequest = { method: 'POST', path: '/model/m/converse', query: {}, host: 'h', body: Buffer.from('{}') };
const FIRST = { accessKeyId: 'FIRST', secretAccessKey: 'one' };
const NOON = new Date('2026-03-01T12:00:00Z');

test('at once when the key of the day is there', async () => {
  const signer = new Sigv4Signer('bedrock', REGION, FIRST);
  await signer.sign(ONE, NOON);
  expect(signer.sign(ONE, NOON)).toBeInstanceOf(Array);
});

test('a new day and a new identity have keys of their own', async () => {
  const second = { accessKeyId: 'SECOND', secretAccessKey: 'two' };
  let current = FIRST;
  const signer = new Sigv4Signer('bedrock', REGION, async () => current);
  const tomorrow = new Date('2026-03-02T00:00:01Z');
  for (const [credentials, day] of [[FIRST, NOON], [FIRST, tomorrow], [second, tomorrow], [second, NOON]] as const) {
    current = credentials;
    expect(Object.fromEntries(await signer.sign(ONE, day))).toEqual(await sdkHeaders(credentials, ONE, day));
  }
});

test('what a provider says in vain comes out', async () => {
  const signer = new Sigv4Signer('bedrock', REGION, () => Promise.reject(new Error('no metadata service')));
  await expect(signer.sign(ONE, NOON)).rejects.toThrow('no metadata service');
});
