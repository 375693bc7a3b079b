/** The stop sequence that the model met, where it says so, under the name that vLLM gave it beside OpenAI's fields. `{}`: it says nothing. */
export function metStop(additionalFields: unknown): { readonly stop_reason?: string } {
  const met = typeof additionalFields === 'object' && additionalFields !== null ? (additionalFields as { readonly stop_sequence?: unknown }).stop_sequence : undefined;
  return typeof met === 'string' ? { stop_reason: met } : {};
}
