import { HeaderMap } from './header-map';
import { BUFFERED, BodyModes, decodeProcessingRequest, FULL_DUPLEX_STREAMED, ProcessingRequest } from './processing-request';
import { DynamicMetadata, Immediate, ProcessingResponseEncoder } from './processing-response';
import { httpRouteOf } from './route-name';
import { Call, CallHandler, GRPC_STATUS } from './transport';
import { Answer, Exchange, Forward, NeedBody, RequestHead, ResponseBytes, ResponseHeadOut, Takeover } from '../runtime/exchange';
import { Patience } from '../runtime/patience';

export interface ExtProcStreamOptions {
  readonly encoder: ProcessingResponseEncoder;
  exchange(): Exchange;
  /** Milliseconds that a credential may take; less than Envoy's messageTimeout, so that the client hears why. */
  readonly decisionTimeout: number;
  /** A fault of ours or of the policy that sends us messages; never of the client. */
  onFault(error: unknown): void;
}

/** What is said when even the exchange failed; it has no client dialect to say it in. */
const FAILURE: Immediate = {
  status: 502,
  headers: [['content-type', 'application/json']],
  body: Buffer.from('{"error":{"message":"the gateway failed on this request","type":"server_error","param":null,"code":"gateway_error"}}'),
  details: 'llm_gateway_error',
};

/**
 * Where the stream is: Envoy tells of the request, waits for our decision, tells of the response, waits for another backend's answer while what
 * it still tells is passed over, or needs nothing more.
 */
type Phase = 'request' | 'deciding' | 'response' | 'takeover' | 'done';

/**
 * One ext_proc stream: one client request. Envoy's messages drive an `Exchange`, its results become replies. Whatever goes wrong, Envoy gets
 * a reply: an unanswered message hangs the client, and a stream that merely ends lets the request go on untranslated.
 */
export class ExtProcStream implements CallHandler {
  private readonly exchange: Exchange;
  private phase: Phase = 'request';
  private needBody: NeedBody | undefined;
  private clientHeaders: HeaderMap | undefined;
  private checkedModes = false;
  /** The response was answered to its end. */
  private complete = false;
  /** The client may have got the head of the response. */
  private headSent = false;
  /** Tells that the memory of the request's body may be used again. */
  private releaseBody: (() => void) | undefined;
  /** The upstream's status, while the head waits for the end of the body. */
  private heldStatus: number | undefined;
  private heldHeaders: HeaderMap | undefined;
  /** Something of the response's body: only then does Envoy take pieces of another one in its place. */
  private bodyCame = false;
  private readonly patience = new Patience(() => this.late());
  /** What the messages of this turn gave, sent as one reply. */
  private readonly pieces: Uint8Array[] = [];
  private metadata: DynamicMetadata | undefined;
  private endOfBody = false;
  private trailers = false;

  constructor(private readonly call: Call, private readonly options: ExtProcStreamOptions) {
    this.exchange = options.exchange();
  }

  message(bytes: Buffer): void | Promise<void> {
    try {
      return this.receive(decodeProcessingRequest(bytes));
    } catch (error) {
      this.fail(error);
    }
  }

  turn(): void {
    try {
      this.sendBody();
    } catch (error) {
      this.fail(error);
    }
  }

  refused(): void {
    if (this.phase === 'request' && this.needBody !== undefined) this.answer(this.needBody.tooLarge());
    else this.fail(new Error('Envoy sent a message that is larger than the limits of this server'));
  }

  ended(): void {
    this.call.end(GRPC_STATUS.OK);
  }

  closed(): void {
    this.phase = 'done';
    this.patience.stop();
    this.releaseBody?.();
    this.exchange.close(this.complete ? 'completed' : 'aborted');
  }

