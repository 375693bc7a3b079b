import { createServer as createHttp1Server, Server, ServerResponse } from 'node:http';
import { constants, createServer as createHttp2Server, Http2Server, Http2ServerRequest, Http2ServerResponse, ServerHttp2Session } from 'node:http2';
import { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type Protocol = 'HTTP/1.1' | 'HTTP/2';

/** What a script does to its answer, in the same words for both protocols. */
export class ScriptedResponse {
  constructor(private readonly response: ServerResponse | Http2ServerResponse) {
    response.on('error', () => undefined);
  }

  head(status: number, headers: Record<string, string>): void {
    (this.response as ServerResponse).writeHead(status, headers);
  }

  write(bytes: string | Uint8Array): void {
    (this.response as ServerResponse).write(bytes);
  }

  /** Each piece a packet of its own, as far as a sender can say that. */
  async inPieces(bytes: string | Uint8Array, pieces: number): Promise<void> {
    const whole = Buffer.from(bytes);
    const size = Math.ceil(whole.length / pieces);
    for (let start = 0; start < whole.length; start += size) {
      this.write(whole.subarray(start, start + size));
      await sleep(5);
    }
  }

  end(bytes?: string | Uint8Array): void {
    (this.response as ServerResponse).end(bytes);
  }

  endWithTrailers(trailers: Record<string, string>): void {
    this.response.addTrailers(trailers);
    this.response.end();
  }

  /** Breaks off: the connection in HTTP/1.1, the stream in HTTP/2. */
  reset(): void {
    if (this.response instanceof ServerResponse) this.response.destroy();
    else this.response.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  }
}

export type ScriptedAnswer = (response: ScriptedResponse) => Promise<void> | void;

/** A provider of OpenAI's or Bedrock's dialect that answers as the last user message says. */
export class ScriptedProvider {
  static async start(protocol: Protocol, answers: Readonly<Record<string, ScriptedAnswer>>): Promise<ScriptedProvider> {
    const provider = new ScriptedProvider(protocol, answers);
    await new Promise<void>((resolve, reject) => {
      provider.server.once('error', reject);
      provider.server.listen(0, '127.0.0.1', () => resolve());
    });
    return provider;
  }

  /** Headers of the last request. */
  lastHeaders: Readonly<Record<string, unknown>> = {};
  private readonly server: Server | Http2Server;
  private readonly open = new Set<Socket | ServerHttp2Session>();

  private constructor(protocol: Protocol, private readonly answers: Readonly<Record<string, ScriptedAnswer>>) {
    this.server = protocol === 'HTTP/1.1' ? createHttp1Server() : createHttp2Server();
    this.server.on(protocol === 'HTTP/1.1' ? 'connection' : 'session', (connection: Socket | ServerHttp2Session) => {
      this.open.add(connection);
      connection.once('close', () => this.open.delete(connection));
    });
    this.server.on('request', (request: Http2ServerRequest, response: ServerResponse | Http2ServerResponse) => {
      const chunks: Buffer[] = [];
      this.lastHeaders = request.headers;
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => void this.answer(Buffer.concat(chunks), new ScriptedResponse(response)));
    });
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      for (const connection of this.open) connection.destroy();
    });
  }

  private async answer(body: Buffer, response: ScriptedResponse): Promise<void> {
    const { messages } = JSON.parse(body.toString('utf8')) as { messages: Array<{ content: string | Array<{ text: string }> }> };
    const { content } = messages[messages.length - 1];
    const name = typeof content === 'string' ? content : content[0].text;
    const script = this.answers[name];
    if (script !== undefined) return script(response);
    response.head(501, { 'content-type': 'text/plain' });
    response.end(`no script is called ${name}`);
  }
}
