/** The name travels in a header, where control characters could pass for a line end. */
export function isModelName(model: string): boolean {
  return !/[\u0000-\u001f\u007f]/.test(model);
}
