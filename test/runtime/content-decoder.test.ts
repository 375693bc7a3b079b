import { createGzip, constants, deflateSync, gzipSync } from 'node:zlib';
import { contentDecoder } from '../../src/runtime/content-decoder';

const TEXT = JSON.stringify({ text: 'hé '.repeat(400), numbers: Array.from({ length: 300 }, (_, index) => Math.sin(index)) });

/** Decodes the data in parts of this size. */
function decode(encoding: string, data: Uint8Array, size: number): string {
  const decoder = contentDecoder(encoding);
  if (decoder === undefined) throw new Error('no decoder');
  const parts: Uint8Array[] = [];
  for (let start = 0; start < data.length; start += size) parts.push(decoder.push(data.subarray(start, start + size)));
  return Buffer.concat([...parts, decoder.end()]).toString('utf8');
}

test.each([undefined, '', 'identity', ' Identity '])('%j needs no decoding', (encoding) => {
  expect(contentDecoder(encoding)).toBeUndefined();
});

test.each(['br', 'zstd', 'gzip, br'])('%s is refused by its name', (encoding) => {
  expect(() => contentDecoder(encoding)).toThrow(`content-encoding ${encoding}, which was not asked for; gzip, deflate and identity are understood`);
});

test.each<[string, Uint8Array]>([['gzip', gzipSync(TEXT)], ['X-GZIP', gzipSync(TEXT)], ['deflate', deflateSync(TEXT)]])('%s, cut into parts of any size', (encoding, data) => {
  for (const size of [1, 2, 7, 100, data.length]) expect(decode(encoding, data, size)).toBe(TEXT);
});

test('several gzip members one after the other are one text', () => {
  const data = Buffer.concat([gzipSync('one '), gzipSync('two')]);
  for (const size of [1, 5, data.length]) expect(decode('gzip', data, size)).toBe('one two');
});

test('G8 what the sender flushed comes out at once', async () => {
  const gzip = createGzip();
  const decoder = contentDecoder('gzip');
  let sent: Buffer[] = [];
  gzip.on('data', (chunk: Buffer) => sent.push(chunk));
  for (let index = 0; index < 20; index++) {
    sent = [];
    const event = `data: {"n":${index},"text":"${'word '.repeat((index * 37) % 101)}"}\n\n`;
    gzip.write(event);
    await new Promise<void>((done) => gzip.flush(constants.Z_SYNC_FLUSH, () => done()));
    expect(Buffer.concat(sent.map((chunk) => decoder!.push(chunk))).toString('utf8')).toBe(event);
  }
  gzip.destroy();
});

test('a buffer that its owner uses again does no harm', () => {
  const decoder = contentDecoder('gzip');
  const buffer = Buffer.alloc(3);
  const data = gzipSync(TEXT);
  const parts: Uint8Array[] = [];
  for (let start = 0; start < data.length; start += buffer.length) {
    const length = data.copy(buffer, 0, start);
    parts.push(decoder!.push(buffer.subarray(0, length)));
  }
  expect(Buffer.concat([...parts, decoder!.end()]).toString('utf8')).toBe(TEXT);
});

test.each(['gzip', 'deflate'])('G9 %s announced and not one byte sent is an empty text', (encoding) => {
  const decoder = contentDecoder(encoding);
  expect(decoder?.push(new Uint8Array(0))).toHaveLength(0);
  expect(decoder?.end()).toHaveLength(0);
});

test.each<[string, Uint8Array]>([['gzip', gzipSync(TEXT)], ['deflate', deflateSync(TEXT)]])('%s that breaks off anywhere before its checksum throws', (encoding, data) => {
  const checksum = encoding === 'gzip' ? 8 : 4;
  for (const length of [1, 2, 5, 9, 10, 11, 100, data.length - checksum - 1]) expect(() => decode(encoding, data.subarray(0, length), length)).toThrow();
});

test.each(['gzip', 'deflate'])('what is no %s throws', (encoding) => {
  expect(() => decode(encoding, Buffer.from('{"error":{"message":"not compressed at all"}}'), 10)).toThrow();
});
