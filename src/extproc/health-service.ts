import { Call, CallHandler, GRPC_STATUS } from './transport';
import { WireError, WireReader } from './wire-reader';
import { Framed, WireWriter } from './wire-writer';

/** grpc.health.v1.HealthCheckResponse.ServingStatus. */
const SERVING = 1;
const NOT_SERVING = 2;
const SERVICE_UNKNOWN = 3;

/** grpc.health.v1 for the whole server (service `""`) and for ext_proc by its name. */
export class HealthService {
  private readonly watchers = new Map<Call, string>();
  private readonly writer = new WireWriter();

  /** `serving`: asked anew with every check. */
  constructor(private readonly services: readonly string[], private readonly serving: () => boolean) {}

  /** One status. */
  check(call: Call): CallHandler {
    return this.handler((service) => {
      if (service !== '' && !this.services.includes(service)) {
        call.end(5, 'there is no such service');
        return;
      }
      call.send(this.encode(this.serving() ? SERVING : NOT_SERVING));
      call.end(GRPC_STATUS.OK);
    }, call);
  }

  /** The status now and after every change. */
  watch(call: Call): CallHandler {
    return this.handler((service) => {
      call.send(this.encode(this.statusOf(service)));
      this.watchers.set(call, service);
    }, call);
  }

  /** To be called when `serving` may have changed. */
  changed(): void {
    for (const [call, service] of this.watchers) call.send(this.encode(this.statusOf(service)));
  }

  /** Ends all watches, which would otherwise keep a drain waiting. */
  endWatches(): void {
    for (const call of this.watchers.keys()) call.end(GRPC_STATUS.UNAVAILABLE, 'the server is going down');
  }

  private statusOf(service: string): number {
    if (service !== '' && !this.services.includes(service)) return SERVICE_UNKNOWN;
    return this.serving() ? SERVING : NOT_SERVING;
  }

  private handler(answer: (service: string) => void, call: Call): CallHandler {
    return {
      message: (bytes) => {
        try {
          answer(serviceOf(bytes));
        } catch (error) {
          if (!(error instanceof WireError)) throw error;
          call.end(GRPC_STATUS.INVALID_ARGUMENT, error.message);
        }
      },
      turn: () => undefined,
      refused: () => call.end(GRPC_STATUS.RESOURCE_EXHAUSTED, 'the message is too large'),
      ended: () => undefined,
      closed: () => { this.watchers.delete(call); },
    };
  }

  private encode(status: number): Framed {
    this.writer.number(1, status);
    return this.writer.finish();
  }
}

/** HealthCheckRequest.service. */
function serviceOf(bytes: Buffer): string {
  const reader = new WireReader(bytes);
  let service = '';
  while (reader.next()) if (reader.field === 1) service = reader.text();
  return service;
}
