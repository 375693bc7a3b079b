import { HostFacts } from './host-facts';
import { SentBlock } from './sent-block';
import { RequestValue } from '../request/request-value';

export interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: SentBlock[];
}

/** Collects blocks into turns: neighbours of the same role become one, and what has no blocks is no turn. */
export class Turns {
  private readonly turns: Turn[] = [];

  /** `blocks` are the turn's from then on. */
  add(role: Turn['role'], blocks: SentBlock[]): void {
    const last = this.turns.at(-1);
    if (blocks.length > 0 && last?.role === role) {
      // One by one: arguments of one call have a limit that a long list meets.
      blocks.forEach((block) => last.content.push(block));
    } else if (blocks.length > 0) {
      this.turns.push({ role, content: blocks });
    }
  }

  /** Throws `RequestError` where Claude would not begin. */
  finished(messages: RequestValue, { name }: HostFacts): Turn[] {
    const [first] = this.turns;
    if (first?.role !== 'user') {
      throw messages.invalid(`this model's provider (${name}) needs a user message with content as the first one after the system messages`);
    }
    this.trimEnd();
    return this.turns.map(({ role, content }) => ({ role, content: role === 'user' ? resultsFirst(content) : content }));
  }

  /** Claude goes on where the last answer ends, and refuses white space there. */
  private trimEnd(): void {
    const last = this.turns.at(-1);
    const block = last?.content.at(-1);
    if (last?.role === 'assistant' && block?.type === 'text') {
      last.content[last.content.length - 1] = { ...block, text: String(block.text).trimEnd() };
    }
  }
}

/** Results follow their calls at once, whatever else stands in the same turn. */
function resultsFirst(content: SentBlock[]): SentBlock[] {
  if (!content.some(isResult)) {
    return content;
  }
  const results = content.filter(isResult);
  return content.slice(0, results.length).every(isResult) ? content : [...results, ...content.filter((block) => !isResult(block))];
}

function isResult({ type }: SentBlock): boolean {
  return type === 'tool_result';
}
