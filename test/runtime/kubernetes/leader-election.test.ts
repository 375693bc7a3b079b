import { MemoryCluster } from './memory-cluster';
import { ClusterError } from '../../../src/runtime/kubernetes/cluster-client';
import { LeaderElection } from '../../../src/runtime/kubernetes/leader-election';

let cluster: MemoryCluster;
let candidates: LeaderElection[];
let leaders: string[];

beforeEach(() => {
  jest.useFakeTimers();
  cluster = new MemoryCluster();
  candidates = [];
  leaders = [];
});
afterEach(async () => {
  cluster.intercept = () => undefined;
  await Promise.all(candidates.map((one) => one.stop()));
  jest.useRealTimers();
});

const seconds = (count: number) => jest.advanceTimersByTimeAsync(count * 1_000);

/** Candidates who get at the Lease through `reach`: it throws, or hangs, for one who is cut off. */
function candidate(identity: string, failures: ClusterError[] = [], reach: () => void | Promise<void> = () => undefined): LeaderElection {
  const election = new LeaderElection({
    client: {
      follow: () => { throw new Error('nothing is followed for a Lease'); },
      patchStatus: () => Promise.reject(new Error('a Lease has no status')),
      readLease: async () => { await reach(); return cluster.readLease(); },
      writeLease: async (namespace, name, lease) => { await reach(); return cluster.writeLease(namespace, name, lease); },
    },
    namespace: 'llm',
    name: 'llm-extproc',
    identity,
    onChange: (leading) => {
      if (leading) leaders.push(identity);
      else leaders.splice(leaders.indexOf(identity), 1);
    },
    onFailure: (error) => failures.push(error),
  });
  candidates.push(election);
  election.start();
  return election;
}

const away = () => { throw new ClusterError('connect ECONNREFUSED'); };

test('of two candidates one leads, and keeps leading', async () => {
  candidate('a');
  candidate('b');
  await seconds(0);
  expect(leaders).toEqual(['a']);
  for (let minute = 0; minute < 10; minute += 1) {
    await seconds(60);
    expect(leaders).toEqual(['a']);
  }
  expect(cluster.lease).toMatchObject({ holder: 'a', durationSeconds: 15, transitions: 0 });
});

test('a Lease that nobody has held yet is taken', async () => {
  cluster.lease = { holder: '', durationSeconds: 0, renewTime: 0, transitions: 0, resourceVersion: 'applied' };
  candidate('a');
  candidate('b');
  await seconds(0);
  expect(leaders).toEqual(['a']);
});

test('both write the first Lease at once: only one of them has it', async () => {
  let writes = 0;
  let go: () => void = () => undefined;
  const both = new Promise<void>((resolve) => { go = resolve; });
  cluster.intercept = (call) => {
    if (call !== 'writeLease' || writes >= 2) return undefined;
    writes += 1;
    if (writes === 2) go();
    return both;
  };
  candidate('a');
  candidate('b');
  await seconds(1);
  expect(writes).toBe(2);
  expect(leaders).toHaveLength(1);
  expect(leaders).toEqual([cluster.lease?.holder]);
});

test('a leader that stops gives the Lease back: another leads at its next attempt', async () => {
  const first = candidate('a');
  candidate('b');
  await seconds(1);
  await first.stop();
  expect(leaders).toEqual([]);
  expect(cluster.lease?.holder).toBe('');
  await seconds(2);
  expect(leaders).toEqual(['b']);
  expect(cluster.lease?.transitions).toBe(1);
});

test('a leader that stops in the middle of a renewal gives the Lease back all the same', async () => {
  const first = candidate('a');
  await seconds(1);
  let go: () => void = () => undefined;
  cluster.intercept = (call) => (call === 'writeLease' ? new Promise((resolve) => { go = resolve; }) : undefined);
  await seconds(1);
  cluster.intercept = () => undefined;
  const stopped = first.stop();
  go();
  await stopped;
  expect(leaders).toEqual([]);
  expect(cluster.lease?.holder).toBe('');
});

test('a candidate that stops in the middle of its attempt does not keep the Lease', async () => {
  let go: () => void = () => undefined;
  cluster.intercept = (call) => (call === 'writeLease' ? new Promise((resolve) => { go = resolve; }) : undefined);
  const first = candidate('a');
  await seconds(0);
  cluster.intercept = () => undefined;
  const stopped = first.stop();
  go();
  await stopped;
  expect(leaders).toEqual([]);
  expect(cluster.lease?.holder).toBe('');
});

test('a leader that died is followed after the time of its Lease, not before', async () => {
  cluster.lease = { holder: 'dead', durationSeconds: 15, renewTime: Date.now(), transitions: 3, resourceVersion: '7' };
  candidate('b');
  await seconds(14);
  expect(leaders).toEqual([]);
  await seconds(3);
  expect(leaders).toEqual(['b']);
  expect(cluster.lease.transitions).toBe(4);
});

test.each([['an hour ahead', 3_600_000], ['an hour behind', -3_600_000], ['none', Number.NaN]])('the clock of the holder does not matter: %s', async (_, skew) => {
  const clock = () => Date.now() + skew;
  cluster.lease = { holder: 'other', durationSeconds: 15, renewTime: clock(), transitions: 0, resourceVersion: 'applied' };
  candidate('b');
  // The other renews every two seconds: by its own clock.
  for (let round = 2; round < 30; round += 1) {
    await seconds(2);
    cluster.lease = { ...cluster.lease, renewTime: clock(), resourceVersion: String(round) };
    expect(leaders).toEqual([]);
  }
  await seconds(14);
  expect(leaders).toEqual([]);
  await seconds(4);
  expect(leaders).toEqual(['b']);
});

test('a leader that loses the API server stops leading before another begins', async () => {
  const failures: ClusterError[] = [];
  let cutOff = false;
  candidate('a', failures, () => (cutOff ? away() : undefined));
  candidate('b');
  await seconds(1);
  cutOff = true;
  const history: string[] = [];
  for (let second = 0; second < 25; second += 1) {
    await seconds(1);
    expect(leaders.length).toBeLessThanOrEqual(1);
    history.push(leaders[0] ?? '-');
  }
  expect(history.join('')).toMatch(/^a+-+b+$/);
  expect(failures.length).toBeGreaterThan(3);
  cutOff = false;
  await seconds(10);
  expect(leaders).toEqual(['b']);
});

test('a leader whose API server hangs stops leading before another begins', async () => {
  let hanging = false;
  candidate('a', [], () => (hanging ? new Promise(() => undefined) : undefined));
  candidate('b');
  await seconds(1);
  hanging = true;
  const history: string[] = [];
  for (let second = 0; second < 25; second += 1) {
    await seconds(1);
    history.push(leaders.join('+') || '-');
  }
  expect(history.join('')).toMatch(/^a+-+b+$/);
  // It hangs to the end of the test: `stop` must not wait for it.
  candidates.shift();
});

test('an API server that is away for a moment costs no leader its lead', async () => {
  candidate('a');
  await seconds(1);
  cluster.intercept = away;
  await seconds(6);
  expect(leaders).toEqual(['a']);
  cluster.intercept = () => undefined;
  await seconds(20);
  expect(leaders).toEqual(['a']);
});

test('after an API server that was away for long, one leads again', async () => {
  candidate('a');
  candidate('b');
  await seconds(1);
  cluster.intercept = away;
  await seconds(600);
  expect(leaders).toEqual([]);
  cluster.intercept = () => undefined;
  await seconds(4);
  expect(leaders).toHaveLength(1);
});
