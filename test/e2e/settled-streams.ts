import { eventually } from './process';

/** ExtProc counts a stream when it is over, which may be a moment after the client has its answer: the count once it rests. */
export async function settledStreams(app: { extProcStreams(): Promise<number> }): Promise<number> {
  let last = -1;
  let times = 0;
  await eventually('the count of streams rests', async () => {
    const now = await app.extProcStreams();
    times = now === last ? times + 1 : 0;
    last = now;
    return times === 5;
  });
  return last;
}
