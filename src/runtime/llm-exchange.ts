import { editBody } from './body-edits';
import { upstreamRemovals } from './client-credential-headers';
import { clientPatience } from './client-patience';
import { BackendConfiguration, Choice, Configuration, RouteConfiguration } from './configuration';
import { contentDecoder, ContentDecoder } from './content-decoder';
import { HeaderPairs } from './credentials/header-pairs';
import { Answer, Exchange, Forward, NeedBody, RequestHead, ResponseBytes, ResponseHeadIn, ResponseHeadOut } from './exchange';
import { ExchangeServices } from './exchange-services';
import { deadlinesOf, Failover } from './failover';
import { BackendExchange, FailoverExchange } from './failover-exchange';
import { encodingRefusal, endpointRefusal, HeadRefusal } from './head-refusal';
import { Telling } from './held-answer';
import { LimitKeyHeaders } from './limit-keys';
import { callableModels, modelNotFound } from './listed-models';
import { answeredByProvider, localReplyError, localReplyHead } from './local-reply';
import { upstreamHeaders } from './message-headers';
import { pricedProvider, priceOf } from './model-prices';
import { codeOf, ownAnswer, thrownRefusal } from './own-answer';
import { UpstreamCall } from './upstream-client';
import { ReportedRequest, UsageReport } from './usage-report';
import { BACKEND_HEADER, MODEL_HEADER, USER_MODEL_HEADER } from '../resources/object-meta';
import { joinedBody } from '../translate/body-pieces';
import { ClientError, InputDialect } from '../translate/input-dialect';
import { modelInPath } from '../translate/models-path';
import { openAiDialect } from '../translate/openai/dialect';
import { findTranslator, supportedOutputs } from '../translate/registry';
import { RequestBody } from '../translate/request-body';
import { RequestError } from '../translate/request-error';
import { readRequestBody } from '../translate/scan-request-body';
import { Endpoint, ResponseTranslator, TranslatedRequest } from '../translate/translator';

const NO_BYTES = new Uint8Array(0);
const NOTHING_DROPPED: readonly string[] = [];
const DROPPED_HEADER = 'x-llm-dropped-parameters';
/** Endpoints whose answer may be sound or plain text. */
const OPAQUE: ReadonlySet<Endpoint | undefined> = new Set(['Speech', 'Transcriptions', 'Translations']);

/** A body behind the head of one of these would be read as the next answer on that connection (RFC 9112, 6.3). */
const BODYLESS: ReadonlySet<number> = new Set([204, 304]);

/** What is still needed of a request once it is on its way: never its body, for answers take minutes. */
type SentRequest = Pick<TranslatedRequest, 'stream' | 'dropped' | 'response'>;

/** The exchange of `LlmEngine`; see `Exchange` for the order in which it is driven. */
export class LlmExchange implements Exchange, BackendExchange {
  private dialect: InputDialect = openAiDialect;
  private route: RouteConfiguration | undefined;
  private head: RequestHead | undefined;
  private endpoint: Endpoint | undefined;
  private model: string | undefined;
  private choice: Choice | undefined;
  private sent: SentRequest | undefined;
  private response: ResponseTranslator | undefined;
  private decoder: ContentDecoder | undefined;
  private finished = false;
  private held: ResponseHeadOut | undefined;
  /** Of rules with failover. */
  private failing: FailoverExchange | undefined;
  /** For as long as it may have to be forwarded again. */
  private body: RequestBody | undefined;
  private limitKeys: LimitKeyHeaders | undefined;
  /** Of routes with costs: what rate limits hear of the attempt. */
  private report: UsageReport | undefined;
  private status = 0;
  private errorCode: string | undefined;
  private firstByte: number | undefined;
  private closed = false;
  private readonly started: number;
  /** One for all that outlive the request: a function that is made where its body is at hand would hold it. */
  private readonly clientHeader = (name: string): string | undefined => this.head?.header(name);

  constructor(private readonly configuration: Configuration | undefined, private readonly services: ExchangeServices) {
    this.started = services.environment.now();
  }

  requestHead(head: RequestHead): Answer | NeedBody {
    try {
      return this.decideHead(head);
    } catch (error) {
      return this.refuse(error);
    }
  }

  requestBody(body: Uint8Array): Answer | Forward | Promise<Answer | Forward> {
    try {
      const forward = this.forward(body);
      return forward instanceof Promise ? forward.catch((error: unknown) => this.refuse(error)) : forward;
    } catch (error) {
      return this.refuse(error);
    }
  }

