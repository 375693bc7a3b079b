import type { ThinkingLevel } from '@google/genai' with { 'resolution-mode': 'import' };
import { Wire } from './gemini-wire';

export type GeminiThinkingLevel = Exclude<Wire<ThinkingLevel>, 'THINKING_LEVEL_UNSPECIFIED'>;

/** What a model takes that not every Gemini model takes. */
export interface GeminiTraits {
  /** How it is told to think. `level`: `thinkingLevel`, from least to most; `budget`: a number of tokens; `none`: it does not think, or cannot be told. */
  readonly thinking:
    | { readonly kind: 'none' }
    | { readonly kind: 'budget'; readonly lowest: number; readonly highest: number; readonly canBeOff: boolean }
    | { readonly kind: 'level'; readonly levels: readonly GeminiThinkingLevel[] };
  /** Takes JSON Schema (`parametersJsonSchema`, `responseJsonSchema`); the others take OpenAPI's schema. */
  readonly jsonSchema: boolean;
  /** Refuses function calls of its own without their signature. */
  readonly signedCalls: boolean;
  /** Takes media inside a function's response. */
  readonly mediaInResponses: boolean;
  /** Takes `mediaResolution` on one part. */
  readonly mediaResolution: boolean;
}

const UNMARKED: GeminiTraits = { thinking: { kind: 'none' }, jsonSchema: false, signedCalls: false, mediaInResponses: false, mediaResolution: false };
const LATEST: Omit<GeminiTraits, 'thinking'> = { jsonSchema: true, signedCalls: true, mediaInResponses: true, mediaResolution: true };
const budget = (lowest: number, highest: number, canBeOff: boolean): GeminiTraits => (
  { ...UNMARKED, jsonSchema: true, thinking: { kind: 'budget', lowest, highest, canBeOff } }
);
const levels = (...known: readonly GeminiThinkingLevel[]): GeminiTraits => ({ ...LATEST, thinking: { kind: 'level', levels: known } });

/**
 * The first mark in the model's name decides. Sources:
 * - budgets and levels: ai.google.dev/gemini-api/docs/generate-content/thinking, docs.cloud.google.com/vertex-ai/generative-ai/docs/thinking
 * - JSON Schema from 2.5: ai.google.dev/gemini-api/docs/structured-output, github.com/envoyproxy/ai-gateway/issues/1403
 * - signatures from 3: docs.cloud.google.com/vertex-ai/generative-ai/docs/thought-signatures
 * - media in function responses and resolution by part from 3: ai.google.dev/gemini-api/docs/gemini-3
 */
const MARKS: ReadonlyArray<readonly [mark: RegExp, traits: GeminiTraits]> = [
  [/gemini-2\.5-.*(?:image|tts|live|audio|computer-use)/, { ...UNMARKED, jsonSchema: true }],
  [/gemini-2\.5-pro/, budget(128, 32_768, false)],
  [/gemini-2\.5-flash-lite/, budget(512, 24_576, true)],
  [/gemini-2\.5-/, budget(1, 24_576, true)],
  [/gemini-3-pro/, levels('LOW', 'HIGH')],
  [/gemini-(?:[3-9]|\d\d)(?:\.\d+)?-pro|gemini-pro-latest/, levels('LOW', 'MEDIUM', 'HIGH')],
  [/gemini-(?:[3-9]|\d\d)(?:\.\d+)?-|gemini-.*-latest/, levels('MINIMAL', 'LOW', 'MEDIUM', 'HIGH')],
];

/** A model without a mark (also a tuned one, which has a number for a name) gets what every model takes. */
export function geminiTraits(model: string): GeminiTraits {
  const name = model.toLowerCase();
  return MARKS.find(([mark]) => mark.test(name))?.[1] ?? UNMARKED;
}
