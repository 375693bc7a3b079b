import { RequestValue } from '../request/request-value';

/** `input` of an embeddings request for providers that take text only. `limit`: texts of one request. */
export function embeddingTexts(input: RequestValue, provider: string, limit: number): string[] {
  const texts = typeof input.value === 'string' ? [input.value] : input.items().map((item) => {
    if (typeof item.value === 'number' || Array.isArray(item.value)) {
      throw input.invalid(`this model's provider (${provider}) takes no token ids; send text`);
    }
    return item.string();
  });
  if (texts.length === 0) {
    throw input.invalid('it must not be empty');
  }
  if (texts.length > limit) {
    throw input.invalid(`this model's provider (${provider}) embeds up to ${limit === 1 ? 'one text' : `${limit} texts`} a request, but there are ${texts.length}; send them in several requests`);
  }
  return texts;
}
