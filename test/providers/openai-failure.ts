import { ServerResponse } from 'node:http';

/** An error as OpenAI's API sends it. */
export function fail(response: ServerResponse, status: number, message: string, type: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { message, type, param: null, code: null } }));
}
