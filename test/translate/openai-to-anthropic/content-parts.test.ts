import { droppedBy, HOSTS, refusal, sent } from './claude';
import { ClaudeHost } from '../../../src/translate/anthropic/hosted-target';

const PNG = 'iVBORw0KGgoAAAANSUhEUg==';
const JPEG = '/9j/4AAQSkZJRgABAQ==';
const PDF = 'JVBERi0xLjcK';

const messages = (...parts: readonly object[]) => [{ role: 'user', content: [{ type: 'text', text: 'Look:' }, ...parts] }];
const content = (part: object, host: ClaudeHost = 'Anthropic') => sent({ messages: messages(part) }, { host }).messages[0].content[1];
const refused = (part: object, host: ClaudeHost = 'Anthropic') => refusal({ messages: messages(part) }, { host });
const image = (url: unknown, more: object = {}) => ({ type: 'image_url', image_url: { url, ...more } });
const base64 = (type: string, data: string) => ({ type: 'image', source: { type: 'base64', media_type: `image/${type}`, data } });
const file = (members: object) => ({ type: 'file', file: members });

describe('images', () => {
  test('A17 a URL stays one where Anthropic itself fetches it', () => {
    expect(content(image('https://example.com/a.png'))).toEqual({ type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } });
  });

  test.each(['AWSAnthropic', 'GCPAnthropic'] as const)('A17 a URL is refused on %s, which takes bytes only, and is told what to send', (host) => {
    const error = refused(image('https://example.com/a.png'), host);
    expect(error).toMatchObject({ status: 400, param: 'messages[0].content[1].image_url.url' });
    expect(error.message).toContain('send a data URL');
  });

  test.each(HOSTS)('A18 the bytes count, not what the URL declares, on %s', (host) => {
    expect(content(image(`data:image/png;base64,${JPEG}`), host)).toEqual(base64('jpeg', JPEG));
    expect(content(image(`data:application/octet-stream;base64,${PNG}`), host)).toEqual(base64('png', PNG));
    expect(content(image('data:image/jpg;base64,AAAA'), host)).toEqual(base64('jpeg', 'AAAA'));
  });

  test('A18 also in a tool result', () => {
    const body = sent({
      messages: [
        ...messages(), { role: 'assistant', tool_calls: [{ id: '1', type: 'function', function: { name: 'f', arguments: '{}' } }] },
        { role: 'tool', tool_call_id: '1', content: [image(`data:image/png;base64,${JPEG}`)] },
      ],
    });
    expect(body.messages[2].content).toEqual([{ type: 'tool_result', tool_use_id: '1', content: [base64('jpeg', JPEG)] }]);
  });

  test('the URL as the value itself, as older clients send it', () => {
    expect(content({ type: 'image_url', image_url: `data:image/png;base64,${PNG}` })).toEqual(base64('png', PNG));
  });

  test.each(['data:image/png;base64,', 'data:image/svg+xml;base64,PHN2Zz4=', 'data:image/png,AAAA', 's3://bucket/a.png', ''])('%s is refused', (url) => {
    expect(refused(image(url))).toMatchObject({ status: 400, code: 'invalid_value', param: 'messages[0].content[1].image_url.url' });
  });

  test('detail has no effect, which is a stated loss', () => {
    const url = `data:image/png;base64,${PNG}`;
    expect(droppedBy({ messages: messages(image(url, { detail: 'high' })) })).toEqual(['messages[].content[].image_url.detail']);
    expect(droppedBy({ messages: messages(image(url, { detail: 'auto' })) }, { unsupportedParameters: 'Strict' })).toEqual([]);
  });
});

describe('documents', () => {
  const pdf = { type: 'base64', media_type: 'application/pdf', data: PDF };
  const plain = (data: string) => ({ type: 'text', media_type: 'text/plain', data });

  test.each<[object, object]>([
    [{ file_data: `data:application/pdf;base64,${PDF}`, filename: 'report.pdf' }, { source: pdf, title: 'report.pdf' }],
    [{ file_data: PDF }, { source: pdf }],
    [{ file_data: 'data:text/csv;base64,YSxi', filename: ' ' }, { source: plain('a,b') }],
    [{ file_data: 'w7wsYg==', filename: 'ü.TXT' }, { source: plain('ü,b'), title: 'ü.TXT' }],
    [{ file_data: 'data:application/json;base64,e30=' }, { source: plain('{}') }],
    [{ file_data: PDF, filename: 'x'.repeat(600) }, { source: pdf, title: 'x'.repeat(500) }],
  ])('%.80j', (members, block) => {
    for (const host of HOSTS) {
      expect(content(file(members), host)).toEqual({ type: 'document', ...block });
    }
  });

  test('a file by its URL, which Anthropic itself fetches', () => {
    const url = 'https://example.com/a.pdf';
    expect(content(file({ file_url: url, filename: 'a.pdf' }))).toEqual({ type: 'document', source: { type: 'url', url }, title: 'a.pdf' });
    for (const host of ['AWSAnthropic', 'GCPAnthropic'] as const) {
      expect(refused(file({ file_url: url }), host)).toMatchObject({ status: 400, param: 'messages[0].content[1].file.file_url' });
    }
    expect(refused(file({ file_url: 'file:///etc/passwd' }))).toMatchObject({ status: 400, param: 'messages[0].content[1].file.file_url' });
  });

  test('a file by its id, where Anthropic itself keeps it', () => {
    expect(content(file({ file_id: 'file_011' }))).toEqual({ type: 'document', source: { type: 'file', file_id: 'file_011' } });
    expect(refused(file({ file_id: 'file_011' }), 'AWSAnthropic')).toMatchObject({ status: 400, param: 'messages[0].content[1].file' });
  });

  test.each<[object, string]>([
    [{}, 'file'], [{ file_id: '' }, 'file.file_id'], [{ file_data: 'YSxi' }, 'file.file_data'], [{ file_data: 'YSxi', filename: 'a.docx' }, 'file.file_data'],
    [{ file_data: '', filename: 'a.txt' }, 'file.file_data'], [{ file_data: '//8=', filename: 'a.txt' }, 'file.file_data'], [{ file_data: 5 }, 'file.file_data'],
  ])('%j is refused', (members, param) => {
    expect(refused(file(members))).toMatchObject({ status: 400, param: `messages[0].content[1].${param}` });
  });
});
