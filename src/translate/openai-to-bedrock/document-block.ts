import type { ContentBlock, DocumentFormat } from '@aws-sdk/client-bedrock-runtime';
import { Wire } from '../bedrock/converse-wire';
import { firstBytes, normalBase64, parseDataUrl } from '../request/data-url';
import { RequestValue } from '../request/request-value';

const BY_EXTENSION: ReadonlyMap<string, DocumentFormat> = new Map([
  ['pdf', 'pdf'], ['csv', 'csv'], ['doc', 'doc'], ['docx', 'docx'], ['xls', 'xls'], ['xlsx', 'xlsx'], ['html', 'html'], ['htm', 'html'],
  ['txt', 'txt'], ['md', 'md'],
]);
const BY_MEDIA_TYPE: ReadonlyMap<string, DocumentFormat> = new Map([
  ['application/pdf', 'pdf'], ['text/csv', 'csv'], ['application/msword', 'doc'],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'docx'], ['application/vnd.ms-excel', 'xls'],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'], ['text/html', 'html'], ['text/plain', 'txt'],
  ['text/markdown', 'md'],
]);
const LONGEST_NAME = 200;

/** Names of one request's documents: Converse refuses two that are equal, and most characters of file names. */
export class DocumentNames {
  private readonly taken = new Set<string>();
  private readonly lastCounts = new Map<string, number>();

  /** The request has a document. */
  get used(): boolean {
    return this.taken.size > 0;
  }

  /** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_DocumentBlock.html */
  unique(filename: string | undefined): string {
    const base = (filename ?? '').replace(/\.[^.]*$/, '').replace(/[^a-zA-Z0-9()[\]-]+/g, ' ').trim().slice(0, LONGEST_NAME - 8).trim() || 'document';
    let count = this.lastCounts.get(base.toLowerCase()) ?? 0;
    let name: string;
    do {
      count += 1;
      name = count === 1 ? base : `${base} ${count}`;
    } while (this.taken.has(name.toLowerCase()));
    this.lastCounts.set(base.toLowerCase(), count);
    this.taken.add(name.toLowerCase());
    return name;
  }
}

/** A `file` part with its bytes in it. */
export function documentBlock(part: RequestValue, names: DocumentNames): Wire<ContentBlock.DocumentMember> {
  const file = part.member('file');
  const data = file.member('file_data');
  if (!data.present) {
    const url = file.member('file_url');
    throw (url.present ? url : file).invalid('this model\'s provider (AWS Bedrock) takes bytes only; send file_data (data:application/pdf;base64,...)');
  }
  const filename = file.member('filename').present ? file.member('filename').string() : undefined;
  const { mediaType, base64 } = /^data:/i.test(data.string()) ? parseDataUrl(data, 'AWS Bedrock') : { mediaType: '', base64: normalBase64(data.string(), data) };
  const extension = /\.([^.]+)$/.exec(filename ?? '')?.[1].toLowerCase() ?? '';
  const format = firstBytes(base64).startsWith('%PDF') ? 'pdf' : BY_MEDIA_TYPE.get(mediaType) ?? BY_EXTENSION.get(extension);
  if (!format) {
    throw data.invalid(`the file must be one of ${[...new Set(BY_EXTENSION.values())].join(', ')}, told by its data URL or by its filename`);
  }
  return { document: { format, name: names.unique(filename), source: { bytes: base64 } } };
}
