import { AnswerBlocks, ToolPart } from './answer-blocks';
import { BlockSink } from './block-sink';
import { carry } from './extra-content';
import { isExtraContent, isObject, ReceivedDelta, ReceivedToolCall, textIn } from './received-chat';
import { writeJson } from '../exact-json';
import { RestrictedNames } from '../request/restricted-names';

/** What the answer's translation needs to know of its request. */
export interface AnswerContext {
  readonly id: string;
  /** The name that the client asked for. */
  readonly model: string;
  readonly toolNames: RestrictedNames;
  /** An id for a call that has none. */
  newToolId(): string;
}

/** Reads messages, or the deltas of one, into blocks. */
export class AnswerReader {
  /** The model refused to answer, in words. */
  refused = false;
  private readonly blocks: AnswerBlocks;
  /** By `index`. */
  private readonly tools = new Map<number, ToolPart>();

  constructor(sink: BlockSink, private readonly context: AnswerContext) {
    this.blocks = new AnswerBlocks(sink);
  }

  get hasTools(): boolean {
    return this.blocks.hasTools;
  }

  public take(delta: ReceivedDelta): void {
    const reasoning = typeof delta.reasoning_content === 'string' && delta.reasoning_content !== '' ? delta.reasoning_content : delta.reasoning;
    if (typeof reasoning === 'string') {
      this.blocks.thinking(reasoning);
    }
    if (Array.isArray(delta.reasoning_details)) {
      delta.reasoning_details.forEach((detail) => this.reasoningDetail(detail));
    }
    this.blocks.text(textIn(delta.content));
    if (typeof delta.refusal === 'string' && delta.refusal !== '') {
      this.refused = true;
      this.blocks.text(delta.refusal);
    }
    if (isExtraContent(delta.extra_content)) {
      this.blocks.redacted(carry({ extraContent: delta.extra_content }));
    }
    if (Array.isArray(delta.tool_calls)) {
      delta.tool_calls.forEach((call, position) => this.toolCall(call, position));
    }
  }

  /** `cutOff`: by the token limit. False: the model wrote a call that cannot be read. */
  public finish(cutOff: boolean): boolean {
    return this.blocks.finish(cutOff);
  }

  /** Text came before, as `reasoning_content`; here it comes with its signature. */
  private reasoningDetail(detail: unknown): void {
    if (!isObject(detail)) {
      return;
    }
    if (detail.type === 'reasoning.encrypted' && typeof detail.data === 'string' && detail.data !== '') {
      this.blocks.redacted(detail.data);
    } else if (detail.type === 'reasoning.text' && typeof detail.signature === 'string' && detail.signature !== '') {
      this.blocks.signature(detail.signature, typeof detail.text === 'string' ? detail.text : '');
    }
  }

  /** Some servers leave out `index`, some give every call the same: a new id with a name begins a new call. */
  private toolCall(value: unknown, position: number): void {
    if (!isObject(value)) {
      return;
    }
    const call = value as ReceivedToolCall;
    const index = typeof call.index === 'number' ? call.index : position;
    const id = typeof call.id === 'string' ? call.id : '';
    const name = typeof call.function?.name === 'string' ? call.function.name : '';
    let tool = this.tools.get(index);
    if (tool === undefined || id !== '' && name !== '' && tool.name !== '' && tool.id !== id) {
      const newId = id === '' ? this.context.newToolId() : id;
      // Before the call, for that is where it has to be sent back.
      this.carried(call, newId);
      tool = this.blocks.tool(newId);
      this.tools.set(index, tool);
    } else {
      this.carried(call, tool.id);
    }
    if (tool.name === '' && name !== '') {
      tool.name = this.context.toolNames.original(name);
    }
    const args = call.function?.arguments;
    this.blocks.toolArguments(tool, typeof args === 'string' ? args : isObject(args) ? writeJson(args) : '');
  }

  private carried({ extra_content: extra }: ReceivedToolCall, toolCallId: string): void {
    if (isExtraContent(extra)) {
      this.blocks.redacted(carry({ toolCallId, extraContent: extra }));
    }
  }
}