  private receive(message: ProcessingRequest): void | Promise<void> {
    if (this.phase === 'done') {
      // Trailers of a response that was answered already still wait for a reply.
      if (message.kind === 'responseTrailers') this.call.send(this.options.encoder.continueTrailers('response'));
      return;
    }
    switch (message.kind) {
      case 'requestHeaders':
        return this.requestHeaders(message);
      case 'requestBody':
        return this.requestBody(message.body);
      case 'requestTrailers':
        return this.call.send(this.options.encoder.continueTrailers('request'));
      case 'responseHeaders':
        return this.responseHeaders(message);
      case 'responseBody':
        return this.responseBody(message.body, message.endOfStream);
      case 'responseTrailers':
        this.trailers = true;
    }
  }

  private requestHeaders({ headers, endOfStream, attributes, bodyModes }: Extract<ProcessingRequest, { kind: 'requestHeaders' }>): void | Promise<void> {
    if (!this.supports(bodyModes)) return;
    this.clientHeaders = headers;
    const head: RequestHead = {
      method: headers.get(':method') ?? 'GET',
      path: headers.get(':path') ?? '/',
      authority: headers.get(':authority') ?? '',
      endOfStream,
      header: (name) => headers.get(name),
      headerFields: headers,
      httpRoute: httpRouteOf(attributes.routeName),
    };
    const decision = this.exchange.requestHead(head);
    return decision instanceof Promise ? this.decide(decision, undefined) : this.decided(decision);
  }

  private requestBody(body: Buffer): void | Promise<void> {
    if (this.phase !== 'request' || this.needBody === undefined) throw new Error('Envoy sent a request body that was not due');
    if (body.length > this.needBody.limit) return this.answer(this.needBody.tooLarge());
    const decision = this.exchange.requestBody(body);
    if (!(decision instanceof Promise)) return this.decided(decision);
    const bodyKept = decision.then((made) => made.kind === 'forward' && made.keepsBody === true, () => false);
    return this.decide(decision, this.needBody).then(async () => {
      // A decision that came too late may never come.
      if (this.over || !await bodyKept || this.over || this.headSent) return;
      await new Promise<void>((resolve) => { this.releaseBody = resolve; });
    });
  }

