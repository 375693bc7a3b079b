import { setTimeout as sleep } from 'node:timers/promises';
import { Answer, ResponseBytes, ResponseHeadIn, ResponseHeadOut, Takeover, TakeoverBytes, TakeoverHead } from './exchange';
import { providerFailure } from './local-reply';
import { clientHeaders } from './message-headers';
import { Patience } from './patience';
import { UpstreamAnswer, UpstreamCall, UpstreamClient, UpstreamError } from './upstream-client';

/** The exchange's side of a takeover. Where a method returns `undefined`, this attempt has failed too and the next is to be made. */
export interface Attempts {
  /** The call of the next backend; an answer: none is left that could be called. */
  next(): Promise<Omit<UpstreamCall, 'signal'> | Answer>;
  head(head: ResponseHeadIn): ResponseHeadOut | undefined;
  chunk(chunk: Uint8Array): ResponseBytes | undefined;
  end(): ResponseBytes | undefined;
  failed(reason: string): ResponseBytes | undefined;
  /** The answer, of which nothing may go out yet, did not go on in time. */
  late(): ResponseBytes | undefined;
  /** As in `Exchange`. */
  patience(): number | undefined;
  /** Milliseconds that are left for the whole request. */
  readonly timeLeft: number;
}

const NO_HEADERS: ReadonlyMap<string, string> = new Map();

/** Calls one backend after the other until one answers, and reads its answer as fast as it is asked for. */
export class TakeoverCalls implements Takeover {
  private call = new AbortController();
  private body: AsyncIterator<Uint8Array> | undefined;
  private readonly ready: TakeoverBytes[] = [];
  private readonly deadline: NodeJS.Timeout;
  private readonly left = new AbortController();

  constructor(private readonly upstream: UpstreamClient, private readonly attempts: Attempts) {
    this.deadline = setTimeout(() => this.call.abort(), Math.min(Math.max(attempts.timeLeft, 0), 2 ** 31 - 1));
    this.deadline.unref();
  }

  async head(): Promise<TakeoverHead> {
    for (;;) {
      const head = await this.attempt();
      if (this.closed) throw new Error('the exchange is closed');
      if (head !== undefined) return head;
      // Nothing more is read of an answer that was none.
      this.body = undefined;
      this.call.abort();
    }
  }

  async next(): Promise<TakeoverBytes | undefined> {
    const ready = this.ready.shift();
    if (ready !== undefined || this.body === undefined) return ready;
    return this.pull(this.body);
  }

  /** Waits, unless the exchange is closed meanwhile. */
  async pause(milliseconds: number): Promise<void> {
    if (milliseconds > 0) await sleep(milliseconds, undefined, { signal: this.left.signal }).catch(() => undefined);
  }

  close(): void {
    this.left.abort();
    clearTimeout(this.deadline);
    this.call.abort();
  }

  private get closed(): boolean {
    return this.left.signal.aborted;
  }

  private async attempt(): Promise<TakeoverHead | undefined> {
    const call = await this.attempts.next();
    if ('kind' in call) {
      this.ready.push({ bytes: call.body });
      return { status: call.status, headers: call.headers, metadata: call.metadata };
    }
    this.call = new AbortController();
    if (this.closed) return undefined;
    let answer: UpstreamAnswer;
    try {
      answer = await this.upstream.call({ ...call, signal: this.call.signal });
    } catch (error) {
      const failure = error instanceof UpstreamError ? error.failure : 'reset';
      return this.answered(this.attempts.head({ ...providerFailure(failure), endOfStream: false, header: () => undefined }), NO_HEADERS);
    }
    const { headers } = answer;
    this.body = answer.body[Symbol.asyncIterator]();
    const out = this.attempts.head({ status: answer.status, endOfStream: false, header: (name) => headers.get(name) });
    return this.answered(out?.held === true ? await this.heldHead() : out, headers);
  }

  private answered(out: ResponseHeadOut | undefined, headers: ReadonlyMap<string, string>): TakeoverHead | undefined {
    if (out === undefined) return undefined;
    if (out.replaceBody !== undefined) {
      this.ready.push({ bytes: out.replaceBody });
      this.body = undefined;
      this.call.abort();
    }
    const { 'content-length': _length, ...rest } = clientHeaders(out, headers);
    return { status: out.status, headers: Object.entries(rest), ...(out.metadata === undefined ? {} : { metadata: out.metadata }) };
  }

  /** Reads until it is clear whether the answer is one. */
  private async heldHead(): Promise<ResponseHeadOut | undefined> {
    for (;;) {
      const piece = this.body && await this.pull(this.body);
      if (piece === undefined) return undefined;
      const { head, ...bytes } = piece;
      if (bytes.bytes.length > 0 || bytes.metadata !== undefined) this.ready.push(bytes);
      if (head !== undefined) return head;
    }
  }

  private async pull(body: AsyncIterator<Uint8Array>): Promise<(ResponseBytes & TakeoverBytes) | undefined> {
    const patience = new Patience(() => this.call.abort());
    patience.wait(this.attempts.patience());
    try {
      const { done, value } = await body.next();
      if (done !== true) return this.attempts.chunk(value);
    } catch (error) {
      this.body = undefined;
      if (patience.ended) return this.attempts.late();
      const piece = this.attempts.failed((error as { code?: string }).code ?? 'connection lost');
      return piece && (piece.bytes.length === 0 ? { ...piece, broken: true } : piece);
    } finally {
      patience.stop();
    }
    this.body = undefined;
    return this.attempts.end();
  }
}
