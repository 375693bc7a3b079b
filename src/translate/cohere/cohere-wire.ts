import type { Cohere } from 'cohere-ai';

type SnakeCase<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeCase<Rest>}`
  : Name;

/** A type of Cohere's SDK as its JSON is on the wire, where names are in snake case. */
export type Wire<T> = T extends ReadonlyArray<infer Item> ? Array<Wire<Item>>
  : T extends object ? { [Key in keyof T as Key extends string ? SnakeCase<Key> : Key]: Wire<T[Key]> }
    : T;

/** What the server may leave out or send as null, whatever its declaration says. */
export type Received<T> = T extends ReadonlyArray<infer Item> ? ReadonlyArray<Received<Item>>
  : T extends object ? { readonly [Key in keyof T]?: Received<T[Key]> | null }
    : T;

/** Body of POST /v2/chat. */
export type CohereChatBody = Wire<Cohere.V2ChatRequest> & { stream: boolean };
export type CohereMessage = CohereChatBody['messages'][number];
export type CohereUserContent = Wire<Cohere.Content>;
export type CohereText = Wire<Cohere.ToolContent.Text>;
export type CohereAssistantContent = Wire<Cohere.AssistantMessageV2ContentOneItem>;
export type CohereAssistantMessage = Wire<Cohere.ChatMessageV2.Assistant>;
export type CohereToolCall = Wire<Cohere.ToolCallV2>;
export type CohereTool = Wire<Cohere.ToolV2>;
export type CohereThinking = Wire<Cohere.Thinking>;
export type CohereResponseFormat = Wire<Cohere.ResponseFormatV2>;

/** Body of POST /v2/embed. */
export type CohereEmbedBody = Wire<Cohere.V2EmbedRequest>;
export const EMBED_INPUT_TYPES = ['search_document', 'search_query', 'classification', 'clustering'] as const satisfies readonly Cohere.EmbedInputType[];
export const EMBED_TRUNCATIONS = ['NONE', 'START', 'END'] as const satisfies readonly Cohere.V2EmbedRequestTruncate[];
/** Texts of one request, https://docs.cohere.com/reference/embed. */
export const MOST_EMBED_TEXTS = 96;

/** Body of POST /v2/rerank. */
export type CohereRerankBody = Wire<Cohere.V2RerankRequest>;

export type CohereUsage = Received<Wire<Cohere.Usage>>;
export type CohereMeta = Received<Wire<Cohere.ApiMeta>>;
export type CohereLogprobs = Received<Wire<Cohere.LogprobItem>>;
export type CohereCitation = Received<Wire<Cohere.Citation>>;
export type CohereChatAnswer = Received<Wire<Cohere.V2ChatResponse>>;
export type ReceivedToolCall = Received<CohereToolCall>;

type StreamEvent<Type extends Cohere.V2ChatStreamResponse['type']> = Received<Wire<Extract<Cohere.V2ChatStreamResponse, { type: Type }>>>;
export type ContentEvent = StreamEvent<'content-start'> | StreamEvent<'content-delta'>;
export type ToolPlanEvent = StreamEvent<'tool-plan-delta'>;
export type ToolCallStartEvent = StreamEvent<'tool-call-start'>;
export type ToolCallDeltaEvent = StreamEvent<'tool-call-delta'>;
export type ToolCallEndEvent = StreamEvent<'tool-call-end'>;
export type CitationStartEvent = StreamEvent<'citation-start'>;
export type MessageEndEvent = StreamEvent<'message-end'>;
