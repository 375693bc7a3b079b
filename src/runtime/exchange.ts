import { ObjectKey } from '../resources/object-meta';
import { SentBody } from '../translate/body-pieces';
import { DroppedParameter } from '../translate/translator';

/**
 * One client request from its first header to its last byte, without a word about transports: ExtProc drives it with Envoy's
 * messages, `llmgw serve` with an HTTP request and an upstream call of its own. Driven in this order:
 *
 *   requestHead → [requestBody] → responseHead → responseChunk* → responseEnd | responseFailed | responseLate,   close() always last.
 *
 * `responseHead` may also come first: Envoy's own local replies (401, 413, ...) have no request phase. Where a result has a `takeover`, the
 * response that began is of no use any more: nothing more of it is passed in, and what the takeover yields goes to the client instead.
 * No method throws; what goes wrong is an `Answer` or an error event in the client's dialect.
 */
export interface Exchange {
  /** Decides at once what needs no body (GETs, unknown paths, spoofed headers). */
  requestHead(head: RequestHead): Answer | NeedBody | Promise<Answer>;
  /** The whole body. A promise only when a credential must be signed or fetched. */
  requestBody(body: Uint8Array): Answer | Forward | Promise<Answer | Forward>;
  responseHead(head: ResponseHeadIn): ResponseHeadOut;
  /** May return the chunk itself, or an empty array. */
  responseChunk(chunk: Uint8Array): ResponseBytes;
  responseEnd(): ResponseBytes;
  /** The upstream broke off after its head: an error in the client's dialect instead of a normal end. */
  responseFailed(reason: string): ResponseBytes;
  /** While a head is held: milliseconds that may pass without anything of the answer before `responseLate` is due. `undefined`: any time. */
  readonly patience: number | undefined;
  /** Instead of an end: the answer whose head is held did not go on in time. */
  responseLate(): ResponseBytes;
  /** Meters and logs, once, whatever happened before; later calls do nothing. `aborted`: the client left or Envoy reset the stream. */
  close(outcome: 'completed' | 'aborted'): void;
}

export interface RequestHead {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly authority: string;
  /** The HTTPRoute that Envoy matched; absent: routing evaluates the HTTPRoutes itself by host and path (`llmgw serve`). */
  readonly httpRoute?: ObjectKey;
  /** No body will follow. */
  readonly endOfStream: boolean;
  /** Value of a header by its lower-case name; several are joined by `, `. */
  header(name: string): string | undefined;
  /** Lower-case names of all headers, for calls that the gateway makes itself. @default - none is passed on */
  readonly headerFields?: { names(): Iterable<string> };
}

/** Sent to the client at once, nothing goes upstream. */
export interface Answer {
  readonly kind: 'answer';
  readonly status: number;
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>;
  readonly body: Uint8Array;
  /** For Envoy's access log (`%RESPONSE_CODE_DETAILS%`): letters, digits and underscores. */
  readonly details: string;
  /** In place of an answer that began: what rate limits may count. */
  readonly metadata?: Readonly<Record<string, string | number>>;
}

export interface NeedBody {
  readonly kind: 'needBody';
  /** Bytes; a larger body is answered by `Exchange`'s owner with `tooLarge()`. */
  readonly limit: number;
  /** 413 in the client's dialect. */
  tooLarge(): Answer;
  /** 504 in the client's dialect: `requestBody` has not answered in time. */
  tooSlow(): Answer;
}

/** Goes upstream. */
export interface Forward {
  readonly kind: 'forward';
  readonly backend: ObjectKey;
  readonly path: string;
  /** Absent: the client's own bytes. */
  readonly body?: SentBody;
  /** Lower-case names; internal headers, credential and dialect headers, without content-length. */
  readonly setHeaders: ReadonlyArray<readonly [name: string, value: string]>;
  readonly removeHeaders: readonly string[];
  /** Values for Envoy's dynamic metadata, namespace `io.envoy.ai_gateway`. */
  readonly metadata: Readonly<Record<string, string | number>>;
  /** What the provider does not get of the request, and why, for `llmgw explain`. */
  readonly dropped: readonly DroppedParameter[];
  /** Milliseconds to the head of the answer, for owners that call the provider themselves. */
  readonly headTimeout?: number;
  /** The client's bytes stay in use until the head of an answer goes out: another backend may have to get them. */
  readonly keepsBody?: boolean;
}

export interface ResponseHeadIn {
  readonly status: number;
  /** No body follows. */
  readonly endOfStream: boolean;
  /** Envoy's `response.code_details`: who answered. Absent in `llmgw serve`. */
  readonly codeDetails?: string;
  /** As in `RequestHead`; for responses that had no request phase. */
  readonly httpRoute?: ObjectKey;
  header(name: string): string | undefined;
}

export interface ResponseHeadOut {
  readonly status: number;
  readonly setHeaders: ReadonlyArray<readonly [name: string, value: string]>;
  readonly removeHeaders: readonly string[];
  /** True: body bytes pass as they are, so content-length may stay. */
  readonly bodyUnchanged: boolean;
  /**
   * Nothing may be sent yet: only the body tells whether the answer is one, and a failure must not go out as a success. The head to send comes
   * with the bytes (`ResponseBytes.head`), at the body's end at the latest.
   */
  readonly held?: boolean;
  /** Set: everything else here is void. */
  readonly takeover?: Takeover;
  /** Set when the whole body is known now (header-only responses, Envoy's local replies): replaces the upstream's body. */
  readonly replaceBody?: Uint8Array;
  readonly metadata?: Readonly<Record<string, string | number>>;
}

export interface ResponseBytes {
  readonly bytes: Uint8Array;
  /** Running usage for Envoy's rate limits; absent when nothing changed. */
  readonly metadata?: Readonly<Record<string, string | number>>;
  /** The head that was held: to be sent before the bytes. */
  readonly head?: ResponseHeadOut;
  /** Set, only while the head is held: everything else here is void. */
  readonly takeover?: Takeover;
}

/** The answer of another backend, called by the gateway itself, in place of one that failed. `Exchange.close` gives up the call. */
export interface Takeover {
  /** To be asked for first and once. Rejects only when the exchange was closed. */
  head(): Promise<TakeoverHead>;
  /** The next piece of the body; `undefined`: it is complete. One call at a time, so that nothing is read faster than it is sent. */
  next(): Promise<TakeoverBytes | undefined>;
}

/** All of the head: no header of the failed answer goes to the client. */
export interface TakeoverHead {
  readonly status: number;
  /** Lower-case names, without content-length. */
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>;
  readonly metadata?: Readonly<Record<string, string | number>>;
}

export interface TakeoverBytes {
  readonly bytes: Uint8Array;
  readonly metadata?: Readonly<Record<string, string | number>>;
  /** The answer ends here though it is not complete, and nothing in it says so: the client's connection must be broken. */
  readonly broken?: boolean;
}

/** Makes exchanges on the configuration of the moment; an exchange keeps the one that it began with. */
export interface Engine {
  exchange(): Exchange;
  /** A configuration is loaded. */
  readonly ready: boolean;
}
