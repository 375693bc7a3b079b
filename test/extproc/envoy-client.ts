import { join } from 'node:path';
import { ChannelCredentials, ClientDuplexStream, credentials, loadPackageDefinition, ServiceClientConstructor, status as grpcStatus } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

interface HeaderMutation {
  readonly setHeaders: ReadonlyArray<{ readonly header: { readonly key: string; readonly value: string; readonly rawValue: Buffer }; readonly appendAction: number }>;
  readonly removeHeaders: readonly string[];
}
interface Common {
  readonly status: number;
  readonly headerMutation?: HeaderMutation;
  readonly bodyMutation?: { readonly body?: Buffer; readonly streamedResponse?: { readonly body: Buffer; readonly endOfStream: boolean } };
  readonly clearRouteCache: boolean;
}

/** A reply as the official gRPC library decodes it. */
export interface Reply {
  readonly response: string;
  readonly requestHeaders?: { readonly response: Common | null };
  readonly responseHeaders?: { readonly response: Common };
  readonly requestBody?: { readonly response: Common };
  readonly responseBody?: { readonly response: Common };
  readonly responseTrailers?: unknown;
  readonly immediateResponse?: { readonly status: { readonly code: number }; readonly headers: HeaderMutation; readonly body: Buffer; readonly details: string };
  readonly dynamicMetadata?: { readonly fields: Record<string, { structValue: { fields: Record<string, { stringValue?: string; numberValue?: number }> } }> };
}

const OPTIONS = { keepCase: false, longs: Number, defaults: true, oneofs: true } as const;
const MESSAGE_LIMIT = 64 * 1024 * 1024;

function service(file: string, path: readonly string[]): ServiceClientConstructor {
  let found: unknown = loadPackageDefinition(loadSync(join(__dirname, file), OPTIONS));
  for (const name of path) found = (found as Record<string, unknown>)[name];
  return found as ServiceClientConstructor;
}

const ExternalProcessor = service('ext_proc.proto', ['envoy', 'service', 'ext_proc', 'v3', 'ExternalProcessor']);
const Health = service('health.proto', ['grpc', 'health', 'v1', 'Health']);

/** Plays Envoy with the official gRPC client: an oracle for framing, codec and HTTP/2. */
export class EnvoyClient {
  private readonly processor: InstanceType<ServiceClientConstructor>;
  private readonly health: InstanceType<ServiceClientConstructor>;

  /** @default - without TLS */
  constructor(port: number, channel: ChannelCredentials = credentials.createInsecure(), serverName?: string, host = '127.0.0.1') {
    const options = {
      'grpc.max_send_message_length': MESSAGE_LIMIT, 'grpc.max_receive_message_length': MESSAGE_LIMIT, ...serverName && { 'grpc.ssl_target_name_override': serverName },
    };
    this.processor = new ExternalProcessor(`${host}:${port}`, channel, options);
    this.health = new Health(`${host}:${port}`, channel, options);
  }

  stream(): EnvoyStream {
    return new EnvoyStream(this.processor.Process() as ClientDuplexStream<unknown, Reply>);
  }

  /** `SERVING`, `NOT_SERVING`, or the status of the error as a number. */
  check(name = ''): Promise<string | number> {
    return new Promise((resolve) => {
      this.health.Check({ service: name }, (error: { code: number } | null, answer?: { status: number }) => {
        resolve(error ? error.code : ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'][answer?.status ?? 0]);
      });
    });
  }

  /** Statuses as they change; ends with the watch. */
  async* watch(name = ''): AsyncGenerator<number> {
    const call = this.health.Watch({ service: name }) as ClientDuplexStream<unknown, { status: number }>;
    call.on('error', () => undefined);
    for await (const { status } of call as AsyncIterable<{ status: number }>) yield status;
  }

  close(): void {
    this.processor.close();
    this.health.close();
  }
}

/** One ext_proc stream. */
export class EnvoyStream {
  private readonly replies: Reply[] = [];
  private readonly waiting: Array<() => void> = [];
  /** The gRPC status once the stream is over. */
  status: number | undefined;

  constructor(private readonly call: ClientDuplexStream<unknown, Reply>) {
    call.on('data', (reply: Reply) => {
      this.replies.push(reply);
      this.waiting.splice(0).forEach((wake) => wake());
    });
    call.on('error', () => undefined);
    call.on('status', ({ code }: { code: number }) => {
      this.status = code;
      this.waiting.splice(0).forEach((wake) => wake());
    });
  }

  send(message: object): void {
    this.call.write(message);
  }

  requestHeaders(headers: Readonly<Record<string, string>> = {}, options: { endOfStream?: boolean; route?: string; modes?: readonly [number, number] } = {}): void {
    const [request, response] = options.modes ?? [2, 4];
    this.send({
      requestHeaders: { headers: headerMap({ ':method': 'POST', ':path': '/v1/chat/completions', ':authority': 'gateway', ...headers }), endOfStream: options.endOfStream ?? false },
      attributes: attributes({ 'xds.route_name': options.route ?? 'httproute/demo/chat/rule/0/match/0/*' }),
      protocolConfig: { requestBodyMode: request, responseBodyMode: response },
    });
  }

  requestBody(body: Uint8Array | string): void {
    this.send({ requestBody: { body: Buffer.from(body), endOfStream: true } });
  }

  responseHeaders(headers: Readonly<Record<string, string>>, options: { endOfStream?: boolean; codeDetails?: string } = {}): void {
    this.send({
      responseHeaders: { headers: headerMap(headers), endOfStream: options.endOfStream ?? false },
      attributes: attributes({ 'xds.route_name': 'httproute/demo/chat/rule/0/match/0/*', 'response.code_details': options.codeDetails ?? 'via_upstream' }),
    });
  }

  responseBody(body: Uint8Array | string, endOfStream: boolean): void {
    this.send({ responseBody: { body: Buffer.from(body), endOfStream } });
  }

  responseTrailers(): void {
    this.send({ responseTrailers: {} });
  }

  /** The next reply. Rejects when the stream ends without one. */
  async reply(): Promise<Reply> {
    for (;;) {
      const reply = this.replies.shift();
      if (reply !== undefined) return reply;
      if (this.status !== undefined) throw new Error(`the stream ended with status ${grpcStatus[this.status]}`);
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** Body pieces up to the end of the stream. */
  async body(): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for (;;) {
      const streamed = (await this.reply()).responseBody?.response.bodyMutation?.streamedResponse;
      if (streamed === undefined) throw new Error('a body reply without a streamed response');
      pieces.push(streamed.body);
      if (streamed.endOfStream) return Buffer.concat(pieces);
    }
  }

  async ended(): Promise<number> {
    while (this.status === undefined) await new Promise<void>((resolve) => this.waiting.push(resolve));
    return this.status;
  }

  /** Reads no more until `resume`. */
  pause(): void {
    this.call.pause();
  }

  resume(): void {
    this.call.resume();
  }

  halfClose(): void {
    this.call.end();
  }

  reset(): void {
    this.call.cancel();
  }
}

/** Headers that a reply sets, by name. */
export function setHeaders(mutation: HeaderMutation | undefined): Record<string, string> {
  return Object.fromEntries((mutation?.setHeaders ?? []).map(({ header }) => [header.key, header.rawValue.toString('utf8')]));
}

function headerMap(headers: Readonly<Record<string, string>>): object {
  return { headers: Object.entries(headers).map(([key, value]) => ({ key, rawValue: Buffer.from(value) })) };
}

function attributes(values: Readonly<Record<string, string>>): object {
  return { 'envoy.filters.http.ext_proc': { fields: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { stringValue: value }])) } };
}
