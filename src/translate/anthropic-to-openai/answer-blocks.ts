import { BlockSink } from './block-sink';
import { JsonEnd } from './json-end';

interface TextPart {
  readonly kind: 'text' | 'thinking';
  /** Not written yet. */
  pending: string;
  signature?: string;
  started: boolean;
}

interface RedactedPart {
  readonly kind: 'redacted';
  readonly data: string;
}

export interface ToolPart {
  readonly kind: 'tool';
  readonly id: string;
  name: string;
  arguments: string;
  /** Characters of `arguments` that are written. */
  written: number;
  readonly end: JsonEnd;
  started: boolean;
}

type Part = TextPart | RedactedPart | ToolPart;

/**
 * Puts the pieces of an answer into blocks, one open at a time, as Anthropic's clients expect them. The first part that is not finished
 * is written as it comes; what comes for later ones waits for it: text and thinking are finished when anything else begins, a call of a
 * tool when its arguments are a closed object. Text of nothing but white space is no block.
 */
export class AnswerBlocks {
  private readonly parts: Part[] = [];
  private finishing = false;
  /** A call of a tool was among them. */
  hasTools = false;

  constructor(private readonly sink: BlockSink) {}

  public text(text: string): void {
    this.append('text', text);
  }

  public thinking(text: string): void {
    this.append('thinking', text);
  }

  /** Of the thinking that came last. `text`: the whole of it, for those who did not send it before. */
  public signature(signature: string, text: string): void {
    const last = this.parts.at(-1);
    if (last?.kind === 'thinking' && last.signature === undefined) {
      last.signature = signature;
    } else {
      this.parts.push({ kind: 'thinking', pending: text, signature, started: false });
    }
    this.write();
  }

  public redacted(data: string): void {
    this.parts.push({ kind: 'redacted', data });
    this.write();
  }

  public tool(id: string): ToolPart {
    const tool: ToolPart = { kind: 'tool', id, name: '', arguments: '', written: 0, end: new JsonEnd(), started: false };
    this.hasTools = true;
    this.parts.push(tool);
    return tool;
  }

  public toolArguments(tool: ToolPart, piece: string): void {
    // After its last brace an object has nothing more to say.
    if (piece !== '' && !tool.end.reached) {
      tool.arguments += piece;
      tool.end.push(piece);
    }
    this.write();
  }

  /** Writes what waits. False: a call of a tool has no name, or arguments that are no object; `cutOff`: then they need not be. */
  public finish(cutOff: boolean): boolean {
    this.finishing = true;
    const readable = this.parts.every((part) => part.kind !== 'tool' || part.name !== '' && (cutOff || isObject(part.arguments)));
    if (readable) {
      this.write();
    }
    return readable;
  }

  private append(kind: 'text' | 'thinking', text: string): void {
    if (text === '') {
      return;
    }
    const last = this.parts.at(-1);
    if (last?.kind === kind && last.signature === undefined) {
      last.pending += text;
    } else {
      this.parts.push({ kind, pending: text, started: false });
    }
    this.write();
  }

  private write(): void {
    for (;;) {
      const part = this.parts.at(0);
      if (part === undefined) {
        return;
      }
      this.writePart(part);
      if (!this.finishing && !isFinished(part, this.parts.length === 1)) {
        return;
      }
      this.stopPart(part);
      this.parts.shift();
    }
  }

  private writePart(part: Part): void {
    switch (part.kind) {
      case 'text':
        // Blank text waits for what follows it: alone it is no block.
        if (part.started || part.pending.trim() !== '') {
          this.start(part, () => this.sink.blockStart({ type: 'text', text: '', citations: null }));
          this.flush(part, (text) => this.sink.blockDelta({ type: 'text_delta', text }));
        }
        return;
      case 'thinking':
        this.start(part, () => this.sink.blockStart({ type: 'thinking', thinking: '', signature: '' }));
        this.flush(part, (thinking) => this.sink.blockDelta({ type: 'thinking_delta', thinking }));
        return;
      case 'redacted':
        return;
      case 'tool':
        if (part.name !== '') {
          this.start(part, () => this.sink.blockStart({ type: 'tool_use', id: part.id, name: part.name, input: {} }));
          if (part.written < part.arguments.length) {
            this.sink.blockDelta({ type: 'input_json_delta', partial_json: part.arguments.slice(part.written) });
            part.written = part.arguments.length;
          }
        }
    }
  }

  private stopPart(part: Part): void {
    if (part.kind === 'redacted') {
      this.sink.blockStart({ type: 'redacted_thinking', data: part.data });
    } else if (!part.started) {
      return;
    } else if (part.kind === 'tool' && part.arguments.trim() === '') {
      this.sink.blockDelta({ type: 'input_json_delta', partial_json: '{}' });
    } else if (part.kind === 'thinking' && part.signature !== undefined) {
      this.sink.blockDelta({ type: 'signature_delta', signature: part.signature });
    }
    this.sink.blockStop();
  }

  private start(part: TextPart | ToolPart, write: () => void): void {
    if (!part.started) {
      part.started = true;
      write();
    }
  }

  private flush(part: TextPart, write: (text: string) => void): void {
    if (part.pending !== '') {
      write(part.pending);
      part.pending = '';
    }
  }
}

/** `last`: nothing came after it yet. A call without arguments is finished by the end alone: they may follow those of the next call. */
function isFinished(part: Part, last: boolean): boolean {
  switch (part.kind) {
    case 'redacted':
      return true;
    case 'thinking':
      return !last || part.signature !== undefined;
    case 'text':
      return !last;
    case 'tool':
      return !last && part.name !== '' && part.end.reached;
  }
}

function isObject(text: string): boolean {
  if (text.trim() === '') {
    return true;
  }
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
