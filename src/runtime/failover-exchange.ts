import { Choice } from './configuration';
import { CredentialError } from './credentials/credential-error';
import { Answer, Forward, ResponseBytes, ResponseHeadIn, ResponseHeadOut } from './exchange';
import { Failover } from './failover';
import { HeldAnswer, Telling } from './held-answer';
import { answeredByProvider, attemptFailure, localReplyError } from './local-reply';
import { TakeoverCalls } from './takeover-calls';
import { UpstreamCall, UpstreamClient } from './upstream-client';
import { ClientError } from '../translate/input-dialect';
import { RequestError } from '../translate/request-error';

/** What an exchange does with one backend; a failover does it with one after the other. */
export interface BackendExchange {
  /** Throws `RequestError` and `CredentialError`. */
  forwardTo(choice: Choice): Forward | Promise<Forward>;
  /** The gateway's own call of what was forwarded. */
  callOf(choice: Choice, forward: Forward): Omit<UpstreamCall, 'signal'>;
  answerHead(head: ResponseHeadIn): ResponseHeadOut;
  answerChunk(chunk: Uint8Array): ResponseBytes;
  answerEnd(): ResponseBytes;
  answerFailed(reason: string): ResponseBytes;
  /** What of this answer tells whether it is one; `undefined`: its head alone. */
  telling(head: ResponseHeadIn, out: ResponseHeadOut): Telling | undefined;
  /** Why the answer is none, as far as it came. */
  readonly answerFailure: ClientError | undefined;
  /** Makes room for another backend's answer. */
  forgetAnswer(): void;
  /** No other backend will get the request. */
  forgetRequest(): void;
  /** An error instead of what is left of the answer. */
  errorAnswer(error: ClientError): Answer;
  fault(error: unknown): void;
}

const NO_BYTES = new Uint8Array(0);
const ATTEMPTS_HEADER = 'x-llm-attempts';
/** Where a takeover says everything. */
const VOID_HEAD: ResponseHeadOut = { status: 0, setHeaders: [], removeHeaders: [], bodyUnchanged: false };

/**
 * An exchange whose rule has failover: as long as nothing of an answer has gone out, a failure that `retryOn` names leads to the next backend,
 * which the gateway calls itself.
 */
export class FailoverExchange {
  private held: HeldAnswer | undefined;
  private takeover: TakeoverCalls | undefined;

  constructor(private readonly exchange: BackendExchange, readonly failover: Failover, private readonly upstream: UpstreamClient) {}

  /** To the first backend of the plan that a request can be made for; what the client must change is told at once. */
  async forward(): Promise<Forward> {
    const { failover } = this;
    for (;;) {
      try {
        return { ...await this.exchange.forwardTo(failover.choice), headTimeout: failover.headTimeout, keepsBody: true };
      } catch (error) {
        const ours = (error instanceof CredentialError || error instanceof RequestError) && error.status >= 500;
        if (!ours || !this.settle('not-sent')) throw error;
        failover.advance();
      }
    }
  }

  responseHead(head: ResponseHeadIn): ResponseHeadOut {
    return this.head(head) ?? this.takeOver();
  }

  responseChunk(chunk: Uint8Array): ResponseBytes {
    return this.chunk(chunk) ?? this.takeOver();
  }

  responseEnd(): ResponseBytes {
    return this.end() ?? this.takeOver();
  }

  responseFailed(reason: string): ResponseBytes {
    return this.failed(reason) ?? this.takeOver();
  }

  responseLate(): ResponseBytes {
    return this.late() ?? this.takeOver();
  }

  /** As in `Exchange`. */
  get patience(): number | undefined {
    return this.held === undefined ? undefined : this.failover.headTimeout;
  }

  close(): void {
    this.takeover?.close();
    this.settle('abandoned');
  }

  /** In this and the next four, `undefined`: the attempt failed, and there is another to be made. */
  private head(head: ResponseHeadIn): ResponseHeadOut | undefined {
    const { exchange } = this;
    const byProvider = answeredByProvider(head.codeDetails);
    const failure = byProvider ? undefined : attemptFailure(head.codeDetails ?? '');
    if (!byProvider && failure === undefined) {
      // The gateway's own refusal is no backend's failure. The end of the whole request's time is, but nothing follows it.
      if (head.codeDetails === 'response_timeout') this.settle('timeout');
      return this.numbered(exchange.answerHead(head));
    }
    if (failure !== undefined || head.status >= 300) {
      const goesOn = failure === undefined ? this.settle('status', head.status, head.header('retry-after')) : this.settle(failure);
      if (goesOn) return undefined;
      const error = this.numbered(exchange.answerHead(head));
      // An error is small, and one that never ends must not become a timeout of somebody else's.
      return head.endOfStream || error.replaceBody !== undefined ? error : this.hold(error, 'error');
    }
    const { held: _held, ...out } = exchange.answerHead(head);
    const telling = out.replaceBody === undefined && !head.endOfStream ? exchange.telling(head, out) : undefined;
    if (telling === undefined) return this.goesOn(out.status) ? undefined : this.numbered(out);
    return this.hold(this.numbered(out), telling);
  }

