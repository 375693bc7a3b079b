import { Problem } from '../resources/problem';

/** `file:line: LLMRoute default/chat: spec.rules[0]: what is wrong`. */
export function problemLine({ source, object, path, message }: Problem): string {
  return [source, object, path, message].filter((part) => part !== '').join(': ');
}
