import { isMultipartForm, multipartBoundary } from '../../../src/translate/multipart/boundary';
import { RequestError } from '../../../src/translate/request-error';

test.each([
  ['multipart/form-data; boundary=abc', 'abc'],
  ['multipart/form-data;boundary=abc', 'abc'],
  ['Multipart/Form-Data ; charset=utf-8 ; BOUNDARY=abc;', 'abc'],
  ['multipart/form-data; boundary="a b:c"', 'a b:c'],
  ['multipart/form-data; boundary="abc"; charset="x;boundary=y"', 'abc'],
  ['multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW', '----WebKitFormBoundary7MA4YWxkTrZu0gW'],
  ['multipart/form-data; boundary=a(b)c', 'a(b)c'],
  [`multipart/form-data; boundary=${'x'.repeat(70)}`, 'x'.repeat(70)],
])('%s', (contentType, boundary) => {
  expect(isMultipartForm(contentType)).toBe(true);
  expect(multipartBoundary(contentType)).toBe(boundary);
});

test.each([
  'multipart/form-data',
  'multipart/form-data; charset=utf-8',
  'multipart/form-data; boundary=',
  'multipart/form-data; boundary=""',
  'multipart/form-data; boundary=a; boundary=b',
  'multipart/form-data; boundary=a, multipart/form-data; boundary=b',
  'multipart/form-data; boundary=a,multipart/form-data; boundary=b',
  'multipart/form-data; boundary="a',
  'multipart/form-data; boundary="a\\b"',
  'multipart/form-data; boundary="a "',
  'multipart/form-data; boundary=a b',
  'multipart/form-data; boundary="a\r\nb"',
  'multipart/form-data; boundary=ü',
  'multipart/form-data; boundary*=utf-8\'\'a',
  `multipart/form-data; boundary=${'x'.repeat(71)}`,
])('%j has no boundary that every reader agrees on: 400', (contentType) => {
  expect(() => multipartBoundary(contentType)).toThrow(expect.objectContaining({ name: 'RequestError', status: 400, code: 'invalid_multipart' }));
  expect(() => multipartBoundary(contentType)).toThrow(RequestError);
});

test.each([undefined, '', 'application/json', 'multipart/mixed; boundary=a', 'multipart/form-database', 'application/json; x=multipart/form-data'])('%j is no form', (contentType) => {
  expect(isMultipartForm(contentType)).toBe(false);
});
