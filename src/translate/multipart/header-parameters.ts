/** A header value such as `form-data; name="file"; filename="a.wav"`. */
export interface ParameterizedHeader {
  /** Lower case. */
  readonly value: string;
  /** Names in lower case, in the order they came in, with repeats. */
  readonly parameters: ReadonlyArray<HeaderParameter>;
}

export interface HeaderParameter {
  readonly name: string;
  /** As it stands in the header, without its quotes, with its backslashes. */
  readonly raw: string;
}

const VALUE = /^[ \t]*([!#$%&'*+.^_`|~0-9A-Za-z/-]+)[ \t]*/;
const PARAMETER = /;[ \t]*(?:([!#$%&'*+.^_`|~0-9A-Za-z-]+)=(?:"((?:[^"\\]|\\[^])*)"|([^\s";]+))[ \t]*)?/y;

/** `undefined`: not of that form, to the last character. https://www.rfc-editor.org/rfc/rfc9110#section-5.6.6 */
export function parseParameterizedHeader(text: string): ParameterizedHeader | undefined {
  const value = VALUE.exec(text);
  if (!value) {
    return undefined;
  }
  const parameters: HeaderParameter[] = [];
  let position = value[0].length;
  while (position < text.length) {
    PARAMETER.lastIndex = position;
    const found = PARAMETER.exec(text);
    if (!found) {
      return undefined;
    }
    position = PARAMETER.lastIndex;
    if (found[1] !== undefined) {
      parameters.push({ name: found[1].toLowerCase(), raw: found[2] ?? found[3] });
    }
  }
  return { value: value[1].toLowerCase(), parameters };
}
