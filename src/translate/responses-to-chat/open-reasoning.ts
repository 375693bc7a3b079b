import { EventWriter } from './event-writer';
import { KeptReasoning } from './kept-reasoning';
import { ItemStatus, reasoningItem } from './output-items';

/** Reasoning of which more may come: one summary, for providers do not say where a part of it ends. */
export class OpenReasoning {
  private text = '';
  private hasPart = false;
  private readonly place: string;

  constructor(private readonly writer: EventWriter, private readonly id: string, private readonly outputIndex: number) {
    this.place = `"item_id":${JSON.stringify(id)},"output_index":${outputIndex}`;
    writer.event('response.output_item.added', `"output_index":${outputIndex},"item":${JSON.stringify(reasoningItem(id, '', 'in_progress'))}`);
  }

  addText(delta: string): void {
    if (!this.hasPart) {
      this.hasPart = true;
      this.writer.event('response.reasoning_summary_part.added', `${this.place},"summary_index":0,"part":{"type":"summary_text","text":""}`);
    }
    this.text += delta;
    this.writer.event('response.reasoning_summary_text.delta', `${this.place},"summary_index":0,"delta":${JSON.stringify(delta)}`);
  }

  close(status: ItemStatus, kept: KeptReasoning): object {
    if (this.hasPart) {
      const text = JSON.stringify(this.text);
      this.writer.event('response.reasoning_summary_text.done', `${this.place},"summary_index":0,"text":${text}`);
      this.writer.event('response.reasoning_summary_part.done', `${this.place},"summary_index":0,"part":{"type":"summary_text","text":${text}}`);
    }
    const item = reasoningItem(this.id, this.text, status, kept);
    this.writer.event('response.output_item.done', `"output_index":${this.outputIndex},"item":${JSON.stringify(item)}`);
    return item;
  }

  /** As it stands, where it cannot be closed any more. */
  broken(): object {
    return reasoningItem(this.id, this.text, 'incomplete');
  }
}
