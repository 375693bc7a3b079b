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
