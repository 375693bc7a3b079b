import * as fc from 'fast-check';
import { Field, formOf, formType } from './form';
import { MultipartRequestBody } from '../../../src/translate/multipart/multipart-request-body';
import { RequestError } from '../../../src/translate/request-error';
import { readRequestBody, requestFields } from '../../../src/translate/scan-request-body';
import { bytesOf, textOf } from '../replay';

const B = 'X-BOUNDARY';
const FILE: Field = { name: 'file', fileName: 'speech.wav', content: new Uint8Array([0, 255, 13, 10, 45, 45, 13, 10, 13, 10, 0]), headers: ['Content-Type: audio/wav'] };
const MODEL: Field = { name: 'model', content: 'whisper-1' };

function read(bytes: Uint8Array, contentType = formType(B)): MultipartRequestBody {
  const body = readRequestBody(bytes, contentType);
  expect(body).toBeInstanceOf(MultipartRequestBody);
  return body as MultipartRequestBody;
}

function refusal(bytes: Uint8Array, contentType?: string): RequestError {
  const body = read(bytes, contentType);
  try {
    body.model;
    body.stream;
  } catch (error) {
    expect(error).toBeInstanceOf(RequestError);
    return error as RequestError;
  }
  throw new Error(`was not refused, but read as ${body.model}`);
}

