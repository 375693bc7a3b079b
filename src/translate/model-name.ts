/** Of an Amazon Resource Name, the longest name that any provider has for a model. */
const LONGEST = 2048;

/** What a name of a model must be, for messages. */
export const MODEL_NAME_RULE = `it must be up to ${LONGEST} characters without control characters`;

/** The name travels in a header: control characters could pass for a line end, half a character has no bytes, and proxies have a limit of headers. */
export function isModelName(model: string): boolean {
  return model.length <= LONGEST && !/[\u0000-\u001f\u007f]|\p{Surrogate}/u.test(model);
}