  responseHead(head: ResponseHeadIn): ResponseHeadOut {
    return this.failing === undefined ? this.answerHead(head) : this.failing.responseHead(head);
  }

  responseChunk(chunk: Uint8Array): ResponseBytes {
    return this.failing === undefined ? this.answerChunk(chunk) : this.failing.responseChunk(chunk);
  }

  responseEnd(): ResponseBytes {
    if (this.failing !== undefined) return this.failing.responseEnd();
    const piece = this.answerEnd();
    return this.held === undefined ? piece : { ...piece, head: this.heldHead(this.held) };
  }

  responseFailed(reason: string): ResponseBytes {
    if (this.failing !== undefined) return this.failing.responseFailed(reason);
    const piece = this.answerFailed(reason);
    return this.held === undefined ? piece : { ...piece, head: this.heldHead(this.held) };
  }

  get patience(): number | undefined {
    return this.failing?.patience;
  }

  responseLate(): ResponseBytes {
    return this.failing?.responseLate() ?? { bytes: NO_BYTES };
  }

  /** The request as this choice's backend gets it. Throws `RequestError` and `CredentialError`. */
  forwardTo(choice: Choice): Forward | Promise<Forward> {
    const { head, endpoint, dialect, configuration, body } = this;
    if (head === undefined || endpoint === undefined || configuration === undefined || body === undefined) throw new Error('there is no request to forward');
    const { bytes, model } = body;
    this.choice = choice;
    const { backend, key } = choice.target;
    if (backend === undefined) throw new RequestError(503, `the backend of model \`${model}\` is not configured`, 'backend_not_found');
    const { outputSchema } = backend.resource.spec;
    const translator = findTranslator(dialect.schema, outputSchema.schema, endpoint);
    if (translator === undefined) {
      const supported = supportedOutputs(dialect.schema, endpoint).join(', ') || 'none';
      throw new RequestError(400, `${endpoint} is not available for model \`${model}\`: its provider speaks ${outputSchema.schema}; supported: ${supported}`, 'unsupported_endpoint');
    }
    const upstreamModel = choice.target.model ?? model;
    const stated = backend.models.get(upstreamModel);
    const translated = translator.translate(body, {
      endpoint,
      requestedModel: model,
      upstreamModel,
      modelEntry: stated?.entry,
      lacks: stated?.lacks,
      output: outputSchema,
      gcp: backend.resource.spec.credential?.gcp,
      unsupportedParameters: choice.unsupportedParameters,
      environment: this.services.environment,
      clientHeader: this.clientHeader,
    });
    const { edits } = choice;
    const upstreamBody = editBody(translated.body ?? bytes, edits.body, head.header('content-type'));
    const report = this.usageReport({ endpoint, body: bytes, stream: translated.stream }, backend, choice.target.model ?? model);
    this.report = report;
    const finish = (credential: HeaderPairs): Forward => {
      this.sent = { stream: translated.stream, dropped: translated.dropped, response: translated.response };
      const { limitKeys } = this;
      const removals = upstreamRemovals(configuration, translated.removeHeaders, edits.removeHeaders, credential);
      return {
        kind: 'forward',
        backend: key,
        path: translated.path,
        ...(upstreamBody === bytes ? {} : { body: upstreamBody }),
        setHeaders: [
          ...translated.setHeaders, ...edits.setHeaders, ...credential,
          ...limitKeys?.set ?? [], [MODEL_HEADER, model], [BACKEND_HEADER, key],
        ],
        removeHeaders: limitKeys === undefined || limitKeys.remove.length === 0 ? removals : [...removals, ...limitKeys.remove],
        metadata: { model, backend: key, rule: choice.rule, ...report?.begun() },
        dropped: translated.dropped,
      };
    };
    const credential = this.services.credentials.headers(backend, {
      method: translated.method, path: translated.path, body: upstreamBody, clientHeader: this.clientHeader,
    });
    return credential instanceof Promise ? credential.then(finish) : finish(credential);
  }

