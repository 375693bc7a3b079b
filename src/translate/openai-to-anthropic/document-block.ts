import type { DocumentBlockParam } from '@anthropic-ai/sdk/resources/messages';
import { HostFacts } from './host-facts';
import { firstBytes, normalBase64, parseDataUrl } from '../request/data-url';
import { RequestValue } from '../request/request-value';

/** Files of plain text by their extensions; Claude takes these and PDF. https://platform.claude.com/docs/en/build-with-claude/files */
const TEXT_EXTENSIONS: ReadonlySet<string> = new Set(['txt', 'md', 'csv', 'tsv', 'html', 'htm', 'json', 'xml', 'yaml', 'yml', 'log']);
const LONGEST_TITLE = 500;

/** A `file` part: with its bytes in it, or, where the host fetches files and keeps them, by its URL or the id that it has there. */
export function documentBlock(part: RequestValue, host: HostFacts): DocumentBlockParam {
  const file = part.member('file');
  const filename = file.member('filename').present ? file.member('filename').string().trim() : '';
  return { type: 'document', source: source(file, filename, host), ...filename !== '' && { title: filename.slice(0, LONGEST_TITLE) } };
}

function source(file: RequestValue, filename: string, host: HostFacts): DocumentBlockParam['source'] {
  const value = file.member('file_data');
  const id = file.member('file_id');
  if (!value.present && id.present && host.fetches) {
    return { type: 'file', file_id: id.nonEmptyString() };
  }
  const url = file.member('file_url');
  if (!value.present && url.present && host.fetches && /^https?:/i.test(url.string().slice(0, 6))) {
    return { type: 'url', url: url.string() };
  }
  if (!value.present) {
    throw (url.present ? url : file).invalid(`this model's provider (${host.name}) takes bytes only; send file_data (data:application/pdf;base64,...)`);
  }
  const { mediaType, base64 } = /^data:/i.test(value.string().slice(0, 5)) ? parseDataUrl(value, host.name) : { mediaType: '', base64: normalBase64(value.string(), value) };
  if (mediaType === 'application/pdf' || firstBytes(base64).startsWith('%PDF') || /\.pdf$/i.test(filename)) {
    return { type: 'base64', media_type: 'application/pdf', data: base64 };
  }
  const extension = filename.slice(filename.lastIndexOf('.') + 1).toLowerCase();
  if (!mediaType.startsWith('text/') && mediaType !== 'application/json' && !TEXT_EXTENSIONS.has(extension)) {
    throw value.invalid('the file must be PDF or plain text, told by its data URL or by its filename');
  }
  return { type: 'text', media_type: 'text/plain', data: textOf(base64, value) };
}

function textOf(base64: string, value: RequestValue): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(base64, 'base64'));
  } catch {
    throw value.invalid('a file of plain text must be UTF-8');
  }
}