  private hold(out: ResponseHeadOut, telling: Telling): ResponseHeadOut {
    this.held = new HeldAnswer(out, telling);
    return { ...out, held: true };
  }

  private chunk(chunk: Uint8Array): ResponseBytes | undefined {
    const piece = this.exchange.answerChunk(chunk);
    return this.held === undefined ? piece : this.heldBytes(piece, this.held, false);
  }

  private end(): ResponseBytes | undefined {
    const piece = this.exchange.answerEnd();
    return this.held === undefined ? piece : this.heldBytes(piece, this.held, true);
  }

  private failed(reason: string): ResponseBytes | undefined {
    if (this.held?.isError === true) return this.cutShort(this.held);
    if (this.held !== undefined && this.settle('reset')) return undefined;
    const piece = this.exchange.answerFailed(reason);
    return this.held === undefined ? piece : this.heldBytes(piece, this.held, true);
  }

  private late(): ResponseBytes | undefined {
    const { held } = this;
    if (held === undefined) return { bytes: NO_BYTES };
    if (held.isError) return this.cutShort(held);
    if (this.settle('timeout')) return undefined;
    this.held = undefined;
    return held.replaced(this.exchange.errorAnswer(localReplyError(504, 'response_timeout')));
  }

  /** Of an error that did not come to its end, the status is known. */
  private cutShort(held: HeldAnswer): ResponseBytes {
    this.held = undefined;
    const status = Math.max(held.status, 400);
    return held.replaced(this.exchange.errorAnswer({ status, message: `the provider answered ${held.status} and broke off`, code: 'upstream_error' }));
  }

  /** What of a held answer may go out by now. */
  private heldBytes(piece: ResponseBytes, held: HeldAnswer, ended: boolean): ResponseBytes | undefined {
    const { exchange } = this;
    held.add(piece);
    if (held.isError) {
      if (!ended) return { bytes: NO_BYTES };
      this.held = undefined;
      return held.released();
    }
    const failure = exchange.answerFailure ?? (ended && !held.whole ? { status: 502, message: 'the provider\'s answer is not complete', code: 'broken_answer' } : undefined);
    if (failure === undefined && !ended && !held.begun) return { bytes: NO_BYTES };
    if (this.goesOn(held.status, failure)) return undefined;
    this.held = undefined;
    if (failure === undefined) return held.released();
    // Nothing of it went out yet: the client gets an error as a whole, instead of a stream that begins with one or of JSON without an end.
    return held.replaced(exchange.errorAnswer({ ...failure, status: failure.status >= 400 ? failure.status : 502 }));
  }

  /** Settles an attempt whose status said success. */
  private goesOn(status: number, failure = this.exchange.answerFailure): boolean {
    return failure === undefined ? this.settle('answered', status) : this.settle('broken-answer', failure.status);
  }

  private settle(...outcome: Parameters<Failover['settle']>): boolean {
    const goesOn = this.failover.settle(...outcome);
    if (!goesOn) this.exchange.forgetRequest();
    return goesOn;
  }

  private numbered(out: ResponseHeadOut): ResponseHeadOut {
    const { attempt, choice } = this.failover;
    if (attempt === 1) return out;
    return { ...out, setHeaders: [...out.setHeaders, [ATTEMPTS_HEADER, String(attempt)]], metadata: { ...out.metadata, backend: choice.target.key } };
  }

  private takeOver(): ResponseHeadOut & ResponseBytes {
    const takeover: TakeoverCalls = new TakeoverCalls(this.upstream, {
      next: () => this.next(takeover),
      head: (head) => this.head(head),
      chunk: (chunk) => this.chunk(chunk),
      end: () => this.end(),
      failed: (reason) => this.failed(reason),
      late: () => this.late(),
      patience: () => this.patience,
      timeLeft: this.failover.timeLeft,
    });
    this.takeover = takeover;
    return { ...VOID_HEAD, bytes: NO_BYTES, takeover };
  }

  /** The call of the next backend that a request can be made for. */
  private async next(takeover: TakeoverCalls): Promise<Omit<UpstreamCall, 'signal'> | Answer> {
    const { exchange, failover } = this;
    this.held = undefined;
    exchange.forgetAnswer();
    do {
      const choice = failover.advance();
      try {
        await takeover.pause(failover.wait);
        return { ...exchange.callOf(choice, await exchange.forwardTo(choice)), headTimeout: failover.headTimeout };
      } catch (error) {
        if (!(error instanceof RequestError || error instanceof CredentialError)) exchange.fault(error);
      }
    } while (this.settle('not-sent'));
    return this.exchange.errorAnswer({ status: 503, message: 'no backend of this model answered', code: 'upstream_error' });
  }
}