  /** Waits for a decision, but no longer than Envoy does. The message counts as in use until then. */
  private decide(decision: Promise<Answer | Forward | NeedBody>, needBody: NeedBody | undefined): Promise<void> {
    this.phase = 'deciding';
    return new Promise((resolve) => {
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        resolve();
        // Envoy may have answered by itself meanwhile, or the client may have left.
        if (this.phase !== 'deciding') return;
        this.phase = 'request';
        try {
          act();
        } catch (error) {
          this.fail(error);
        }
      };
      const timer = setTimeout(() => settle(() => {
        if (needBody === undefined) throw new Error('the decision on a request took too long');
        this.answer(needBody.tooSlow());
      }), this.options.decisionTimeout);
      decision.then((made) => settle(() => this.decided(made)), (error: unknown) => settle(() => this.fail(error)));
    });
  }

  private decided(decision: Answer | Forward | NeedBody): void {
    switch (decision.kind) {
      case 'answer':
        return this.answer(decision);
      case 'needBody':
        this.needBody = decision;
        return this.call.send(this.options.encoder.continueRequestHeaders());
      case 'forward':
        return this.forward(decision);
    }
  }

  private forward({ path, body, setHeaders, removeHeaders, metadata }: Forward): void {
    this.phase = 'response';
    const { clientHeaders } = this;
    const set: Array<readonly [name: string, value: string]> = [...setHeaders];
    if (clientHeaders?.get(':path') !== path) set.push([':path', path]);
    // Envoy answers 500 when the length of a changed body is not told.
    if (body !== undefined) set.push(['content-length', String(body.length)]);
    // Of the many names that must not go on, a request has few.
    const remove = removeHeaders.filter((name) => clientHeaders?.has(name));
    this.call.send(this.options.encoder.requestBody({ set, remove }, body, metadata));
  }

  private answer(answer: Answer): void {
    this.phase = 'done';
    this.complete = true;
    this.call.send(this.options.encoder.immediate(answer, answer.metadata));
  }

  private responseHeaders({ headers, endOfStream, attributes, bodyModes }: Extract<ProcessingRequest, { kind: 'responseHeaders' }>): void | Promise<void> {
    if (!this.supports(bodyModes)) return;
    this.phase = 'response';
    const status = Number(headers.get(':status') ?? '0');
    const out = this.exchange.responseHead({
      status,
      endOfStream,
      header: (name) => headers.get(name),
      codeDetails: attributes.codeDetails,
      httpRoute: httpRouteOf(attributes.routeName),
    });
    if (out.takeover !== undefined) return this.takeOver(out.takeover, headers);
    if (out.held === true) {
      this.heldStatus = status;
      this.heldHeaders = headers;
      this.patience.wait(this.exchange.patience);
      return;
    }
    this.sendHead(out, status);
    if (out.replaceBody !== undefined || endOfStream) {
      // Envoy sends no more of this response.
      this.phase = 'done';
      this.complete = true;
    }
  }

  private sendHead(out: ResponseHeadOut, status: number): void {
    this.call.send(this.options.encoder.responseHeaders(responseChanges(out, status), out.replaceBody, out.metadata));
    this.headSent = true;
    this.releaseBody?.();
  }

  private get over(): boolean {
    return this.phase === 'done';
  }

  private get takingOver(): boolean {
    return this.phase === 'takeover';
  }

  private responseBody(body: Buffer, endOfStream: boolean): void {
    this.bodyCame = true;
    if (this.takingOver) return;
    if (this.phase !== 'response') throw new Error('Envoy sent a response body that was not due');
    if (body.length > 0) this.gather(this.exchange.responseChunk(body));
    if (endOfStream && !this.takingOver) {
      this.gather(this.exchange.responseEnd());
      this.endOfBody = true;
    }
  }

  private gather({ bytes, metadata, head, takeover }: ResponseBytes): void {
    if (takeover !== undefined) {
      this.pieces.length = 0;
      void this.takeOver(takeover, this.heldHeaders);
      return;
    }
    if (head !== undefined && this.heldStatus !== undefined) {
      this.patience.stop();
      this.sendHead(head, this.heldStatus);
      this.heldStatus = undefined;
      this.heldHeaders = undefined;
    } else if (this.heldStatus !== undefined) {
      this.patience.wait(this.exchange.patience);
    }
    if (bytes.length > 0) this.pieces.push(bytes);
    this.metadata = metadata ?? this.metadata;
  }

  /** Of the answer whose head is held nothing more came in time. */
  private late(): void {
    if (this.phase !== 'response' || this.heldStatus === undefined) return;
    try {
      const piece = this.exchange.responseLate();
      if (piece.head !== undefined && !this.bodyCame) {
        this.answer({ kind: 'answer', status: piece.head.status, headers: piece.head.setHeaders, body: piece.bytes, details: 'llm_failover' });
        return;
      }
      this.gather(piece);
      this.endOfBody = true;
      this.sendBody();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Full duplex: replies need not pair with messages, so a turn's pieces go out as one. */
  private sendBody(): void {
    const { pieces, trailers } = this;
    if (this.phase !== 'response') return;
    if (trailers) this.gather(this.exchange.responseEnd());
    // Full duplex: Envoy waits for the head as long as it takes, and sends the body on meanwhile.
    if (this.heldStatus !== undefined || this.takingOver) return;
    if (pieces.length > 0 || this.metadata !== undefined || this.endOfBody) {
      const body = pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
      this.call.send(this.options.encoder.responseBody(body, this.endOfBody, this.metadata));
      pieces.length = 0;
      this.metadata = undefined;
    }
    if (trailers) this.call.send(this.options.encoder.continueTrailers('response'));
    if (trailers || this.endOfBody) {
      this.phase = 'done';
      this.complete = true;
    }
  }

  /**
   * Another backend's answer in place of the one that Envoy told of. Nothing is said until its head is there; then Envoy gets its body as fast as
   * it takes it. Where nothing came of the failed answer's body, Envoy takes no pieces of another: it gets all at once.
   */
  private async takeOver(takeover: Takeover, failed: HeaderMap | undefined): Promise<void> {
    this.phase = 'takeover';
    this.patience.stop();
    this.heldStatus = undefined;
    const { call, options: { encoder } } = this;
    try {
      const { status, headers, metadata } = await takeover.head();
      this.releaseBody?.();
      if (!this.takingOver) return;
      if (!this.bodyCame) return await this.answerWhole(takeover, { status, headers, details: 'llm_failover' }, metadata);
      const kept = new Set(headers.map(([name]) => name));
      const remove = [...failed?.names() ?? []].filter((name) => !name.startsWith(':') && !kept.has(name));
      call.send(encoder.responseHeaders({ set: [[':status', String(status)], ...headers], remove: [...new Set([...remove, 'content-length'])] }, undefined, metadata));
      this.headSent = true;
      for (;;) {
        await call.drained();
        const piece = await takeover.next();
        if (!this.takingOver) return;
        if (piece === undefined) break;
        if (piece.broken === true) return this.breakOff();
        call.send(encoder.responseBody(piece.bytes, false, piece.metadata));
      }
      this.phase = 'done';
      this.complete = true;
      // With trailers, Envoy takes their reply as the end.
      call.send(this.trailers ? encoder.continueTrailers('response') : encoder.responseBody(Buffer.alloc(0), true, undefined));
    } catch (error) {
      // Rejected by the end of the stream itself: nobody waits any more.
      if (this.takingOver) this.fail(error);
    }
  }

  private async answerWhole(takeover: Takeover, head: Omit<Immediate, 'body'>, first: DynamicMetadata | undefined): Promise<void> {
    const pieces: Uint8Array[] = [];
    let metadata = first;
    for (;;) {
      const piece = await takeover.next();
      if (!this.takingOver) return;
      if (piece === undefined) break;
      if (piece.broken === true) return this.breakOff();
      pieces.push(piece.bytes);
      metadata = piece.metadata === undefined ? metadata : { ...metadata, ...piece.metadata };
    }
    this.phase = 'done';
    this.complete = true;
    this.call.send(this.options.encoder.immediate({ ...head, body: Buffer.concat(pieces) }, metadata));
  }

  /** Envoy resets the client's stream when ours ends with an error. */
  private breakOff(): void {
    this.phase = 'done';
    this.call.end(GRPC_STATUS.INTERNAL, 'the provider broke off');
  }

  /** Envoy tells its modes in the first message. With others than ours, requests would leave untranslated or answers hang. */
  private supports(modes: BodyModes | undefined): boolean {
    if (this.checkedModes || modes === undefined) return true;
    this.checkedModes = true;
    if (modes.request === BUFFERED && modes.response === FULL_DUPLEX_STREAMED) return true;
    this.fail(new Error(
      `the EnvoyExtensionPolicy must have processingMode.request.body Buffered and processingMode.response.body FullDuplexStreamed; Envoy says ${modes.request} and ${modes.response}`,
    ));
    return false;
  }

  private fail(error: unknown): void {
    this.options.onFault(error);
    if (this.phase === 'done') return;
    const { encoder } = this.options;
    this.phase = 'done';
    try {
      if (!this.headSent) return this.call.send(encoder.immediate(FAILURE));
      const { bytes, metadata } = this.exchange.responseFailed('the gateway failed on this answer');
      this.call.send(encoder.responseBody(bytes, true, metadata));
    } catch (second) {
      this.options.onFault(second);
      this.call.end(GRPC_STATUS.INTERNAL, 'the gateway failed');
    }
  }
}

function responseChanges(out: ResponseHeadOut, status: number): { set: ResponseHeadOut['setHeaders']; remove: readonly string[] } {
  const set = out.status === status ? out.setHeaders : [[':status', String(out.status)] as const, ...out.setHeaders];
  if (out.replaceBody === undefined) return { set, remove: out.removeHeaders };
  return {
    set: [...set, ['content-length', String(out.replaceBody.length)]],
    remove: out.removeHeaders.filter((name) => name !== 'content-length'),
  };
}
