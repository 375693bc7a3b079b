import { EventWriter } from './event-writer';
import { functionCallItem, ItemStatus } from './output-items';

/** A function call of which more may come. */
export class OpenCall {
  private args = '';

  constructor(
    private readonly writer: EventWriter, private readonly id: string, readonly outputIndex: number,
    private readonly call: { readonly callId: string; readonly name: string; readonly extraContent?: unknown },
  ) {
    writer.event('response.output_item.added', `"output_index":${outputIndex},"item":${JSON.stringify(this.item('in_progress'))}`);
  }

  addArguments(delta: string): void {
    this.args += delta;
    this.writer.event('response.function_call_arguments.delta', `${this.place()},"delta":${JSON.stringify(delta)}`);
  }

  close(status: ItemStatus): object {
    this.writer.event('response.function_call_arguments.done', `${this.place()},"name":${JSON.stringify(this.call.name)},"arguments":${JSON.stringify(this.args)}`);
    const item = this.item(status);
    this.writer.event('response.output_item.done', `"output_index":${this.outputIndex},"item":${JSON.stringify(item)}`);
    return item;
  }

  /** As it stands, where it cannot be closed any more. */
  broken(): object {
    return this.item('incomplete');
  }

  private item(status: ItemStatus): object {
    return functionCallItem(this.id, { ...this.call, arguments: this.args }, status);
  }

  private place(): string {
    return `"item_id":${JSON.stringify(this.id)},"output_index":${this.outputIndex}`;
  }
}
