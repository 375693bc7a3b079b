/** What a model is there for. */
export const MODEL_KINDS = ['Chat', 'Responses', 'Completions', 'Embeddings', 'Images', 'Speech', 'Transcription', 'Rerank'] as const;

/** One of `MODEL_KINDS`. */
export type ModelKind = (typeof MODEL_KINDS)[number];

/** What a chat model takes or does beside text. */
export const MODEL_CAPABILITIES = ['Tools', 'Vision', 'JsonSchema', 'Reasoning'] as const;

/** One of `MODEL_CAPABILITIES`. */
export type ModelCapability = (typeof MODEL_CAPABILITIES)[number];

/** What the owner of a backend says of one of its models (`LLMBackend.spec.models[]`); it goes before the gateway's own catalog and price lists. */
export interface ModelEntry {
  /** The name that the provider knows, as in `LLMRoute.spec.rules[].backendRefs[].model`. */
  readonly name: string;
  /** Name of the model behind it, where it has a name of its own: a deployment, an inference profile. What is not said here is as of that one. */
  readonly baseModel?: string;
  readonly kinds?: readonly ModelKind[];
  /** All of them: what is not listed it has not. */
  readonly capabilities?: readonly ModelCapability[];
  /** Tokens of input and output together. */
  readonly contextWindow?: number;
  /** Tokens of one answer, reasoning included. */
  readonly maxOutputTokens?: number;
  readonly prices?: ModelPrices;
}

/** US dollars per million tokens, as decimal numbers in text, so that none is rounded on its way. */
export interface ModelPrices {
  readonly input: string;
  readonly output: string;
  /** @default `input` */
  readonly cachedInput?: string;
  /** @default `input` */
  readonly cacheWrite?: string;
  /** @default `output` */
  readonly reasoning?: string;
}
