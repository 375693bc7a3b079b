import * as fc from 'fast-check';
import { bytesOf, textOf } from './replay';
import { RequestError } from '../../src/translate/request-error';
import { readRequestBody, requestFields } from '../../src/translate/scan-request-body';

function refusal(action: () => unknown): RequestError {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(RequestError);
    return error as RequestError;
  }
  throw new Error('was not refused');
}

describe('what the scan knows', () => {
  test('model and stream between other members, and where their values stand', () => {
    // GIVEN
    const text = '\n{ "messages": [{"model": "no", "content": "\\"model\\":\\"no\\"}"}],\t"model" : "gpt-5.4" , "stream":true,"stream_options": { } }\r\n';
    // WHEN
    const body = readRequestBody(bytesOf(text));
    const fields = requestFields(body);
    // THEN
    expect([body.model, body.stream]).toEqual(['gpt-5.4', true]);
    expect(text.slice(fields?.model.start, fields?.model.end)).toBe('"gpt-5.4"');
    expect(text.slice(fields?.streamOptions?.start, fields?.streamOptions?.end)).toBe('{ }');
  });

  test('the bytes are kept as they are, not copied', () => {
    const bytes = bytesOf('{"model":"a"}');
    expect(readRequestBody(bytes).bytes).toBe(bytes);
  });

  test('a long string with escaped quotes and backslashes before model', () => {
    for (const tail of ['\\\\', '\\"', '\\\\\\"', 'é'.repeat(40)]) {
      for (let length = 0; length < 60; length++) {
        const text = `{"a":"${'x'.repeat(length)}${tail}","model":"m"}`;
        expect(requestFields(readRequestBody(bytesOf(text)))?.model).toEqual({
          start: bytesOf(text).length - 4, end: bytesOf(text).length - 1,
        });
      }
    }
  });
});

describe('what the scan does not know, JSON.parse decides', () => {
  test.each([
    ['an escaped name', '{"\\u006dodel":"b","stream":true}', 'b', true],
    ['an escaped model', '{"model":"openai\\/gpt"}', 'openai/gpt', false],
    ['two models', '{"model":"a","model":"b"}', 'b', false],
    ['two streams', '{"model":"a","stream":true,"stream":false}', 'a', false],
    ['a model after one of another type', '{"model":1,"model":"b"}', 'b', false],
  ])('%s', (_, text, model, stream) => {
    const body = readRequestBody(bytesOf(text));
    expect(requestFields(body)).toBeUndefined();
    expect([body.model, body.stream]).toEqual([model, stream]);
  });

  test('stream null is no stream', () => {
    expect(readRequestBody(bytesOf('{"model":"a","stream":null}')).stream).toBe(false);
  });
});

describe('what is refused with 400', () => {
  test.each([
    ['nothing', '', 'invalid_json', null],
    ['no JSON', 'model=a', 'invalid_json', null],
    ['a cut object', '{"model":"a"', 'invalid_json', null],
    ['a second value', '{"model":"a"}{"model":"b"}', 'invalid_json', null],
    ['a byte order mark', '\ufeff{"model":"a"}', 'invalid_json', null],
    ['an array', '[{"model":"a"}]', 'invalid_type', null],
    ['null', 'null', 'invalid_type', null],
    ['no model', '{"messages":[]}', 'missing_required_parameter', 'model'],
    ['an empty model', '{"model":""}', 'missing_required_parameter', 'model'],
    ['a model of null', '{"model":null}', 'invalid_type', 'model'],
    ['a model that is an object', '{"model":{"model":"a"}}', 'invalid_type', 'model'],
    ['a line end in the model', '{"model":"a\\r\\nx-b: c"}', 'invalid_value', 'model'],
    ['a raw line end in the model', '{"model":"a\nb"}', 'invalid_json', null],
  ])('%s', (_, text, code, param) => {
    expect(refusal(() => readRequestBody(bytesOf(text)).model)).toMatchObject({ status: 400, code, param });
  });

  test('stream of another type', () => {
    expect(refusal(() => readRequestBody(bytesOf('{"model":"a","stream":"true"}')).stream))
      .toMatchObject({ status: 400, code: 'invalid_type', param: 'stream' });
  });

  test('bytes that are no UTF-8, in the model at once and elsewhere when parsed', () => {
    const inModel = new Uint8Array([...bytesOf('{"model":"a'), 0xff, ...bytesOf('"}')]);
    const elsewhere = new Uint8Array([...bytesOf('{"model":"a","user":"'), 0xc3, ...bytesOf('"}')]);
    expect(refusal(() => readRequestBody(inModel).model).code).toBe('invalid_json');
    expect(readRequestBody(elsewhere).model).toBe('a');
    expect(refusal(() => readRequestBody(elsewhere).json()).code).toBe('invalid_json');
  });

  test('the message does not quote the body', () => {
    expect(refusal(() => readRequestBody(bytesOf('{"api_key":"s3cret",}')).model).message).not.toContain('s3cret');
  });
});

