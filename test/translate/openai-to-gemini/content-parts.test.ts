import { contentsOf, droppedBy, FLASH_3, refusal, sent, user } from './gemini';

const PNG = 'iVBORw0KGgo=';
const JPEG = '/9j/4AAQ';
const image = (url: string, detail?: string) => ({ type: 'image_url', image_url: { url, ...detail !== undefined && { detail } } });
const file = (value: object) => ({ type: 'file', file: value });
const partOf = (part: object) => contentsOf(user([part]))[0].parts[0];
const refused = (part: object) => refusal({ messages: [user([part])] });

describe('V16', () => {
  test.each<[string, object]>([
    [`data:image/png;base64,${PNG}`, { inlineData: { mimeType: 'image/png', data: PNG } }],
    [`data:image/jpg;base64,${JPEG}`, { inlineData: { mimeType: 'image/jpeg', data: JPEG } }],
    [`data:image/png;base64,${JPEG}`, { inlineData: { mimeType: 'image/jpeg', data: JPEG } }],
    ['data:image/heic;base64,AAAA', { inlineData: { mimeType: 'image/heic', data: 'AAAA' } }],
    ['gs://bucket/a.webp', { fileData: { mimeType: 'image/webp', fileUri: 'gs://bucket/a.webp' } }],
    ['gs://bucket/a.b/C.JPG', { fileData: { mimeType: 'image/jpeg', fileUri: 'gs://bucket/a.b/C.JPG' } }],
  ])('the image %s', (url, expected) => {
    expect(partOf(image(url))).toEqual(expected);
    expect(partOf({ type: 'image_url', image_url: url })).toEqual(expected);
  });

  test.each(['https://example.com/a.png', 'http://example.com/a.png', 'file-123'])('%s is refused with what to do', (url) => {
    const error = refused(image(url));
    expect(error).toMatchObject({ status: 400, code: 'invalid_value', param: 'messages[0].content[0].image_url.url' });
    expect(error.message).toMatch(/data URL .* or a gs:\/\/ URI/);
  });

  test.each(['gs://bucket/a', 'data:;base64,AAAA', 'data:application/octet-stream;base64,AAAA'])('%s without a media type is refused', (url) => {
    expect(refused(image(url))).toMatchObject({ status: 400, param: 'messages[0].content[0].image_url.url' });
  });
});

test('a film, by OpenRouter\'s part', () => {
  expect(partOf({ type: 'video_url', video_url: { url: 'gs://bucket/a.mp4' } })).toEqual({ fileData: { mimeType: 'video/mp4', fileUri: 'gs://bucket/a.mp4' } });
  expect(partOf({ type: 'video_url', video_url: { url: 'data:video/mp4;base64,AAAA' } })).toEqual({ inlineData: { mimeType: 'video/mp4', data: 'AAAA' } });
});

test.each([['wav', 'audio/wav'], ['mp3', 'audio/mp3']])('sound of format %s', (format, mimeType) => {
  expect(partOf({ type: 'input_audio', input_audio: { data: 'UklGRg', format } })).toEqual({ inlineData: { mimeType, data: 'UklGRg==' } });
});

describe('files', () => {
  test.each<[object, object]>([
    [{ file_data: 'data:application/pdf;base64,JVBERi0x', filename: 'a.pdf' }, { inlineData: { mimeType: 'application/pdf', data: 'JVBERi0x' } }],
    [{ file_data: 'JVBERi0x', filename: 'whatever' }, { inlineData: { mimeType: 'application/pdf', data: 'JVBERi0x' } }],
    [{ file_data: 'YSxi', filename: 'a.csv' }, { inlineData: { mimeType: 'text/csv', data: 'YSxi' } }],
    [{ file_data: 'data:application/octet-stream;base64,YSxi', filename: 'a.csv' }, { inlineData: { mimeType: 'text/csv', data: 'YSxi' } }],
    [{ file_data: 'gs://bucket/a.pdf' }, { fileData: { mimeType: 'application/pdf', fileUri: 'gs://bucket/a.pdf' } }],
    [{ file_id: 'gs://bucket/film', filename: 'film.mov' }, { fileData: { mimeType: 'video/mov', fileUri: 'gs://bucket/film' } }],
  ])('%j', (value, expected) => {
    expect(partOf(file(value))).toEqual(expected);
  });

  test.each<[object, string]>([
    [{ file_id: 'file-123' }, 'file_id'], [{ file_data: 'https://example.com/a.pdf' }, 'file_data'], [{ file_data: 'YSxi' }, 'file_data'], [{ file_data: '!' }, 'file_data'],
  ])('%j is refused', (value, name) => {
    expect(refused(file(value))).toMatchObject({ status: 400, param: `messages[0].content[0].file.${name}` });
  });

  test('without anything in it is refused', () => {
    expect(refused(file({}))).toMatchObject({ status: 400, param: 'messages[0].content[0].file' });
  });
});

describe('the detail of an image', () => {
  const messages = (detail: string) => [user([image(`data:image/png;base64,${PNG}`, detail)])];

  test.each([['low', 'MEDIA_RESOLUTION_LOW'], ['high', 'MEDIA_RESOLUTION_HIGH']])('%s is %s for newer models', (detail, level) => {
    expect(sent({ model: FLASH_3, messages: messages(detail) }).contents[0].parts[0].mediaResolution).toEqual({ level });
    expect(droppedBy({ model: FLASH_3, messages: messages(detail) })).toEqual([]);
    expect(droppedBy({ messages: messages(detail) })).toEqual(['messages[].content[].image_url.detail']);
  });

  test('auto is no loss', () => {
    expect(droppedBy({ messages: messages('auto') }, { unsupportedParameters: 'Strict' })).toEqual([]);
  });
});

test('parts of other kinds are refused, or left out under Lenient', () => {
  const messages = [user([{ type: 'hologram' }, { type: 'text', text: 'Hi' }])];
  expect(refusal({ messages })).toMatchObject({ code: 'unsupported_parameter', param: 'messages[0].content[0]' });
  expect(sent({ messages }, { unsupportedParameters: 'Lenient' }).contents[0].parts).toEqual([{ text: 'Hi' }]);
  expect(refusal({ messages: [{ role: 'system', content: [image(`data:image/png;base64,${PNG}`)] }, user('Hi')] })).toMatchObject({ code: 'unsupported_parameter' });
});

test('empty text is left out, white space is kept', () => {
  expect(contentsOf(user([{ type: 'text', text: '' }, { type: 'text', text: ' ' }, { type: 'text', text: 'Hi' }]))[0].parts).toEqual([{ text: ' ' }, { text: 'Hi' }]);
});
