import { cacheMarks, chatContent, ChatPart, ContentContext } from './content-parts';
import { keptReasoning } from './kept-reasoning';
import { Place, Renames } from './origins';
import { noteUnreadMembers } from './unread-members';
import { Text } from '../long-text';
import { RequestValue } from '../request/request-value';

export type ChatMessage = Readonly<Record<string, unknown>>;

const CALL: Renames = [['id', 'call_id'], ['function', ''], ['custom', '']];

const MESSAGE_MEMBERS = new Set(['type', 'id', 'role', 'content', 'status', 'extra_content', 'cache_control', 'prompt_cache_breakpoint']);
const CALL_MEMBERS = new Set(['type', 'id', 'call_id', 'name', 'arguments', 'input', 'status', 'extra_content', 'cache_control', 'prompt_cache_breakpoint', 'created_by']);
const REASONING_MEMBERS = new Set(['type', 'id', 'summary', 'content', 'encrypted_content', 'status']);

/**
 * The items that a model wrote one after the other (reasoning, messages, calls), which are one message of a chat: what it thought first,
 * then what it said, then what it called.
 */
export class AssistantTurn {
  private readonly content: Array<{ readonly value: Text | ChatPart[]; readonly place: RequestValue }> = [];
  private readonly calls: ChatPart[] = [];
  private readonly details: unknown[] = [];
  private readonly thoughts: string[] = [];
  private readonly renames: Array<readonly [chat: string, responses: Place]> = [];
  private callExtras: Map<string, unknown> | undefined;
  private readonly more: Record<string, unknown> = {};
  private first: RequestValue | undefined;

  constructor(private readonly context: ContentContext) {}

  get empty(): boolean {
    return this.first === undefined;
  }

  addMessage(item: RequestValue): void {
    const content = item.member('content');
    this.begin(item);
    noteUnreadMembers(item, MESSAGE_MEMBERS, this.context.losses);
    this.renames.push(['content', content], ['role', item.member('role')]);
    this.content.push({ value: chatContent(content, this.context), place: content });
    Object.assign(this.more, cacheMarks(item));
    this.addExtra(item.object().extra_content);
  }

  addReasoning(item: RequestValue): void {
    noteUnreadMembers(item, REASONING_MEMBERS, this.context.losses);
    const encrypted = item.member('encrypted_content');
    const kept = encrypted.present ? keptReasoning(encrypted.string()) : undefined;
    if (kept) {
      if (kept.details.length > 0 || kept.message !== undefined) {
        this.begin(item);
      }
      this.renames.push(['reasoning_details', encrypted], ['extra_content', encrypted]);
      kept.details.forEach((detail) => this.details.push(detail));
      this.callExtras = new Map([...this.callExtras ?? [], ...Object.entries(kept.calls)]);
      this.addExtra(kept.message);
      return;
    }
    if (encrypted.present) {
      this.context.losses.advisory(encrypted.path, 'it is of another provider, which alone can read it');
      return;
    }
    for (const name of ['content', 'summary']) {
      const texts = item.member(name);
      const said = (texts.present ? texts.items() : []).map((part) => part.member('text').string()).filter((text) => text !== '');
      if (said.length > 0) {
        this.begin(item);
        this.renames.push(['reasoning_content', texts]);
        this.thoughts.push(...said);
        return;
      }
    }
  }

  addFunctionCall(item: RequestValue): void {
    const called = { name: item.member('name').string(), arguments: item.member('arguments').string() };
    this.addCall(item, { type: 'function', function: called });
  }

  addCustomToolCall(item: RequestValue): void {
    const called = { name: item.member('name').string(), input: item.member('input').string() };
    this.addCall(item, { type: 'custom', custom: called });
  }

  /** The chat message. Must not be empty. */
  message(): ChatMessage {
    const made = {
      role: 'assistant',
      ...this.thoughts.length > 0 && { reasoning_content: this.thoughts.join('\n\n') },
      ...this.details.length > 0 && { reasoning_details: this.details },
      content: this.joinedContent(),
      ...this.calls.length > 0 && { tool_calls: this.calls },
      ...this.more,
    };
    return this.context.origins.mark(made, '', [...this.renames, ['', this.first ?? 'input']]);
  }

  private begin(item: RequestValue): void {
    this.first ??= item;
  }

  private addExtra(extra: unknown): void {
    if (extra !== undefined && extra !== null) {
      this.more.extra_content = extra;
    }
  }

  private addCall(item: RequestValue, call: ChatPart): void {
    this.begin(item);
    noteUnreadMembers(item, CALL_MEMBERS, this.context.losses);
    const id = item.member('call_id').nonEmptyString();
    const extra = item.object().extra_content ?? this.callExtras?.get(id) ?? undefined;
    this.calls.push(this.context.origins.mark({ id, ...call, ...extra !== undefined && { extra_content: extra }, ...cacheMarks(item) }, item, CALL));
  }

  private joinedContent(): Text | ChatPart[] | null {
    if (this.content.length <= 1) {
      return this.content[0]?.value ?? null;
    }
    return this.content.flatMap(({ value, place }) =>
      Array.isArray(value) ? value : [this.context.origins.mark({ type: 'text', text: value }, place, [['text', '']])]);
  }
}
