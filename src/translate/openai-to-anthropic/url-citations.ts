import type { ChatCompletionMessage } from 'openai/resources/chat/completions';

export type UrlCitation = ChatCompletionMessage.Annotation;

/** Where a text from `start` to `end` in the answer comes from, as far as that is on the web. OpenAI has no words for places in documents. */
export function urlCitations(citations: unknown, start: number, end: number): UrlCitation[] {
  return (Array.isArray(citations) ? citations as unknown[] : []).flatMap((citation): UrlCitation[] => {
    const { type, url, title } = (typeof citation === 'object' && citation !== null ? citation : {}) as Readonly<Record<string, unknown>>;
    return type === 'web_search_result_location' && typeof url === 'string'
      ? [{ type: 'url_citation', url_citation: { start_index: start, end_index: end, title: typeof title === 'string' ? title : '', url } }] : [];
  });
}
