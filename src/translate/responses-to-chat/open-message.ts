import { EventWriter } from './event-writer';
import { ItemStatus, messageItem, MessagePart, refusalPart, textPart } from './output-items';

/** A message of which more may come. Its parts come one after the other. */
export class OpenMessage {
  private readonly done: MessagePart[] = [];
  private kind: MessagePart['type'] | undefined;
  private text = '';
  private readonly logprobs: unknown[] = [];
  private readonly annotations: unknown[] = [];

  constructor(private readonly writer: EventWriter, private readonly id: string, private readonly outputIndex: number) {
    writer.event('response.output_item.added', `"output_index":${outputIndex},"item":${JSON.stringify(messageItem(id, [], 'in_progress'))}`);
  }

  addText(delta: string, logprobs: readonly unknown[]): void {
    this.begin('output_text');
    this.text += delta;
    logprobs.forEach((logprob) => this.logprobs.push(logprob));
    this.writer.event('response.output_text.delta', `${this.place()},"delta":${JSON.stringify(delta)},"logprobs":${logprobs.length === 0 ? '[]' : JSON.stringify(logprobs)}`);
  }

  addRefusal(delta: string): void {
    this.begin('refusal');
    this.text += delta;
    this.writer.event('response.refusal.delta', `${this.place()},"delta":${JSON.stringify(delta)}`);
  }

  addAnnotation(annotation: object): void {
    this.begin('output_text');
    this.writer.event('response.output_text.annotation.added', `${this.place()},"annotation_index":${this.annotations.length},"annotation":${JSON.stringify(annotation)}`);
    this.annotations.push(annotation);
  }

  close(status: ItemStatus): object {
    this.endPart();
    const item = messageItem(this.id, this.done, status);
    this.writer.event('response.output_item.done', `"output_index":${this.outputIndex},"item":${JSON.stringify(item)}`);
    return item;
  }

  /** As it stands, where it cannot be closed any more. */
  broken(): object {
    return messageItem(this.id, this.kind ? [...this.done, this.part()] : this.done, 'incomplete');
  }

  private begin(kind: MessagePart['type']): void {
    if (this.kind === kind) {
      return;
    }
    this.endPart();
    this.kind = kind;
    this.writer.event('response.content_part.added', `${this.place()},"part":${JSON.stringify(this.part())}`);
  }

  private endPart(): void {
    if (!this.kind) {
      return;
    }
    const part = this.part();
    if (part.type === 'refusal') {
      this.writer.event('response.refusal.done', `${this.place()},"refusal":${JSON.stringify(part.refusal)}`);
    } else {
      this.writer.event('response.output_text.done', `${this.place()},"text":${JSON.stringify(part.text)},"logprobs":${JSON.stringify(part.logprobs)}`);
    }
    this.writer.event('response.content_part.done', `${this.place()},"part":${JSON.stringify(part)}`);
    this.done.push(part);
    this.kind = undefined;
    this.text = '';
    this.logprobs.length = 0;
    this.annotations.length = 0;
  }

  private part(): MessagePart {
    return this.kind === 'refusal' ? refusalPart(this.text) : textPart(this.text, [...this.logprobs], [...this.annotations]);
  }

  private place(): string {
    return `"item_id":${JSON.stringify(this.id)},"output_index":${this.outputIndex},"content_index":${this.done.length}`;
  }
}
