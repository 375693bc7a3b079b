import { EventWriter } from './event-writer';
import { OpenCall } from './open-call';
import { OpenMessage } from './open-message';
import { OpenReasoning } from './open-reasoning';
import { imageItem, ItemStatus } from './output-items';
import { annotationsOf, imagesOf, ReceivedCall, ReceivedMessage, textIn } from './received-chat';
import { ReasoningDetail } from '../openai/reasoning-detail';

/**
 * The output items of a stream, out of the deltas of a chat. Reasoning and messages end where the next item begins; calls stay open to the
 * end, since their deltas may come in turns.
 */
export class OutputStream {
  private readonly items: object[] = [];
  private count = 0;
  private reasoning: OpenReasoning | undefined;
  private message: OpenMessage | undefined;
  /** Of the reasoning or the message that is open. */
  private openIndex = 0;
  private readonly calls = new Map<number, OpenCall>();
  /** What a model takes back, for the reasoning item that ends next. */
  private details: ReasoningDetail[] = [];
  private callExtras: Record<string, unknown> = {};
  private messageExtra: unknown;

  constructor(private readonly writer: EventWriter, private readonly newId: (prefix: string) => string) {}

  add(delta: ReceivedMessage, logprobs: readonly unknown[]): void {
    const [thoughts, text, refusal] = [textIn(delta.reasoning_content), textIn(delta.content), textIn(delta.refusal)];
    if (thoughts !== '') {
      this.openReasoning().addText(thoughts);
    }
    delta.reasoning_details?.forEach((detail) => this.details.push(detail));
    if (text !== '') {
      this.openMessage().addText(text, logprobs);
    }
    if (refusal !== '') {
      this.openMessage().addRefusal(refusal);
    }
    if (delta.annotations?.length) {
      annotationsOf(delta).forEach((annotation) => this.openMessage().addAnnotation(annotation));
    }
    if (delta.images?.length) {
      imagesOf(delta).forEach((image) => this.addImage(image));
    }
    this.messageExtra = delta.extra_content ?? this.messageExtra;
    delta.tool_calls?.forEach((call, position) => this.addCall(call, position));
  }

  /** Ends all that is open; `lastStatus`: of the last item. */
  finish(lastStatus: ItemStatus): readonly object[] {
    const last = this.count - 1;
    this.closeOpen(this.calls.size === 0 ? lastStatus : 'completed');
    for (const call of this.calls.values()) {
      this.items[call.outputIndex] = call.close(call.outputIndex === last ? lastStatus : 'completed');
    }
    this.calls.clear();
    this.flushKept();
    return this.items;
  }

  /** What there is when nothing more can come. */
  broken(): readonly object[] {
    const output = [...this.items];
    const open = this.reasoning ?? this.message;
    if (open) {
      output[this.openIndex] = open.broken();
    }
    for (const call of this.calls.values()) {
      output[call.outputIndex] = call.broken();
    }
    return output;
  }

  private openReasoning(): OpenReasoning {
    if (!this.reasoning) {
      this.closeOpen('completed');
      this.openIndex = this.nextIndex();
      this.reasoning = new OpenReasoning(this.writer, this.newId('rs_'), this.openIndex);
    }
    return this.reasoning;
  }

  private openMessage(): OpenMessage {
    if (!this.message) {
      this.beginItem();
      this.openIndex = this.nextIndex();
      this.message = new OpenMessage(this.writer, this.newId('msg_'), this.openIndex);
    }
    return this.message;
  }

  private addCall(delta: ReceivedCall, position: number): void {
    const index = delta.index ?? position;
    let call = this.calls.get(index);
    if (!call) {
      const callId = textIn(delta.id) || this.newId('call_');
      const extraContent = delta.extra_content ?? undefined;
      if (extraContent !== undefined) {
        this.callExtras[callId] = extraContent;
      }
      this.beginItem();
      call = new OpenCall(this.writer, this.newId('fc_'), this.nextIndex(), { callId, name: textIn(delta.function?.name), extraContent });
      this.calls.set(index, call);
    }
    const args = textIn(delta.function?.arguments);
    if (args !== '') {
      call.addArguments(args);
    }
  }

  private addImage(image: string): void {
    this.beginItem();
    const [index, id] = [this.nextIndex(), this.newId('ig_')];
    this.writer.event('response.output_item.added', `"output_index":${index},"item":${JSON.stringify(imageItem(id))}`);
    this.items[index] = imageItem(id, image);
    this.writer.event('response.output_item.done', `"output_index":${index},"item":${JSON.stringify(this.items[index])}`);
  }

  private nextIndex(): number {
    this.count += 1;
    return this.count - 1;
  }

  /** Before an item that is no reasoning: what a model takes back stands before what it wrote after it. */
  private beginItem(): void {
    this.closeOpen('completed');
    this.flushKept();
  }

  private closeOpen(status: ItemStatus): void {
    if (this.reasoning) {
      this.items[this.openIndex] = this.reasoning.close(status, this.takeKept());
      this.reasoning = undefined;
    }
    if (this.message) {
      this.items[this.openIndex] = this.message.close(status);
      this.message = undefined;
    }
  }

  private flushKept(): void {
    if (this.details.length > 0 || this.messageExtra !== undefined || Object.keys(this.callExtras).length > 0) {
      this.openReasoning();
      this.closeOpen('completed');
    }
  }

  private takeKept() {
    const kept = {
      ...this.details.length > 0 && { details: this.details },
      ...Object.keys(this.callExtras).length > 0 && { calls: this.callExtras },
      ...this.messageExtra !== undefined && { message: this.messageExtra },
    };
    this.details = [];
    this.callExtras = {};
    this.messageExtra = undefined;
    return kept;
  }
}
