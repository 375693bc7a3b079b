import { AssistantMessage, ChatPart, ChatToolCall, ExtraContent } from './chat-message';
import { asContent, contentParts } from './content-parts';
import { cacheMark, ConversionContext } from './conversion-context';
import { carried, isCarried } from './extra-content';
import { jsonText } from '../json-bytes';
import { ReasoningDetail } from '../openai/reasoning-detail';
import { RequestValue } from '../request/request-value';

/** An assistant message: text, calls of tools, and what the target takes back of the reasoning. `undefined`: nothing of it is left. */
export function assistantMessage(content: RequestValue, context: ConversionContext): AssistantMessage | undefined {
  if (content.isText) {
    const text = content.text();
    return text === '' ? undefined : { role: 'assistant', content: text };
  }
  const turn = new AssistantTurn(context);
  content.items().forEach((block) => turn.add(block));
  return turn.message();
}

class AssistantTurn {
  private readonly parts: ChatPart[] = [];
  private readonly calls: ChatToolCall[] = [];
  private readonly details: ReasoningDetail[] = [];
  private readonly extras = new Map<string | undefined, ExtraContent>();
  private mark: ReturnType<typeof cacheMark> = {};

  constructor(private readonly context: ConversionContext) {}

  add(block: RequestValue): void {
    const type = block.member('type').string();
    switch (type) {
      case 'text':
        this.parts.push(...contentParts(block, this.context));
        break;
      case 'thinking':
        this.thinking(block);
        break;
      case 'redacted_thinking':
        this.redacted(block);
        break;
      case 'tool_use':
        this.toolUse(block);
        break;
      default:
        // Tools that Anthropic runs itself, and what they gave.
        this.context.losses.semantic(block.path, `${this.context.target.provider} takes no block of type '${type.slice(0, 40)}' here`);
    }
  }

  message(): AssistantMessage | undefined {
    const calls = this.calls.map((call): ChatToolCall => {
      const extra = this.extras.get(call.id);
      return extra ? { ...call, extra_content: extra } : call;
    });
    const own = this.extras.get(undefined);
    if (this.parts.length === 0 && calls.length === 0 && this.details.length === 0) {
      return undefined;
    }
    return {
      role: 'assistant',
      content: this.parts.length === 0 ? null : asContent(this.parts, this.context),
      ...calls.length > 0 && { tool_calls: calls },
      ...this.details.length > 0 && { reasoning_details: this.details },
      ...own && { extra_content: own },
      ...this.mark,
    };
  }

  private thinking(block: RequestValue): void {
    const text = block.member('thinking').string();
    const signature = block.member('signature');
    if (!this.context.target.reasoningDetails || !signature.present || signature.string() === '') {
      this.context.losses.advisory(block.path, 'the model takes back only reasoning of its own, with its signature');
      return;
    }
    this.details.push({ type: 'reasoning.text', text, signature: signature.string(), index: this.details.length });
  }

  private redacted(block: RequestValue): void {
    const data = block.member('data').string();
    const { target, losses } = this.context;
    if (isCarried(data)) {
      const content = target.extraContent ? carried(data) : undefined;
      if (content) {
        this.extras.set(content.toolCallId, content.extraContent);
      } else {
        losses.advisory(block.path, 'it belongs to the answer of another provider');
      }
    } else if (target.reasoningDetails) {
      this.details.push({ type: 'reasoning.encrypted', data, index: this.details.length });
    } else {
      losses.advisory(block.path, 'the model takes back only reasoning of its own');
    }
  }

  private toolUse(block: RequestValue): void {
    const name = block.member('name').nonEmptyString();
    const input = block.member('input');
    this.calls.push({
      id: block.member('id').nonEmptyString(),
      type: 'function',
      function: { name: this.context.toolNames.restricted(name), arguments: jsonText(input.present ? input.object() : {}) },
    });
    // A call has no place for a mark of its own; the message's stands after the last of them.
    this.mark = { ...this.mark, ...cacheMark(block, this.context) };
  }
}
