import { GoogleCloud } from '../gemini/gemini-path';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

/** https://docs.cloud.google.com/vertex-ai/generative-ai/docs/multimodal/add-labels-to-api-calls */
const MOST_LABELS = 64;
const KEY = /^\p{Ll}[\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u;
const VALUE = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;

/** `metadata` as the labels of a call to Vertex AI, which its bills and reports can be split by; `undefined`: nothing of it fits. */
export function labels(metadata: RequestValue, cloud: GoogleCloud, losses: Losses): Record<string, string> | undefined {
  const entries = Object.keys(metadata.present ? metadata.object() : {}).map((key) => [key, metadata.member(key).string()] as const);
  const fitting = cloud ? entries.filter(([key, value]) => KEY.test(key) && VALUE.test(value)).slice(0, MOST_LABELS) : [];
  if (fitting.length < entries.length) {
    losses.advisory(metadata.path, cloud
      ? `Vertex AI takes ${MOST_LABELS} labels of up to 63 lower-case letters, digits, _ and -, which begin with a letter` : 'the Gemini API has no labels');
  }
  return fitting.length > 0 ? Object.fromEntries(fitting) : undefined;
}
