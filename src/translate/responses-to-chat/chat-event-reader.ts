import { SseDecoder } from '../sse/sse-decoder';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const START = 'data: ';
const END = '\n\n';

/**
 * The data of the events in a chat stream. Chat translators write whole events of one `data` line each, which are found by a search in the
 * text; from the first chunk on that is anything else, an SSE decoder reads.
 */
export class ChatEventReader {
  private decoder: SseDecoder | undefined;

  push(chunk: Uint8Array): string[] {
    if (!this.decoder) {
      const events = wholeEvents(decoder.decode(chunk));
      if (events) {
        return events;
      }
      this.decoder = new SseDecoder();
    }
    return this.decoder.push(chunk).map(({ data }) => data);
  }
}

function wholeEvents(text: string): string[] | undefined {
  const events: string[] = [];
  let position = 0;
  while (position < text.length) {
    const end = text.indexOf('\n', position);
    if (end < 0 || !text.startsWith(START, position) || !text.startsWith(END, end)) {
      return undefined;
    }
    events.push(text.slice(position + START.length, end));
    position = end + END.length;
  }
  return text.includes('\r') ? undefined : events;
}
