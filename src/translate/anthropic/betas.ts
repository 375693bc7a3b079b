/** The features named in an `anthropic-beta` header, each once. https://docs.anthropic.com/en/api/beta-headers */
export function betasOf(header: string | undefined): readonly string[] {
  return header === undefined ? [] : [...new Set(header.split(',').map((name) => name.trim()).filter((name) => name !== ''))];
}