  callOf({ target }: Choice, forward: Forward): Omit<UpstreamCall, 'signal'> {
    const { head, body } = this;
    const endpoint = target.backend?.endpoint;
    if (head === undefined || body === undefined) throw new Error('there is no request to call with');
    if (endpoint === undefined) throw new RequestError(503, `the address of LLMBackend ${target.key} is not known`, 'backend_not_found');
    const headers = upstreamHeaders(head.headerFields?.names() ?? [], (name) => head.header(name), forward);
    return { endpoint, method: 'POST', path: forward.path, headers, body: joinedBody(forward.body ?? body.bytes) };
  }

  /** One provider's head in the client's dialect. */
  answerHead(head: ResponseHeadIn): ResponseHeadOut {
    this.firstByte ??= this.services.environment.now();
    const { sent } = this;
    if (sent === undefined || !answeredByProvider(head.codeDetails)) return this.localReply(head);
    this.response = sent.response;
    try {
      this.decoder = contentDecoder(head.header('content-encoding'));
      const { decoder } = this;
      const out = sent.response.head({
        status: head.status,
        header: decoder === undefined ? (name) => head.header(name) : (name) => (name === 'content-encoding' ? undefined : head.header(name)),
      });
      this.status = out.status;
      const bodyUnchanged = out.bodyUnchanged && decoder === undefined;
      const setHeaders = sent.dropped.length === 0 ? out.setHeaders
        : [...out.setHeaders, [DROPPED_HEADER, sent.dropped.map(({ parameter }) => parameter).join(', ')] as const];
      const removeHeaders = bodyUnchanged ? out.removeHeaders : removedWithBody(out.removeHeaders, decoder);
      if (!head.endOfStream) {
        const whole: ResponseHeadOut = { status: out.status, setHeaders, removeHeaders, bodyUnchanged };
        // A translated answer that is no stream comes out at its end alone.
        if (isStream(sent, head) || out.bodyUnchanged || out.status >= 300 || BODYLESS.has(out.status)) return whole;
        this.held = whole;
        return { status: out.status, setHeaders, removeHeaders, bodyUnchanged, held: true };
      }
      const { bytes, metadata } = this.answerEnd();
      const more = metadata === undefined ? {} : { metadata };
      if (bytes.length === 0 || BODYLESS.has(out.status)) return { status: out.status, setHeaders, removeHeaders, bodyUnchanged: true, ...more };
      return { status: out.status, setHeaders, removeHeaders: [...new Set([...removeHeaders, 'content-length'])], bodyUnchanged: false, replaceBody: bytes, ...more };
    } catch (error) {
      return this.unusable(error);
    }
  }

  answerChunk(chunk: Uint8Array): ResponseBytes {
    if (this.finished) return { bytes: NO_BYTES };
    if (this.response === undefined) return { bytes: chunk };
    try {
      const decoded = this.decoder === undefined ? chunk : this.decoder.push(chunk);
      return this.out(decoded.length === 0 ? decoded : this.response.push(decoded));
    } catch (error) {
      return this.broken(error);
    }
  }

  answerEnd(): ResponseBytes {
    if (this.finished || this.response === undefined) return { bytes: NO_BYTES };
    try {
      const rest = this.decoder?.end() ?? NO_BYTES;
      const last = rest.length === 0 ? NO_BYTES : this.response.push(rest);
      this.finished = true;
      const end = this.response.end();
      return this.lastOut(last.length === 0 ? end : Buffer.concat([last, end]));
    } catch (error) {
      return this.broken(error);
    }
  }

  answerFailed(reason: string): ResponseBytes {
    if (this.finished || this.response === undefined) return { bytes: NO_BYTES };
    this.finished = true;
    this.errorCode ??= 'upstream_broke_off';
    return this.lastOut(this.response.fail(`the provider broke off: ${reason}`));
  }

  telling(head: ResponseHeadIn, out: ResponseHeadOut): Telling | undefined {
    if (this.sent === undefined || BODYLESS.has(out.status)) return undefined;
    if (isStream(this.sent, head)) return 'stream';
    if (!out.bodyUnchanged) return 'translated';
    return OPAQUE.has(this.endpoint) ? undefined : 'json';
  }

  get answerFailure(): ClientError | undefined {
    return this.response?.failure ?? (this.errorCode === undefined ? undefined : { status: 502, message: 'the provider\'s answer cannot be used', code: this.errorCode });
  }

  forgetAnswer(): void {
    this.response = undefined;
    this.sent = undefined;
    this.decoder = undefined;
    this.held = undefined;
    this.finished = false;
    this.errorCode = undefined;
    this.firstByte = undefined;
  }