describe('what is read', () => {
  test('the model and the stream of a form, wherever they stand, and the bytes are not copied', () => {
    const stream: Field = { name: 'stream', content: 'true' };
    for (const fields of [[FILE, MODEL, stream], [stream, MODEL, FILE], [MODEL, FILE, stream]]) {
      const bytes = formOf(B, fields);
      const body = read(bytes);
      expect([body.model, body.stream]).toEqual(['whisper-1', true]);
      expect(body.bytes).toBe(bytes);
      expect(textOf(bytes.subarray(body.modelRange.start, body.modelRange.end))).toBe('whisper-1');
    }
  });

  test.each([['true', true], ['True', true], ['1', true], ['false', false], ['False', false], ['0', false], ['', false]])('stream %j is %p', (content, expected) => {
    expect(read(formOf(B, [MODEL, { name: 'stream', content }])).stream).toBe(expected);
  });

  test('no stream is no stream', () => {
    expect(read(formOf(B, [MODEL])).stream).toBe(false);
  });

  test.each<[string, Field]>([
    ['without quotes', { ...MODEL, disposition: 'form-data; name=model' }],
    ['in other letters', { ...MODEL, disposition: 'Form-Data;NAME="model"' }],
    ['with more headers', { ...MODEL, headers: ['Content-Type: text/plain; charset=utf-8', 'Content-Length: 9'] }],
    ['in 8bit', { ...MODEL, headers: ['Content-Transfer-Encoding: 8bit'] }],
  ])('a field named %s', (_, field) => {
    expect(read(formOf(B, [field])).model).toBe('whisper-1');
  });

  test.each(['a "b" c.wav', 'ü.wav', 'a;b=c.wav', 'name="x".wav', 'model'])('beside a file named %s', (name) => {
    const quoted = name.replace(/"/g, '%22');
    expect(read(formOf(B, [{ ...FILE, fileName: quoted }, MODEL])).model).toBe('whisper-1');
    expect(read(formOf(B, [{ ...FILE, fileName: name.replace(/"/g, '\\"') }, MODEL])).model).toBe('whisper-1');
  });

  test('a preamble, padding after a boundary, an epilogue', () => {
    const form = textOf(formOf(B, [MODEL]));
    expect(read(bytesOf(`preamble\r\n${form}`)).model).toBe('whisper-1');
    expect(read(bytesOf(form.replace(`--${B}\r\n`, `--${B} \t\r\n`))).model).toBe('whisper-1');
    expect(read(bytesOf(`${form}epilogue`)).model).toBe('whisper-1');
    expect(read(bytesOf(form.slice(0, -2))).model).toBe('whisper-1');
  });

  test('a boundary within a line is content', () => {
    expect(read(formOf(B, [{ name: 'prompt', content: `a--${B}--b` }, MODEL])).model).toBe('whisper-1');
  });

  test('what the official client\'s form class writes', async () => {
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array([1, 2, 3])], { type: 'audio/mpeg' }), 'a "quoted" \r\n name.mp3');
    form.append('model', 'gpt-4o-transcribe');
    form.append('include[]', 'logprobs');
    form.append('stream', 'true');
    const request = new Request('http://gateway.test', { method: 'POST', body: form });
    const contentType = request.headers.get('content-type') ?? '';
    const body = read(new Uint8Array(await request.arrayBuffer()), contentType);
    expect([body.model, body.stream]).toEqual(['gpt-4o-transcribe', true]);
  });
});

describe('what is refused with 400', () => {
  test.each<[string, Uint8Array, string, string | null]>([
    ['no model', formOf(B, [FILE]), 'missing_required_parameter', 'model'],
    ['an empty model', formOf(B, [{ ...MODEL, content: '' }]), 'missing_required_parameter', 'model'],
    ['two models', formOf(B, [MODEL, { ...MODEL, content: 'other' }]), 'invalid_multipart', null],
    ['the same model twice', formOf(B, [MODEL, FILE, MODEL]), 'invalid_multipart', null],
    ['two streams', formOf(B, [MODEL, { name: 'stream', content: 'true' }, { name: 'stream', content: 'true' }]), 'invalid_multipart', null],
    ['a file named model', formOf(B, [{ ...FILE, name: 'model' }]), 'invalid_multipart', null],
    ['a model in base64', formOf(B, [{ ...MODEL, headers: ['Content-Transfer-Encoding: base64'] }]), 'invalid_multipart', null],
    ['a line end in the model', formOf(B, [{ ...MODEL, content: 'a\r\nx-b: c' }]), 'invalid_value', 'model'],
    ['a model that is no UTF-8', formOf(B, [{ ...MODEL, content: new Uint8Array([0xff]) }]), 'invalid_value', 'model'],
    ['a model of a megabyte', formOf(B, [{ ...MODEL, content: 'x'.repeat(1e6) }]), 'invalid_value', 'model'],
    ['a stream that is no boolean', formOf(B, [MODEL, { name: 'stream', content: 'yes please' }]), 'invalid_type', 'stream'],
    ['nothing', new Uint8Array(0), 'invalid_multipart', null],
    ['JSON', bytesOf('{"model":"a"}'), 'invalid_multipart', null],
    ['no parts', bytesOf(`--${B}--\r\n`), 'missing_required_parameter', 'model'],
    ['another boundary', formOf('other', [MODEL]), 'invalid_multipart', null],
    ['lines that end in a line feed', bytesOf(textOf(formOf(B, [MODEL])).replaceAll('\r\n', '\n')), 'invalid_multipart', null],
    ['a boundary after a lone line feed', formOf(B, [{ name: 'prompt', content: `a\n--${B}\r\n` }, MODEL]), 'invalid_multipart', null],
    ['a part after a lone line feed', formOf(B, [{ name: 'prompt', content: `a\n--${B}\r\nContent-Disposition: form-data; name="x"\r\n\r\nb` }, MODEL]), 'invalid_multipart', null],
    ['a longer boundary', formOf(B, [{ name: 'prompt', content: `a\r\n--${B}2\r\n` }, MODEL]), 'invalid_multipart', null],
    ['a part without headers', bytesOf(`--${B}\r\n\r\nx\r\n--${B}--\r\n`), 'invalid_multipart', null],
    ['a boundary at once after a boundary', bytesOf(`--${B}\r\n--${B}--\r\n`), 'invalid_multipart', null],
    ['a part without an end of its headers', bytesOf(`--${B}\r\nContent-Disposition: form-data; name="model"\r\n--${B}--\r\n`), 'invalid_multipart', null],
    ['a part without a disposition', bytesOf(`--${B}\r\nContent-Type: text/plain\r\n\r\na\r\n--${B}--\r\n`), 'invalid_multipart', null],
    ['a part with two dispositions', formOf(B, [{ ...MODEL, headers: ['Content-Disposition: form-data; name="file"'] }]), 'invalid_multipart', null],
    ['a folded header', formOf(B, [{ ...MODEL, headers: ['X-A: b', ' c'] }]), 'invalid_multipart', null],
    ['a header without a name', formOf(B, [{ ...MODEL, headers: [': b'] }]), 'invalid_multipart', null],
    ['a header without a colon', formOf(B, [{ ...MODEL, headers: ['broken'] }]), 'invalid_multipart', null],
    ['half a line end in a header', formOf(B, [{ ...MODEL, headers: ['X-A: b\nContent-Disposition: form-data; name="file"'] }]), 'invalid_multipart', null],
    ['headers without end', formOf(B, [{ ...MODEL, headers: [`X-A: ${'b'.repeat(20_000)}`] }]), 'invalid_multipart', null],
    ['more after the last boundary', bytesOf(`${textOf(formOf(B, [MODEL]))}${textOf(formOf(B, [MODEL]))}`), 'invalid_multipart', null],
    ['text behind the last boundary', bytesOf(textOf(formOf(B, [MODEL])).replace('--\r\n', '--x\r\n')), 'invalid_multipart', null],
    ['too many parts', formOf(B, Array.from({ length: 1001 }, () => ({ name: 'a', content: '' }))), 'invalid_multipart', null],
    ...[
      'attachment; name="model"', 'form-data', 'form-data; name="model"; name="file"', 'form-data; name*=utf-8\'\'model', 'form-data; name="mo\\del"',
      'form-data; name="model', 'form-data; name="model" x', 'form-data; name="file"; filename="x\\"; name=model; y="', 'form-data; name="file"; name*=utf-8\'\'model',
      'form-data, name="model"', 'form-data; =a; name="model"',
    ].map((disposition): [string, Uint8Array, string, string | null] => [disposition, formOf(B, [{ ...MODEL, disposition }]), 'invalid_multipart', null]),
  ])('%s', (_, bytes, code, param) => {
    expect(refusal(bytes)).toMatchObject({ status: 400, code, param });
  });

  test('a form cut at any byte before its end', () => {
    const bytes = formOf(B, [FILE, MODEL]);
    for (let length = 0; length < bytes.length - 2; length++) {
      expect(refusal(bytes.subarray(0, length))).toMatchObject({ status: 400, code: 'invalid_multipart' });
    }
  });

  test('a form without a boundary in its content type', () => {
    expect(refusal(formOf(B, [MODEL]), 'multipart/form-data')).toMatchObject({ status: 400, code: 'invalid_multipart' });
  });

  test('a form where JSON is asked for', () => {
    const body = read(formOf(B, [MODEL]));
    for (const ask of [() => body.json(), () => requestFields(body)]) {
      expect(ask).toThrow(expect.objectContaining({ name: 'RequestError', status: 400, message: expect.stringContaining('JSON body') as string }));
    }
  });

  test('the message quotes nothing of the body', () => {
    expect(refusal(formOf(B, [{ ...MODEL, disposition: 'form-data; s3cret' }])).message).not.toContain('s3cret');
  });
});

const boundaries = fc.string({ unit: fc.constantFrom(...'abcXYZ019\'()+_,-./:=?'), minLength: 1, maxLength: 70 })
  // The platform's own reader takes no boundary of dashes alone.
  .filter((boundary) => !/^-+$/.test(boundary));
const contents = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc.string({ unit: fc.constantFrom('\r', '\n', '\r\n', '--', '-', 'a', 'model', 'Content-Disposition: form-data; name="model"') }).map(bytesOf),
);

test('finds the model in any form that a client can write, as another reader does', async () => {
  await fc.assert(fc.asyncProperty(
    boundaries, fc.array(fc.record({ name: fc.constantFrom('file', 'prompt', 'language', 'timestamp_granularities[]', 'Model'), content: contents, file: fc.boolean() }), { maxLength: 5 }),
    fc.constantFrom('whisper-1', 'ü', 'org/model', ' padded '), fc.nat(), async (boundary, others, model, place) => {
      // GIVEN
      const fields: Field[] = others.map(({ name, content, file }) => ({ name, content, ...file && { fileName: 'a.wav' } }));
      fields.splice(place % (fields.length + 1), 0, { name: 'model', content: model });
      // A client takes a boundary that no content has.
      fc.pre(!fields.some(({ content }) => Buffer.from(content).includes(boundary)));
      const bytes = formOf(boundary, fields);
      const contentType = `multipart/form-data; boundary="${boundary}"`;
      // WHEN
      const body = read(bytes, contentType);
      // THEN
      expect(body.model).toBe(model);
      const form = await new Response(bytes, { headers: { 'content-type': contentType } }).formData();
      expect(form.getAll('model')).toEqual([model]);
    },
  ), { numRuns: 300 });
});

test('a form with bytes changed never reads as another model than the reader of the platform sees', async () => {
  const bytes = formOf(B, [{ ...FILE, content: `x\r\n--${B.slice(0, -1)}\r\nContent-Disposition: form-data; name="model"\r\n\r\nother\r\n` }, MODEL]);
  const pieces = fc.constantFrom('\r', '\n', '\r\n', '"', ';', '\\', ':', ' ', '\t', '--', `--${B}`, `\r\n--${B}\r\n`, 'name="model"', 'Y', '=', '\0');
  let compared = 0;
  await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.nat(), fc.nat({ max: 3 }), pieces), { minLength: 1, maxLength: 3 }), async (changes) => {
    let changed = Buffer.from(bytes);
    for (const [place, removed, piece] of changes) {
      const at = place % changed.length;
      changed = Buffer.concat([changed.subarray(0, at), Buffer.from(piece), changed.subarray(at + removed)]);
    }
    const body = read(new Uint8Array(changed));
    let model: string;
    try {
      model = body.model;
    } catch (error) {
      expect(error).toBeInstanceOf(RequestError);
      return;
    }
    const form = await new Response(new Uint8Array(changed), { headers: { 'content-type': formType(B) } }).formData().catch(() => undefined);
    if (form !== undefined) {
      compared++;
      expect(form.getAll('model')).toEqual([model]);
    }
  }), { numRuns: 2000 });
  expect(compared).toBeGreaterThan(100);
});

