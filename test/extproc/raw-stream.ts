import { ClientHttp2Session, connect, createServer } from 'node:http2';
import { AddressInfo } from 'node:net';
import { EnvoyClient, EnvoyStream } from './envoy-client';

export const PROCESS = '/envoy.service.ext_proc.v3.ExternalProcessor/Process';

/** HTTP/2 without a gRPC library. The server may end it first. */
export function rawSession(port: number): ClientHttp2Session {
  const session = connect(`http://127.0.0.1:${port}`);
  session.on('error', () => undefined);
  return session;
}

/** Sends the chunks on one ext_proc stream, each in a turn of its own; what comes back. */
export async function exchangeBytes(session: ClientHttp2Session, chunks: readonly Buffer[]): Promise<Buffer> {
  const call = session.request({ ':method': 'POST', ':path': PROCESS, 'content-type': 'application/grpc' });
  const received: Buffer[] = [];
  call.on('data', (chunk: Buffer) => received.push(chunk));
  const closed = new Promise<void>((resolve) => call.on('close', () => resolve()));
  for (const chunk of chunks) {
    call.write(chunk);
    await new Promise(setImmediate);
  }
  call.end();
  await closed;
  return Buffer.concat(received);
}

export function messagesIn(bytes: Buffer): Buffer[] {
  const messages: Buffer[] = [];
  for (let position = 0; position < bytes.length;) {
    const end = position + 5 + bytes.readUInt32BE(position + 1);
    messages.push(bytes.subarray(position + 5, end));
    position = end;
  }
  return messages;
}

/** What `drive` sends, as the official library frames it: caught by a server of the test's own. */
export async function recordBytes(drive: (stream: EnvoyStream) => void): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const server = createServer();
  const done = new Promise<void>((resolve) => server.on('stream', (stream) => {
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '0' }, { endStream: true });
      resolve();
    });
  }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = new EnvoyClient((server.address() as AddressInfo).port);
  const stream = client.stream();
  drive(stream);
  stream.halfClose();
  await done;
  client.close();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return Buffer.concat(chunks);
}