  forgetRequest(): void {
    this.body = undefined;
  }

  errorAnswer(error: ClientError): Answer {
    this.finished = true;
    return { ...this.answer(error), metadata: this.report?.nothing() };
  }

  fault(error: unknown): void {
    this.services.fault(error);
  }

  close(outcome: 'completed' | 'aborted'): void {
    if (this.closed) return;
    this.closed = true;
    this.failing?.close();
    const { choice, route, sent } = this;
    const now = this.services.environment.now();
    const failure = this.response?.failure;
    const usage = this.response?.usage;
    const backend = choice?.target.backend;
    const upstreamModel = choice && (choice.target.model ?? this.model);
    const cost = usage === undefined || backend === undefined || upstreamModel === undefined ? undefined : priceOf(pricedProvider(backend), upstreamModel, usage, now);
    // Every field is written out: spreads of conditional parts cost more than all the rest of this.
    this.services.record({
      route: route?.key,
      endpoint: this.endpoint,
      model: this.model,
      modelKnown: choice !== undefined && this.model !== undefined && (route?.listsModel(this.model) ?? false),
      upstreamModel,
      rule: choice?.rule,
      backend: choice?.target.key,
      stream: sent?.stream ?? false,
      status: this.status,
      outcome,
      attempts: this.failing?.failover.attempts,
      errorCode: this.errorCode ?? (failure && (failure.code ?? 'upstream_error')),
      usage,
      cost,
      unpriced: usage !== undefined && cost === undefined && (route?.countsMoney ?? false),
      droppedParameters: sent === undefined || sent.dropped.length === 0 ? NOTHING_DROPPED : sent.dropped.map(({ parameter }) => parameter),
      timeToFirstByte: this.firstByte === undefined ? undefined : this.firstByte - this.started,
      duration: now - this.started,
    }, choice);
  }

  private decideHead(head: RequestHead): Answer | NeedBody {
    this.head = head;
    const { configuration } = this;
    if (configuration === undefined) return this.answer({ status: 503, message: 'the gateway has no configuration yet; try again shortly', code: 'not_ready' });
    this.route = head.httpRoute === undefined ? configuration.routeOfRequest(head) : configuration.routeOfHttpRoute(head.httpRoute);
    if (this.route === undefined) return this.answer({ status: 404, message: 'no route of this gateway takes this request', code: 'not_found' });
    const { dialect } = this.route;
    this.dialect = dialect;
    if (head.header(USER_MODEL_HEADER) !== undefined) {
      return this.answer({ status: 400, message: `header ${USER_MODEL_HEADER} must not be sent: the model is read from the body`, code: 'invalid_header' });
    }
    this.endpoint = dialect.endpoint(head.method, head.path);
    if (this.endpoint === undefined) return this.answer(endpointRefusal(dialect, head));
    if (this.endpoint === 'Models') {
      const body = dialect.models(this.services.clientsAreKnown ? callableModels(this.route, head) : this.route.models, head.path);
      if (body === undefined) return this.answer(modelNotFound(modelInPath(head.path) ?? ''));
      this.status = 200;
      return { kind: 'answer', status: 200, headers: [['content-type', 'application/json']], body, details: 'llm_models' };
    }
    if (head.endOfStream) return this.answer({ status: 400, message: 'the request needs a JSON body', code: 'missing_body' });
    const encoded = encodingRefusal(head);
    if (encoded !== undefined) return this.answer(encoded);
    const limit = this.services.bodyLimit;
    return {
      kind: 'needBody',
      limit,
      tooLarge: () => this.answer({ status: 413, message: `the request body is larger than ${limit} bytes`, code: 'request_too_large' }),
      tooSlow: () => this.answer({ status: 504, message: 'the backend\'s credential was not ready in time', code: 'credential_timeout' }),
    };
  }

