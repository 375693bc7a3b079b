import type {
  Candidate, ContentEmbedding, FunctionCallingConfig, FunctionDeclaration, GenerateContentResponse, GenerationConfig, LogprobsResult, Part, ServiceTier,
} from '@google/genai' with { 'resolution-mode': 'import',
  };
import { Text } from '../long-text';

/** A type of the Google Gen AI SDK as its JSON is on the wire: enums are their text. */
export type Wire<T> = T extends string ? `${T}`
  : T extends ReadonlyArray<infer Item> ? Array<Wire<Item>>
    : T extends object ? { [Key in keyof T]: Wire<T[Key]> }
      : T;

/** What the server may leave out, whatever its declaration says. */
type Received<T> = T extends ReadonlyArray<infer Item> ? ReadonlyArray<Received<Item>>
  : T extends object ? { readonly [Key in keyof T]?: Received<T[Key]> }
    : T;

export type GeminiPart = { text?: Text } & Wire<Pick<Part, 'thought' | 'thoughtSignature' | 'inlineData' | 'fileData' | 'functionCall' | 'functionResponse' | 'mediaResolution'>>;

export interface GeminiContent {
  /** Absent: `systemInstruction`, which has no role. */
  readonly role?: 'user' | 'model';
  readonly parts: GeminiPart[];
}

export type GeminiFunction = Wire<Pick<FunctionDeclaration, 'name' | 'description' | 'parametersJsonSchema'>> & {
  /** A schema of OpenAPI 3.0; the SDK spells its numbers as text, the API takes both. */
  parameters?: unknown;
};

export type GeminiGenerationConfig = Wire<Pick<GenerationConfig, 'candidateCount' | 'frequencyPenalty' | 'logprobs' | 'maxOutputTokens' | 'presencePenalty' |
'responseJsonSchema' | 'responseLogprobs' | 'responseMimeType' | 'seed' | 'stopSequences' | 'temperature' | 'thinkingConfig' | 'topK' | 'topP'>> & {
  responseSchema?: unknown;
};

/** Body of generateContent and streamGenerateContent; the model stands in the path. https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference */
export interface GeminiBody {
  contents: readonly GeminiContent[];
  systemInstruction?: GeminiContent;
  tools?: ReadonlyArray<{ functionDeclarations: readonly GeminiFunction[] }>;
  toolConfig?: { functionCallingConfig: Wire<Pick<FunctionCallingConfig, 'mode' | 'allowedFunctionNames'>> };
  generationConfig?: GeminiGenerationConfig;
  /** Vertex AI only. */
  labels?: Readonly<Record<string, string>>;
  /** Gemini API only; Vertex AI reads a header. */
  serviceTier?: Wire<ServiceTier>;
}

export type GeminiUsage = Received<Wire<NonNullable<GenerateContentResponse['usageMetadata']>>> & {
  /** Gemini API only. */
  readonly serviceTier?: string;
};
export type GeminiReceivedPart = { readonly text?: string } & Received<Omit<GeminiPart, 'text'>>;
export type GeminiLogprobs = Received<LogprobsResult>;

/** The parts of a candidate that are read. */
export type GeminiCandidate = Pick<Received<Wire<Pick<Candidate, 'index' | 'finishMessage'>>>, 'index' | 'finishMessage'> & {
  readonly content?: { readonly parts?: readonly GeminiReceivedPart[] };
  readonly finishReason?: string;
  readonly logprobsResult?: GeminiLogprobs;
};

/** The parts of an answer, or of one event of a stream, that are read. */
export interface GeminiAnswer {
  readonly candidates?: readonly GeminiCandidate[];
  readonly promptFeedback?: { readonly blockReason?: string; readonly blockReasonMessage?: string };
  readonly usageMetadata?: GeminiUsage;
  readonly error?: unknown;
}

export type GeminiEmbedding = Received<Pick<ContentEmbedding, 'values'>>;
