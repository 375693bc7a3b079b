import { PORTS } from './envoy-config';
import { BodyBudget } from '../src/extproc/body-budget';
import { Http2Transport } from '../src/extproc/http2-transport';
import { decodeProcessingRequest } from '../src/extproc/processing-request';
import { ProcessingResponseEncoder } from '../src/extproc/processing-response';
import { Call, CallHandler, GRPC_STATUS } from '../src/extproc/transport';

/**
 * An ext_proc server that does nothing useful, on our own transport and codec: it parses each request body and writes it anew, sets two
 * headers and removes one, and passes response bodies on as they come. What any ext_proc server in Node pays.
 */
const encoder = new ProcessingResponseEncoder('bench');
const CHANGES = { set: [['x-model', 'm'], ['x-backend', 'b']], remove: ['x-removed'] } as const;

class NoOp implements CallHandler {
  private readonly pieces: Uint8Array[] = [];
  private last = false;

  constructor(private readonly call: Call) {}

  message(bytes: Buffer): void {
    const message = decodeProcessingRequest(bytes);
    switch (message.kind) {
      case 'requestHeaders': return this.call.send(encoder.continueRequestHeaders());
      case 'requestBody': {
        const body = Buffer.from(JSON.stringify(JSON.parse(message.body.toString('utf8'))));
        return this.call.send(encoder.requestBody({ ...CHANGES, set: [...CHANGES.set, ['content-length', String(body.length)]] }, body, {}));
      }
      case 'responseHeaders': return this.call.send(encoder.responseHeaders({ set: [], remove: [] }, undefined, undefined));
      case 'responseBody':
        this.pieces.push(message.body);
        this.last = message.endOfStream;
        return;
      default: return this.call.send(encoder.continueTrailers('response'));
    }
  }

  turn(): void {
    if (this.pieces.length === 0) return;
    this.call.send(encoder.responseBody(this.pieces.length === 1 ? this.pieces[0] : Buffer.concat(this.pieces), this.last, undefined));
    this.pieces.length = 0;
  }

  refused(): void {
    this.call.end(GRPC_STATUS.RESOURCE_EXHAUSTED);
  }

  ended(): void {
    this.call.end(GRPC_STATUS.OK);
  }

  closed(): void {
    this.last = true;
  }
}

const ROOM = 1024 * 1024 * 1024;
const transport = new Http2Transport((_path, call) => new NoOp(call), new BodyBudget({ message: ROOM, connection: ROOM, process: ROOM }));
void transport.listen({ host: '127.0.0.1', port: PORTS.noOpExtProc });
process.once('SIGTERM', () => void transport.close());
