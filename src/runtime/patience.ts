/** Waits for more of an answer, but not forever. */
export class Patience {
  private timer: NodeJS.Timeout | undefined;
  private over = false;

  constructor(private readonly onEnd: () => void) {}

  /** It was waited in vain. */
  get ended(): boolean {
    return this.over;
  }

  /** From now on, this many milliseconds. `undefined`: as long as it takes. */
  wait(milliseconds: number | undefined): void {
    this.stop();
    if (milliseconds === undefined) return;
    this.timer = setTimeout(() => {
      this.over = true;
      this.onEnd();
    }, milliseconds);
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