  private forward(bytes: Uint8Array): Answer | Forward | Promise<Answer | Forward> {
    const { head, route, services } = this;
    if (head === undefined || route === undefined) throw new Error('requestBody came before a requestHead that needs it');
    const body = readRequestBody(bytes, head.header('content-type'));
    const { model } = body;
    this.model = model;
    const random = services.random();
    const choice = route.choose(model, head, random);
    if (choice === undefined) {
      return this.answer(modelNotFound(model));
    }
    const limitKeys = route.limitKeys?.(model, (name) => head.header(name));
    if (limitKeys?.refusal !== undefined) return this.answer(limitKeys.refusal);
    this.limitKeys = limitKeys;
    this.body = body;
    if (choice.failover !== undefined && services.upstream !== undefined) {
      const deadlines = deadlinesOf(this.started, choice.failover.requestTimeout ?? services.requestTimeout, clientPatience((name) => head.header(name)));
      this.failing = new FailoverExchange(this, new Failover(choice.failover, random, deadlines, services), services.upstream);
      return this.failing.forward();
    }
    const forward = this.forwardTo(choice);
    this.body = undefined;
    return forward;
  }

  private heldHead(held: ResponseHeadOut): ResponseHeadOut {
    this.held = undefined;
    const failure = this.response?.failure;
    if (failure === undefined && this.errorCode === undefined) return held;
    this.status = failure !== undefined && failure.status >= 400 ? failure.status : 502;
    return { ...held, status: this.status };
  }

  private out(bytes: Uint8Array): ResponseBytes {
    const metadata = this.report?.running(bytes, this.response?.usage);
    return metadata === undefined ? { bytes } : { bytes, metadata };
  }

  private lastOut(bytes: Uint8Array): ResponseBytes {
    const { report } = this;
    if (report === undefined) return { bytes };
    const usage = this.response?.usage;
    const metadata = usage === undefined && this.status >= 400 ? report.nothing() : report.ended(usage);
    return metadata === undefined ? { bytes } : { bytes, metadata };
  }

  private usageReport(request: ReportedRequest, backend: BackendConfiguration, upstreamModel: string): UsageReport | undefined {
    const costs = this.route?.costs;
    if (costs === undefined) return undefined;
    const { random, environment } = this.services;
    const provider = pricedProvider(backend);
    return new UsageReport(costs, request, { priceOf: (usage) => priceOf(provider, upstreamModel, usage, environment.now()), rounding: random() });
  }

  /** What was asked for cannot be read: an error instead of the rest. */
  private broken(error: unknown): ResponseBytes {
    this.services.fault(error);
    return this.responseFailed('its answer cannot be decoded');
  }

  private unusable(error: unknown): ResponseHeadOut {
    this.services.fault(error);
    this.finished = true;
    const { status, headers, body } = this.answer({ status: 502, message: 'the provider\'s answer cannot be decoded', code: 'unusable_answer' });
    return { status, setHeaders: headers, removeHeaders: ['content-encoding', 'content-length'], bodyUnchanged: false, replaceBody: body };
  }

  /** Envoy answered by itself: the same status in the client's dialect; its other headers stay. */
  private localReply(head: ResponseHeadIn): ResponseHeadOut {
    const route = this.route ?? (head.httpRoute === undefined ? undefined : this.configuration?.routeOfHttpRoute(head.httpRoute));
    this.route = route;
    if (route !== undefined) this.dialect = route.dialect;
    this.status = head.status;
    if (head.status < 400) return { status: head.status, setHeaders: [], removeHeaders: [], bodyUnchanged: true };
    this.finished = true;
    const error = localReplyError(head.status, head.codeDetails ?? '');
    this.errorCode = error.code ?? undefined;
    return { ...localReplyHead(head, this.dialect.error(error)), metadata: this.report?.nothing() };
  }

  private refuse(error: unknown): Answer {
    const refusal = thrownRefusal(error);
    if (refusal !== undefined) return this.answer(refusal);
    this.services.fault(error);
    return this.answer({ status: 502, message: 'the gateway failed on this request', code: 'gateway_error' });
  }

  private answer(error: ClientError | HeadRefusal): Answer {
    this.status = error.status;
    this.errorCode = codeOf(error);
    return ownAnswer(this.dialect, error);
  }
}

const BODY_HEADERS: readonly string[] = ['content-length'];

/** What does not hold for another body. */
function removedWithBody(removed: readonly string[], decoder: ContentDecoder | undefined): readonly string[] {
  if (removed.length === 0 && decoder === undefined) return BODY_HEADERS;
  return [...removed, ...BODY_HEADERS, ...(decoder === undefined ? [] : ['content-encoding'])];
}

/** Whether the answer comes in pieces that the client waits for. */
function isStream({ stream }: SentRequest, head: ResponseHeadIn): boolean {
  return stream || /event-?stream/i.test(head.header('content-type') ?? '');
}
