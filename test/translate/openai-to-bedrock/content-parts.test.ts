import { droppedBy, messagesOf, refusal, sent } from './converse';

const PNG = 'iVBORw0KGgoAAAANSUhEUg==';
const JPEG = '/9j/4AAQSkZJRgABAQ==';
const PDF = 'JVBERi0xLjcK';

const content = (...parts: readonly object[]) => messagesOf({ role: 'user', content: [{ type: 'text', text: 'Look:' }, ...parts] })[0].content.slice(1);
const refused = (part: object) => refusal({ messages: [{ role: 'user', content: [part] }] });
const image = (url: unknown, more: object = {}) => ({ type: 'image_url', image_url: { url, ...more } });
const file = (members: object) => ({ type: 'file', file: members });

describe('images', () => {
  test.each([
    ['image/png', PNG, 'png'], ['image/jpeg', JPEG, 'jpeg'], ['image/gif', 'R0lGODlhAQ==', 'gif'], ['image/webp', 'UklGRgAAAABXRUJQ', 'webp'],
    ['IMAGE/PNG', PNG, 'png'], ['', PNG, 'png'],
  ])('%s', (mediaType, bytes, format) => {
    expect(content(image(`data:${mediaType};base64,${bytes}`))).toEqual([{ image: { format, source: { bytes } } }]);
  });

  test.each(['image/jpg', 'image/pjpeg', 'image/JPG'])('B12 %s is jpeg, also where the bytes do not say', (mediaType) => {
    expect(content(image(`data:${mediaType};base64,${JPEG}`))).toEqual([{ image: { format: 'jpeg', source: { bytes: JPEG } } }]);
    expect(content(image(`data:${mediaType};base64,AAAA`))).toEqual([{ image: { format: 'jpeg', source: { bytes: 'AAAA' } } }]);
  });

  test('B13 the bytes count, not what the URL declares', () => {
    expect(content(image(`data:image/png;base64,${JPEG}`))).toEqual([{ image: { format: 'jpeg', source: { bytes: JPEG } } }]);
    expect(content(image(`data:application/octet-stream;base64,${PNG}`))).toEqual([{ image: { format: 'png', source: { bytes: PNG } } }]);
  });

  test.each([
    'https://example.com/a.png', 'http://169.254.169.254/', 's3://bucket/a.png', '', ' data:image/png;base64,AAAA',
  ])('B14 the URL %j is refused, and says what to send', (url) => {
    const error = refused(image(url));
    expect(error).toMatchObject({ status: 400, param: 'messages[0].content[0].image_url.url' });
    expect(error.message).toContain('send a data URL');
  });

  test('the URL as the value itself, as older clients send it', () => {
    expect(content({ type: 'image_url', image_url: `data:image/png;base64,${PNG}` })).toEqual([{ image: { format: 'png', source: { bytes: PNG } } }]);
  });

  test('base64 of every kind that clients write is sent as the one that Converse takes', () => {
    const bytes = '+/+/8AAA+w==';
    for (const written of [bytes, '+/+/8AAA+w', '-_-_8AAA-w', '+/+/\r\n8AAA\n+w==', '%2B/%2B/8AAA%2Bw%3D%3D']) {
      expect(content(image(`data:image/png;base64,${written}`))).toEqual([{ image: { format: 'png', source: { bytes } } }]);
    }
  });

  test.each([
    'data:image/png;base64,', 'data:image/png;base64,AAAAA', 'data:image/png;base64,A*==', 'data:image/png,AAAA', 'data:image/png;base64', 'data:',
    'data:text/plain;base64,AAAA',
    'data:image/svg+xml;base64,PHN2Zz4=',
  ])('%s is refused', (url) => {
    expect(refused(image(url))).toMatchObject({ status: 400, code: 'invalid_value', param: 'messages[0].content[0].image_url.url' });
  });

  test('detail has no effect, which is a stated loss', () => {
    const messages = (detail: string) => [{ role: 'user', content: [image(`data:image/png;base64,${PNG}`, { detail })] }];
    expect(droppedBy({ messages: messages('high') })).toEqual(['messages[].content[].image_url.detail']);
    expect(droppedBy({ messages: messages('auto') })).toEqual([]);
    expect(refusal({ messages: messages('low') }, { unsupportedParameters: 'Strict' })).toMatchObject({ param: 'messages[0].content[0].image_url.detail' });
  });
});

