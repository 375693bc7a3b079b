/** `1 LLMRoute`, `2 LLMRoutes`. */
export function counted(amount: number, what: string): string {
  return `${amount} ${what}${amount === 1 ? '' : 's'}`;
}
