import { Steps } from '../resources/steps';

/** Milliseconds: requests in flight wait no longer than that. */
const SLICE_MILLISECONDS = 5;

/** Work in slices of the event loop's time: between two of them, everything else that is due gets its turn. */
export class SlicedWork<T> {
  private next: NodeJS.Immediate | undefined;

  /** `slice`: milliseconds. */
  constructor(private readonly steps: Steps<T>, private readonly done: (result: T) => void, private readonly slice = SLICE_MILLISECONDS) {}

  /** Does the first slice; where that is enough, `done` is called before this returns. */
  start(): void {
    this.run();
  }

  /** Does no more of it; `done` is not called. */
  cancel(): void {
    clearImmediate(this.next);
  }

  private run(): void {
    const until = performance.now() + this.slice;
    for (;;) {
      const step = this.steps.next();
      if (step.done === true) return this.done(step.value);
      if (performance.now() >= until) break;
    }
    this.next = setImmediate(() => this.run());
  }
}