describe('documents', () => {
  test.each([
    [{ file_data: `data:application/pdf;base64,${PDF}`, filename: 'report.pdf' }, { format: 'pdf', name: 'report', bytes: PDF }],
    [{ file_data: PDF, filename: 'odd.name.bin' }, { format: 'pdf', name: 'odd name', bytes: PDF }],
    [{ file_data: 'data:text/csv;base64,YSxi' }, { format: 'csv', name: 'document', bytes: 'YSxi' }],
    [{ file_data: 'YSxi', filename: 'Q1/ü  (draft)_[2].TXT' }, { format: 'txt', name: 'Q1 (draft) [2]', bytes: 'YSxi' }],
    [{ file_data: 'data:application/octet-stream;base64,YSxi', filename: 'a.md' }, { format: 'md', name: 'a', bytes: 'YSxi' }],
    [{ file_data: 'YSxi', filename: `${'long '.repeat(80)}.html` }, { format: 'html', name: 'long '.repeat(80).slice(0, 192).trim(), bytes: 'YSxi' }],
  ])('%j', (members, { format, name, bytes }) => {
    expect(content(file(members))).toEqual([{ document: { format, name, source: { bytes } } }]);
  });

  test('names that are equal get a number, over all messages', () => {
    const part = file({ file_data: PDF, filename: 'a.pdf' });
    const [first, , third] = messagesOf({ role: 'user', content: [part, part] }, { role: 'assistant', content: 'Two.' }, { role: 'user', content: [part] });
    expect([first, third].flatMap((message) => message.content.flatMap((block) => 'document' in block ? [block.document?.name] : []))).toEqual(['a', 'a 2', 'a 3']);
  });

  test('one without text beside it gets some, for Converse takes none alone', () => {
    const part = file({ file_data: PDF, filename: 'a.pdf' });
    const blocks = (name: string) => ({ document: { format: 'pdf', name, source: { bytes: PDF } } });
    const ask = (...parts: readonly object[]) => ({ messages: [{ role: 'user', content: parts }] });
    const contentOf = (...parts: readonly object[]) => sent(ask(...parts)).messages[0].content;
    expect(contentOf(part)).toEqual([blocks('a'), { text: '(document)' }]);
    expect(contentOf(part, { type: 'text', text: ' ' })).toEqual([blocks('a'), { text: '(document)' }]);
    expect(contentOf(part, { ...part, cache_control: { type: 'ephemeral' } })).toEqual([blocks('a'), blocks('a 2'), { text: '(document)' }, { cachePoint: { type: 'default' } }]);
    expect(contentOf(part, { type: 'text', text: 'What is it?' })).toEqual([blocks('a'), { text: 'What is it?' }]);
    expect([droppedBy(ask(part)), droppedBy(ask(part, { type: 'text', text: 'x' }))]).toEqual([['messages[].content'], []]);
  });

  test('a number that is another name already is passed over', () => {
    const parts = ['a 2.pdf', 'A.pdf', 'a.pdf', 'a.pdf'].map((filename) => file({ file_data: PDF, filename }));
    expect(content(...parts).map((block) => 'document' in block && block.document?.name)).toEqual(['a 2', 'A', 'a 3', 'a 4']);
  });

  test.each([
    [{ file_id: 'file-1' }, 'messages[0].content[0].file'],
    [{ file_data: 'YSxi' }, 'messages[0].content[0].file.file_data'],
    [{ file_data: 'YSxi', filename: 'a.exe' }, 'messages[0].content[0].file.file_data'],
    [{ file_data: '', filename: 'a.txt' }, 'messages[0].content[0].file.file_data'],
    [{ file_data: 5 }, 'messages[0].content[0].file.file_data'],
  ])('%j is refused', (members, param) => {
    expect(refused(file(members))).toMatchObject({ status: 400, param });
  });
});

describe('audio', () => {
  const audio = (input: object) => ({ type: 'input_audio', input_audio: input });

  test.each(['wav', 'mp3'])('%s', (format) => {
    expect(content(audio({ data: 'UklGRg==', format }))).toEqual([{ audio: { format, source: { bytes: 'UklGRg==' } } }]);
  });

  test('of another format or without data is refused', () => {
    expect(refused(audio({ data: 'UklGRg==', format: 'ogg' }))).toMatchObject({ param: 'messages[0].content[0].input_audio.format' });
    expect(refused(audio({ format: 'wav' }))).toMatchObject({ param: 'messages[0].content[0].input_audio.data' });
  });

  test('in a tool result is refused, or left out under Lenient', () => {
    const messages = [
      { role: 'user', content: 'Hi' }, { role: 'assistant', tool_calls: [{ id: '1', type: 'function', function: { name: 'f' } }] },
      { role: 'tool', tool_call_id: '1', content: [audio({ data: 'UklGRg==', format: 'wav' })] },
    ];
    expect(refusal({ messages })).toMatchObject({ code: 'unsupported_parameter', param: 'messages[2].content[0]' });
    expect(droppedBy({ messages }, { unsupportedParameters: 'Lenient' })).toEqual(['messages[].content[]']);
  });
});
