import { ServerResponse } from 'node:http';
import { FakeProvider, RecordedRequest } from '../fake-provider';

/** How a cloud behaves from now on. `stuck`: it takes requests and never answers. `refuse`: an error that repeats the request, as careless servers do. */
export type CloudMode = 'well' | 'refuse' | 'stuck';

/** A place that gives credentials. */
export interface FakeCloud extends FakeProvider {
  mode: CloudMode;
  /** Seconds that what it gives is valid for. */
  lifetime: number;
  /** What it gave, in order. */
  readonly given: string[];
  /** Why it refused; none, where the caller keeps to the protocol. */
  readonly complaints: string[];
}

/** Throws what a request does not keep to. */
export function demand(condition: unknown, complaint: string): asserts condition {
  if (!condition) throw new Error(complaint);
}

/** What is common to all: modes, and an answer to a caller that did not keep to the protocol. */
export function cloudHandler(
  cloud: () => FakeCloud, refuse: (response: ServerResponse, echo: string) => void, answer: (request: RecordedRequest, response: ServerResponse) => void,
) {
  return (request: RecordedRequest, response: ServerResponse): void => {
    const { mode, complaints } = cloud();
    if (mode === 'stuck') return;
    if (mode === 'refuse') return refuse(response, echoOf(request));
    try {
      answer(request, response);
    } catch (error) {
      complaints.push(`${request.method} ${request.path}: ${(error as Error).message}`);
      refuse(response, echoOf(request));
    }
  };
}

function echoOf({ body, headers }: RecordedRequest): string {
  return `${decodeURIComponent(body.toString('utf8').replaceAll('+', ' '))} ${headers.authorization ?? ''}`;
}

export function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

/** A name for what is given, that is found again in any output. */
export function newToken(cloud: FakeCloud, kind: string): string {
  const token = `planted-${kind}-${cloud.given.length + 1}`;
  cloud.given.push(token);
  return token;
}

export function asCloud(provider: FakeProvider): FakeCloud {
  return { ...provider, mode: 'well', lifetime: 3_600, given: [], complaints: [] };
}