// Names and values as they stand in a text, so that escapes, duplicates and any white space occur.
const space = fc.constantFrom('', '', ' ', '\n  ', '\t', '\r\n');
const name = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('"model"', '"stream"', '"stream_options"', '"messages"', '"mode"', '"models"', '"Model"', '""') },
  { weight: 1, arbitrary: fc.string().map((plain) => JSON.stringify(plain)) },
  { weight: 1, arbitrary: fc.constantFrom('"\\u006dodel"', '"strea\\u006D"', '"a\\n"') },
);
const value = fc.oneof(
  fc.constantFrom('"gpt-5.4"', '"llama3-70b"', '"ü"', '"a\\/b"', '""', 'true', 'false', 'null'),
  fc.constantFrom('"gpt-5.4"', 'true', '1', '-1.5E+3', '{}', '[]', '{"include_usage":true}', '"\\\\"', '"\\""'),
  fc.jsonValue({ noUnicodeString: false }).map((json) => JSON.stringify(json)),
  fc.jsonValue().map((json) => JSON.stringify(json, null, 2)),
);
const member = fc.oneof(
  fc.tuple(fc.constant('"model"'), fc.constantFrom('"gpt-5.4"', '"ü"', '"a b"')),
  fc.tuple(fc.constant('"stream"'), fc.constantFrom('true', 'false', 'null')),
  { weight: 4, arbitrary: fc.tuple(name, value) },
);
const text = fc.array(fc.tuple(space, member, space, space, space), { maxLength: 7 })
  .map((members) => `{${members.map(([a, [n, v], b, c, d]) => `${a}${n}${b}:${c}${v}${d}`).join(',')}}`);

function plainReading(json: string): { model: string; stream: boolean } | undefined {
  const { model, stream } = JSON.parse(json) as { model?: unknown; stream?: unknown };
  const streams = stream ?? false;
  return typeof model === 'string' && model !== '' && !/[\u0000-\u001f\u007f]/.test(model) && typeof streams === 'boolean' ? { model, stream: streams } : undefined;
}

test('the scan reads what JSON.parse reads, on random objects', () => {
  let known = 0;
  fc.assert(fc.property(text, (json) => {
    const body = readRequestBody(bytesOf(json));
    const expected = plainReading(json);
    if (expected) {
      expect({ model: body.model, stream: body.stream }).toEqual(expected);
    } else {
      expect(() => `${body.model}${body.stream}`).toThrow(RequestError);
    }
    const fields = requestFields(body);
    if (fields) {
      known++;
      expect(JSON.parse(textOf(body.bytes.subarray(fields.model.start, fields.model.end)))).toBe(expected?.model);
      const options = fields.streamOptions && JSON.parse(textOf(body.bytes.subarray(fields.streamOptions.start, fields.streamOptions.end)));
      expect(options).toEqual((JSON.parse(json) as { stream_options?: unknown }).stream_options);
    }
  }), { numRuns: 3000 });
  expect(known).toBeGreaterThan(100);
});

test('the scan never reads another model than JSON.parse, on objects with a byte changed', () => {
  fc.assert(fc.property(text, fc.nat(), fc.integer({ min: 0, max: 255 }), (json, place, byte) => {
    const bytes = bytesOf(json);
    bytes[place % bytes.length] = byte;
    let expected: ReturnType<typeof plainReading>;
    try {
      expected = plainReading(textOf(bytes));
    } catch {
      return;
    }
    const body = readRequestBody(bytes);
    if (requestFields(body)) {
      expect({ model: body.model, stream: body.stream }).toEqual(expected);
    }
  }), { numRuns: 3000 });
});

test('G17 whatever the bytes, the only error is a RequestError', () => {
  fc.assert(fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.string({ unit: fc.constantFrom(...'{}[]":,\\ mode1t') }).map(bytesOf)), (bytes) => {
    try {
      readRequestBody(bytes).model;
    } catch (error) {
      expect(error).toBeInstanceOf(RequestError);
    }
  }), { numRuns: 2000 });
});
