/** Follows a JSON object that comes in pieces, to know when its last brace came. Says nothing of whether what is between them is JSON. */
export class JsonEnd {
  private depth = 0;
  private inString = false;
  private escaped = false;
  private ended = false;

  /** The object is closed. */
  get reached(): boolean {
    return this.ended;
  }

  push(text: string): void {
    for (let position = 0; position < text.length; position++) {
      this.next(text[position]);
    }
  }

  private next(character: string): void {
    if (this.inString) {
      this.inString = this.escaped || character !== '"';
      this.escaped = character === '\\' && !this.escaped;
      return;
    }
    switch (character) {
      case '"':
        this.inString = true;
        break;
      case '{':
      case '[':
        this.depth += 1;
        break;
      case '}':
      case ']':
        this.depth -= 1;
        this.ended ||= this.depth === 0;
        break;
    }
  }
}
