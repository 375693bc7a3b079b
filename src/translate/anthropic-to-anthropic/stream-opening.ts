import { concatBytes } from '../concat-bytes';
import { copyBytes } from '../copy-bytes';

const NOTHING = new Uint8Array(0);

/**
 * Holds back what a stream begins with before the model has written anything, so that a stream which fails at once leaves nothing but its
 * error, and another backend may answer. A second `ping` is let through: a client that waits long must hear something.
 */
export class StreamOpening {
  private readonly held: Uint8Array[] = [];
  private pings = 0;
  private over = false;

  /** Everything goes through from now on. */
  public get isOver(): boolean {
    return this.over;
  }

  /** `names`: of the events in these bytes, in order. What was held before comes out with the first event that ends the opening. */
  public pass(bytes: Uint8Array, names: readonly string[]): Uint8Array {
    if (this.over) {
      return bytes;
    }
    this.over = names.some((name) => !this.opens(name));
    if (!this.over) {
      this.held.push(copyBytes(bytes));
      return NOTHING;
    }
    return this.held.length === 0 ? bytes : concatBytes([...this.held.splice(0), bytes]);
  }

  private opens(name: string): boolean {
    this.pings += name === 'ping' ? 1 : 0;
    return name === 'message_start' || name === 'ping' && this.pings < 2;
  }
}
