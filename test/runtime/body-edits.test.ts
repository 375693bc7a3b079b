import { BodyEdits } from '../../src/resources/llm-backend';
import { editBody } from '../../src/runtime/body-edits';
import { requestEdits } from '../../src/runtime/request-edits';
import { joinedBody } from '../../src/translate/body-pieces';

function edited(body: unknown, edits: BodyEdits): unknown {
  return JSON.parse(Buffer.from(joinedBody(editBody(Buffer.from(JSON.stringify(body)), [edits]))).toString('utf8'));
}

test.each<[string, BodyEdits | undefined]>([['no edits', undefined], ['empty edits', {}], ['empty lists', { set: [], remove: [] }]])('%s: the very same bytes', (_, edits) => {
  const body = Buffer.from('{"a": 1.0 }');
  expect(editBody(body, requestEdits({ requestBody: edits }, { body: edits }).body)).toBe(body);
});

test('values are JSON: text, numbers, objects, null', () => {
  expect(edited({ user: 'client' }, {
    set: [
      { path: 'user', value: '"gateway"' }, { path: 'seed', value: '7' }, { path: 'metadata', value: '{"team":"a"}' }, { path: 'stop', value: 'null' },
    ],
  })).toEqual({ user: 'gateway', seed: 7, metadata: { team: 'a' }, stop: null });
});

test('paths lead into objects and lists, and make the objects that are missing', () => {
  expect(edited({ a: { b: 1 }, list: [{ c: 1 }] }, { set: [{ path: 'a.c.d', value: '2' }, { path: 'list.0.c', value: '3' }], remove: ['a.b'] }))
    .toEqual({ a: { c: { d: 2 } }, list: [{ c: 3 }] });
});

test('what is removed and set is set', () => {
  expect(edited({ a: 1 }, { remove: ['a'], set: [{ path: 'a', value: '2' }] })).toEqual({ a: 2 });
});

test('a path through something that is no object, or that leads nowhere, changes nothing', () => {
  expect(edited({ a: 'text', b: null }, { set: [{ path: 'a.b', value: '1' }, { path: 'b.c', value: '1' }], remove: ['a.length', 'x.y', 'z'] })).toEqual({ a: 'text', b: null });
});

test('names that objects inherit are names as any other', () => {
  expect(edited({}, { set: [{ path: 'constructor.prototype.polluted', value: '1' }, { path: 'toString', value: '2' }], remove: ['hasOwnProperty'] }))
    .toEqual({ constructor: { prototype: { polluted: 1 } }, toString: 2 });
  expect(editBody(Buffer.from('{}'), [{ set: [{ path: '__proto__.polluted', value: '1' }, { path: '__proto__', value: '{"polluted":1}' }] }]).toString()).toBe('{}');
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
});

test('a body that is no JSON is the client\'s fault, and is not quoted', () => {
  expect(() => editBody(Buffer.from('{"model":"m","messages":[planted]}'), [{ remove: ['user'] }]))
    .toThrow(expect.objectContaining({ name: 'RequestError', status: 400, code: 'invalid_json', message: expect.not.stringContaining('planted') }));
});

test('a form is refused, not sent without its edits; without edits it passes as it is', () => {
  const form = Buffer.from('--b\r\nContent-Disposition: form-data; name="model"\r\n\r\nm\r\n--b--\r\n');
  const contentType = 'multipart/form-data; boundary=b';
  expect(() => editBody(form, [{ remove: ['user'] }], contentType)).toThrow(expect.objectContaining({ name: 'RequestError', status: 400, code: 'unsupported_content_type' }));
  expect(editBody(form, [], contentType)).toBe(form);
});

test('numbers that a double does not hold stay as the client wrote them', () => {
  expect(Buffer.from(joinedBody(editBody(Buffer.from('{"a":1,"seed":9007199254740993}'), [{ remove: ['a'] }]))).toString()).toBe('{"seed":9007199254740993}');
});
