import { bytesOf } from '../replay';

/** One field as it goes over the wire; `disposition` and `headers` stand in for what a client would write. */
export interface Field {
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly fileName?: string;
  readonly disposition?: string;
  readonly headers?: readonly string[];
}

/** The bytes of a form, without any of the checks that a client has. */
export function formOf(boundary: string, fields: readonly Field[]): Uint8Array {
  const parts = fields.flatMap(({ name, content, fileName, disposition, headers = [] }) => {
    const written = disposition ?? `form-data; name="${name}"${fileName === undefined ? '' : `; filename="${fileName}"`}`;
    const head = [`--${boundary}`, `Content-Disposition: ${written}`, ...headers, '', ''].join('\r\n');
    return [bytesOf(head), typeof content === 'string' ? bytesOf(content) : content, bytesOf('\r\n')];
  });
  return new Uint8Array(Buffer.concat([...parts, bytesOf(`--${boundary}--\r\n`)]));
}

export function formType(boundary: string): string {
  return `multipart/form-data; boundary=${boundary}`;
}
