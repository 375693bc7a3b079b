/** A chunk of a chat stream, as a client reads it. */
export interface Chunk {
  readonly id: string;
  readonly object: string;
  readonly created: number;
  readonly model: string;
  readonly choices: ReadonlyArray<{
    readonly index: number;
    readonly delta: Readonly<Record<string, unknown>>;
    readonly logprobs?: unknown;
    readonly finish_reason: string | null;
    readonly provider_finish_reason?: string;
  }>;
  readonly usage?: unknown;
  readonly service_tier?: string;
}

/** Asks for usage at the end of a stream. */
export const ASKING = { stream_options: { include_usage: true } };

/** What a client is told of a stream before its first byte. */
export const STREAM_HEAD = { status: 200, setHeaders: [['content-type', 'text/event-stream']], removeHeaders: [], bodyUnchanged: false };

/** A chunk as translators write it for the model `mine`. */
export function writtenChunk(delta: object, finish: string | null = null, more: object = {}): object {
  const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1741569952, model: 'mine' };
  return { ...head, choices: [{ index: 0, delta, logprobs: null, finish_reason: finish, ...more }] };
}

/** What stands at the end of a stream that the provider cut short. */
export const BROKEN_OFF = {
  error: { message: 'the provider ended the stream before the answer was complete', type: 'server_error', param: null, code: 'upstream_broke_off' },
};

/** What a client reads out of a stream: every event's JSON, `[DONE]` as it is. */
export function readEvents(stream: string): unknown[] {
  return stream.split('\n\n').slice(0, -1).map((event) => {
    expect(event).toMatch(/^data: [^\n]*$/);
    return event === 'data: [DONE]' ? '[DONE]' : JSON.parse(event.slice('data: '.length)) as unknown;
  });
}

/** The chunks of a stream that ended as it should. */
export function chunksOf(stream: string): Chunk[] {
  const events = readEvents(stream);
  expect(events.at(-1)).toBe('[DONE]');
  return events.slice(0, -1) as Chunk[];
}

export function deltasOf(stream: string): Array<Readonly<Record<string, unknown>>> {
  return chunksOf(stream).flatMap(({ choices }) => choices.map(({ delta }) => delta));
}

export function finishOf(chunks: readonly Chunk[]): string[] {
  return chunks.flatMap(({ choices }) => choices).map((choice) => choice.finish_reason).filter((reason) => reason !== null);
}

interface CallPart {
  readonly index: number;
  readonly function: { readonly arguments: string };
}

/** The arguments of each call, put together, by the call's index. */
export function argumentsOfCalls(stream: string): string[] {
  const joined: string[] = [];
  for (const { index, function: part } of deltasOf(stream).flatMap((delta) => (delta.tool_calls ?? []) as readonly CallPart[])) {
    joined[index] = (joined[index] ?? '') + part.arguments;
  }
  return joined;
}