test('G17 whatever the bytes, the only error is a RequestError', () => {
  const piece = fc.constantFrom(`--${B}`, `\r\n--${B}`, '--', '\r\n', '\r\n\r\n', '\n', 'Content-Disposition: form-data; name="model"', ':', '"', 'a');
  const bodies = fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.string({ unit: piece, maxLength: 20 }).map(bytesOf));
  fc.assert(fc.property(bodies, fc.oneof(fc.constant(formType(B)), fc.string()), (bytes, type) => {
    try {
      readRequestBody(bytes, type.startsWith('multipart') ? type : `multipart/form-data;${type}`).model;
    } catch (error) {
      expect(error).toBeInstanceOf(RequestError);
    }
  }), { numRuns: 2000 });
});

describe('a body of 20 MB', () => {
  const size = 20 * 1024 * 1024;

  test.each<[string, Uint8Array]>([
    ['of zeros', new Uint8Array(size)],
    ['of line ends', new Uint8Array(size).map((_, index) => index % 2 === 0 ? 13 : 10)],
    ['of beginnings of the boundary', Buffer.from('\r\n--X-BOUNDAR'.repeat(size / 13))],
  ])('%s is read at its ends only', (_, content) => {
    const bytes = formOf(B, [{ ...FILE, content }, MODEL]);
    const body = read(bytes);
    expect(body.model).toBe('whisper-1');
    expect(body.bytes).toBe(bytes);
  });
});
