import { redactedDetail, thinkingDetail } from './reasoning-details';
import { ReceivedBlock, ReceivedDelta, textIn } from './received-message';
import { UrlCitation, urlCitations } from './url-citations';
import { writeJson } from '../exact-json';
import { ChatDelta } from '../openai/chat-chunk';
import { ReasoningDetail } from '../openai/reasoning-detail';
import { RestrictedNames } from '../request/restricted-names';

/** Fields beside those that OpenAI declares for chunks; its search models write `annotations` there, too. */
type ExtendedDelta = ChatDelta & { reasoning_content?: string; reasoning_details?: ReasoningDetail[]; annotations?: UrlCitation[] };

type OpenBlock =
  | { readonly type: 'text'; readonly start: number; readonly citations: unknown[] }
  | { readonly type: 'thinking'; text: string; signature: string }
  | { readonly type: 'redacted'; readonly data: unknown }
  /** `index`: among the tool calls, from 0. `input`: what `content_block_start` had of it, an empty object where parts follow. */
  | { readonly type: 'tool'; readonly index: number; readonly input: unknown; hasArguments: boolean };

/** The content blocks of a stream between their start and their stop, and what a client gets to see of them. */
export class OpenBlocks {
  toolCalls = 0;
  private readonly open = new Map<number, OpenBlock>();
  private details = 0;
  private textLength = 0;

  constructor(private readonly toolNames: RestrictedNames) {}

  start(index: number, block: ReceivedBlock): ExtendedDelta[] {
    switch (block.type) {
      case 'text':
        this.open.set(index, { type: 'text', start: this.textLength, citations: [] });
        return this.text(textIn(block.text));
      case 'thinking':
        this.open.set(index, { type: 'thinking', text: textIn(block.thinking), signature: textIn(block.signature) });
        return reasoning(textIn(block.thinking));
      case 'redacted_thinking':
        this.open.set(index, { type: 'redacted', data: block.data });
        return [];
      case 'tool_use':
        return this.tool(index, block);
      default:
        // What the host's own tools do, and what is not known yet.
        return [];
    }
  }

  delta(index: number, delta: ReceivedDelta): ExtendedDelta[] {
    const block = this.open.get(index);
    switch (block?.type) {
      case 'text':
        if (delta.type === 'citations_delta') {
          block.citations.push(delta.citation);
        }
        return delta.type === 'text_delta' ? this.text(textIn(delta.text)) : [];
      case 'thinking':
        block.signature += delta.type === 'signature_delta' ? textIn(delta.signature) : '';
        block.text += delta.type === 'thinking_delta' ? textIn(delta.thinking) : '';
        return delta.type === 'thinking_delta' ? reasoning(textIn(delta.thinking)) : [];
      case 'tool': {
        const part = delta.type === 'input_json_delta' ? textIn(delta.partial_json) : '';
        block.hasArguments ||= part !== '';
        return part === '' ? [] : [toolArguments(block.index, part)];
      }
      default:
        return [];
    }
  }

  stop(index: number): ExtendedDelta[] {
    const block = this.open.get(index);
    this.open.delete(index);
    switch (block?.type) {
      case 'text': {
        const annotations = urlCitations(block.citations, block.start, this.textLength);
        return annotations.length > 0 ? [{ annotations }] : [];
      }
      case 'thinking':
        return this.detail(thinkingDetail(block.text, block.signature, this.details));
      case 'redacted':
        return this.detail(redactedDetail(block.data, this.details));
      case 'tool':
        return block.hasArguments ? [] : [toolArguments(block.index, typeof block.input === 'object' && block.input !== null ? writeJson(block.input) : '{}')];
      default:
        return [];
    }
  }

  /** What the turn ended with before the blocks did. */
  stopAll(): ExtendedDelta[] {
    return [...this.open.keys()].flatMap((index) => this.stop(index));
  }

  private text(text: string): ExtendedDelta[] {
    this.textLength += text.length;
    return text === '' ? [] : [{ content: text }];
  }

  private tool(block: number, { id, name, input }: ReceivedBlock): ExtendedDelta[] {
    const index = this.toolCalls;
    this.toolCalls += 1;
    this.open.set(block, { type: 'tool', index, input, hasArguments: false });
    return [{ tool_calls: [{ index, id: textIn(id), type: 'function', function: { name: this.toolNames.original(textIn(name)), arguments: '' } }] }];
  }

  /** Whole and once, so that a client has nothing to put together before it sends the block back. */
  private detail(detail: ReasoningDetail | undefined): ExtendedDelta[] {
    this.details += detail ? 1 : 0;
    return detail ? [{ reasoning_details: [detail] }] : [];
  }
}

function reasoning(text: string): ExtendedDelta[] {
  return text === '' ? [] : [{ reasoning_content: text }];
}

function toolArguments(index: number, part: string): ExtendedDelta {
  return { tool_calls: [{ index, function: { arguments: part } }] };
}
