/** What a model is there for. */
export enum ModelKind {
  /** Conversation: OpenAI's chat completions and responses, Anthropic's messages. */
  CHAT = 'Chat',
  /** OpenAI's responses alone. */
  RESPONSES = 'Responses',
  /** OpenAI's legacy completions. */
  COMPLETIONS = 'Completions',
  /** Vectors of texts. */
  EMBEDDINGS = 'Embeddings',
  /** Pictures from texts. */
  IMAGES = 'Images',
  /** Sound from text. */
  SPEECH = 'Speech',
  /** Text from sound. */
  TRANSCRIPTION = 'Transcription',
  /** Order of documents. */
  RERANK = 'Rerank',
}

/** What a chat model takes or does beside text. */
export enum ModelCapability {
  /** Calls functions. */
  TOOLS = 'Tools',
  /** Takes pictures. */
  VISION = 'Vision',
  /** Keeps to a JSON schema in its answer. */
  JSON_SCHEMA = 'JsonSchema',
  /** Reasons before it answers. */
  REASONING = 'Reasoning',
}

/** US dollars per million tokens. */
export interface ModelPrices {
  /** Input. */
  readonly input: number;

  /** Output; 0 for embeddings. */
  readonly output: number;

  /**
   * Input that was read from a prompt cache.
   *
   * @default - as `input`
   */
  readonly cachedInput?: number;

  /**
   * Input that was written to a prompt cache.
   *
   * @default - as `input`
   */
  readonly cacheWrite?: number;

  /**
   * Reasoning.
   *
   * @default - as `output`
   */
  readonly reasoning?: number;
}

/**
 * What is true of one model of a backend. It goes before the gateway's own catalog and the providers' public price lists: for models that
 * these do not know, or know wrongly, and for models under names of your own.
 */
export interface BackendModel {
  /** The name that the provider knows, as in a target's `model`. */
  readonly name: string;

  /**
   * Name of the model behind it, as its maker's own provider has it: for Azure deployments, inference profiles and tuned models. What is not
   * said here is as of that one.
   *
   * @default - the name is the model's own
   */
  readonly baseModel?: string;

  /**
   * What it is there for. A rule that sends other requests to it fails at synth.
   *
   * @default - as the catalog says; anything, for a model that it does not know
   */
  readonly kinds?: ModelKind[];

  /**
   * What it takes and does beside text, all of it. A request for more that the gateway translates is refused, or sent without it (docs/models.md).
   *
   * @default - as the catalog says
   */
  readonly capabilities?: ModelCapability[];

  /**
   * Tokens of input and output together.
   *
   * @default - as the public lists say
   */
  readonly contextWindow?: number;

  /**
   * Tokens of one answer, reasoning included. Sent as `max_tokens` where the provider demands one and the client gives none.
   *
   * @default - as the catalog says; where it says nothing, clients of such providers have to send a limit
   */
  readonly maxOutputTokens?: number;

  /**
   * What it costs, for the cost metric, cost limits and `llmgw explain`.
   *
   * @default - the provider's public price list
   */
  readonly prices?: ModelPrices;
}
