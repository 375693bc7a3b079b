import { SentBody } from './body-pieces';
import type { Lacks } from './catalog/stated-capabilities';
import type { ChatSink } from './openai/chat-sink';
import { ParameterTable } from './parameter-table';
import { RequestBody } from './request-body';
import { Usage } from './usage';
import { UnsupportedParameters } from '../resources/llm-route';
import { ModelEntry } from '../resources/model-entry';
import { InputSchemaName, OutputSchemaName } from '../resources/schema-name';

/** What a client asks for, whatever the dialect. */
export type Endpoint =
  | 'ChatCompletions' | 'Responses' | 'ResponseInputTokens' | 'Completions' | 'Embeddings' | 'ImageGenerations' | 'Speech' | 'Transcriptions' | 'Translations'
  | 'Messages' | 'CountTokens' | 'Rerank' | 'Tokenize' | 'Models';

/** Clock and ids come from outside, so that translation is a pure function of its inputs. */
export interface Environment {
  /** Milliseconds since the epoch. */
  now(): number;
  /** A new id with this prefix, such as `chatcmpl-`. */
  id(prefix: string): string;
}

/** What one request's translation depends on besides its bytes. */
export interface TranslationContext {
  readonly endpoint: Endpoint;
  /** The name that the client asked for; what the client's answer carries. */
  readonly requestedModel: string;
  /** The name that the provider knows. */
  readonly upstreamModel: string;
  /** What the backend's owner says of that model (`LLMBackend.spec.models`). */
  readonly modelEntry?: ModelEntry;
  /** What that model has not, by the same; absent: nothing. Requests that pass as they are go on all the same. */
  readonly lacks?: Lacks;
  /** `version` as in `LLMBackend.spec.outputSchema.version`, absent for its default. */
  readonly output: { readonly schema: OutputSchemaName; readonly version?: string };
  /** Google Cloud backends: where the model is. */
  readonly gcp?: { readonly project: string; readonly region: string };
  readonly unsupportedParameters: UnsupportedParameters;
  readonly environment: Environment;
  /** Takes the answer of a chat that is read further as objects; translators that pass a chat through write it all the same. */
  readonly chatSink?: ChatSink;
  /** A header of the client's request by its lower-case name, for dialects that say things in headers (`anthropic-beta`). */
  clientHeader(name: string): string | undefined;
}

/** Turns requests of one dialect into requests of another, and the answers back. One a pair and endpoint; holds no state. */
export interface Translator {
  readonly input: InputSchemaName;
  readonly output: OutputSchemaName;
  readonly endpoint: Endpoint;
  /** What happens to every request parameter: documentation, `llmgw explain`, the synth check and the translator read the same table. */
  readonly parameters: ParameterTable;
  /** Throws `RequestError` for what the client must change. */
  translate(body: RequestBody, context: TranslationContext): TranslatedRequest;
}

export interface TranslatedRequest {
  readonly method: 'POST';
  /** Upstream path with its query. */
  readonly path: string;
  /** Absent: the client's own bytes go upstream unchanged. */
  readonly body?: SentBody;
  /** Set on the upstream request (`accept`, `content-type`, dialect headers; never credentials). Lower-case names. */
  readonly setHeaders: ReadonlyArray<readonly [name: string, value: string]>;
  readonly removeHeaders: readonly string[];
  /** Whether the client asked for a stream. */
  readonly stream: boolean;
  /** Parameters that the target does not get; named in `x-llm-dropped-parameters` and in a metric. Never silent. */
  readonly dropped: readonly DroppedParameter[];
  readonly response: ResponseTranslator;
}

export interface DroppedParameter {
  /** Field path in the client's dialect, such as `seed` or `messages[].name`. */
  readonly parameter: string;
  readonly reason: string;
}

/**
 * Turns one answer back, decoded bytes in, the client's bytes out. Driven in this order:
 * `head` once, `push` any number of times, then exactly one of `end` or `fail`. Never throws.
 */
export interface ResponseTranslator {
  head(response: UpstreamResponseHead): ResponseHead;
  /** May return the very chunk that it was given (pass-through) or an empty array. */
  push(chunk: Uint8Array): Uint8Array;
  /** The upstream ended normally. A stream that is not complete by then ends in an error event, never in a normal end. */
  end(): Uint8Array;
  /** The upstream broke off or its answer cannot be used: an error in the client's dialect, an error event when a stream began. */
  fail(message: string): Uint8Array;
  /** As counted so far; complete after `end`. `undefined`: the upstream said nothing. */
  readonly usage: Usage | undefined;
  /** Set when the answer is an error, also one inside a 200 stream. */
  readonly failure: ResponseFailure | undefined;
}

export interface UpstreamResponseHead {
  readonly status: number;
  /** Lower-case name; `undefined` when absent. */
  header(name: string): string | undefined;
}

export interface ResponseHead {
  readonly status: number;
  readonly setHeaders: ReadonlyArray<readonly [name: string, value: string]>;
  readonly removeHeaders: readonly string[];
  /** True: the body's bytes reach the client as they are, so content-length and content-encoding may stay. */
  readonly bodyUnchanged: boolean;
}

export interface ResponseFailure {
  /** HTTP status that the failure stands for, also when the response began with 200. */
  readonly status: number;
  readonly code: string | null;
  readonly message: string;
}
