import { Received } from './http-request';

/** Requests of four workers without a pause, half of them streams, while `change` is made and takes effect. */
export async function underLoad(
  ask: (worker: number, stream: boolean) => Promise<Received>, change: () => Promise<void>,
): Promise<{ readonly failures: string[]; readonly count: number }> {
  const failures: string[] = [];
  let running = true;
  let count = 0;
  const load = Promise.all(Array.from({ length: 4 }, async (_, worker) => {
    const stream = worker > 1;
    while (running) {
      count += 1;
      const { status, text } = await ask(worker, stream);
      if (status !== 200 || (stream && !text.includes('data: [DONE]'))) failures.push(`${new Date().toISOString()} ${status} ${text}`);
    }
  }));
  try {
    await change();
  } finally {
    running = false;
    await load;
  }
  return { failures, count };
}
