import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationEvent } from '../../src/runtime/configuration';
import { DirectorySource, DirectorySourceOptions } from '../../src/runtime/directory-source';

let folder: string;
let source: DirectorySource | undefined;
let events: ConfigurationEvent[];
let heard: Array<() => void>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'source-'));
  events = [];
  heard = [];
});
afterEach(async () => {
  await source?.close();
  rmSync(folder, { recursive: true, force: true });
});

const backend = (name: string, schema = 'OpenAI') => `apiVersion: aigateway.envoyproxy.io/v1alpha1
kind: LLMBackend
metadata: {name: ${name}}
spec: {outputSchema: {schema: ${schema}}, backendRef: {kind: Service, name: ${name}, port: 80}, credential: {apiKey: {secretRef: {name: s, key: k}}}}
`;
const SECRET = 'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {k: sk-file}\n';

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const names = () => [...source?.current?.backends.keys() ?? []].sort();

async function start(paths = [folder], options: DirectorySourceOptions = {}): Promise<DirectorySource> {
  source = new DirectorySource(paths, { settle: 20, ...options });
  source.onChange((event) => {
    events.push(event);
    heard.splice(0).forEach((listener) => listener());
  });
  await source.start();
  return source;
}

/** Waits for events until one satisfies the condition; jest's own limit ends a wait in vain. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise<void>((resolve) => heard.push(resolve));
}

test('the first load', async () => {
  write('a.yaml', `${SECRET}---\n${backend('a')}`);
  const { current } = await start();
  expect(current?.generation).toBe(1);
  expect(current?.problems).toEqual([]);
  expect(events).toEqual([{ kind: 'swapped', configuration: current }]);
});

test('what the watcher finds at first does not come before the first load', async () => {
  // Many files in the directory, so that it is long at finding them; loading in the thinnest slices, so that it would be under way by then.
  for (let index = 0; index < 200; index += 1) write(`${index}.yaml`, backend(`b${index}`));
  const { current } = await start([folder], { settle: 0, slice: 0 });

  expect(current?.backends.size).toBe(200);
  expect(events.map(({ kind }) => kind)).toEqual(['swapped']);
});

test('a changed, a new and a deleted file swap the configuration', async () => {
  write('s.yaml', SECRET);
  write('a.yaml', backend('a'));
  const { current: first } = await start();
  write('a.yaml', backend('changed'));
  await until(() => names().join() === 'default/changed');
  write('b.yaml', backend('b'));
  await until(() => names().join() === 'default/b,default/changed');
  rmSync(join(folder, 'a.yaml'));
  await until(() => names().join() === 'default/b');
  expect([...first?.backends.keys() ?? []]).toEqual(['default/a']);
  expect(events.map((event) => event.kind === 'swapped' && event.configuration.generation)).toEqual([1, 2, 3, 4]);
});

test('a file that is no YAML keeps the last good configuration and says where; mending it swaps', async () => {
  write('s.yaml', SECRET);
  write('a.yaml', backend('a'));
  const started = await start();
  const good = started.current;
  write('a.yaml', `${backend('a')}---\nkey: "sk-broken\n`);
  await until(() => events.length === 2);
  expect(events[1]).toEqual({ kind: 'refused', problems: [{ source: expect.stringMatching(/a\.yaml:\d+$/), object: '', path: '', message: expect.stringMatching(/^is no YAML/) }] });
  expect(JSON.stringify(events[1])).not.toContain('sk-broken');
  expect(started.current).toBe(good);
  write('a.yaml', backend('a'));
  await until(() => events.length === 3);
  expect(events[2].kind).toBe('swapped');
  expect(started.current?.generation).toBe(2);
});

test('an object that cannot be used leaves itself out, with file and line', async () => {
  write('a.yaml', `${SECRET}---\n${backend('a')}---\n${backend('bad', 'OpenAl')}`);
  const { current } = await start();
  expect([...current?.backends.keys() ?? []]).toEqual(['default/a']);
  expect(current?.problems).toEqual([expect.objectContaining({ source: join(folder, 'a.yaml:11'), object: 'LLMBackend default/bad', path: 'spec.outputSchema.schema' })]);
});

test('problems of references name the file and line of their object', async () => {
  write('a.yaml', `# first\n${backend('a')}`);
  expect((await start()).current?.problems).toEqual([expect.objectContaining({ source: join(folder, 'a.yaml:2'), object: 'LLMBackend default/a', path: 'spec.credential.apiKey.secretRef' })]);
});

test('files that cannot be read first: no configuration, and it comes when they do', async () => {
  const path = join(folder, 'later');
  const started = await start([path]);
  expect(started.current).toBeUndefined();
  expect(events).toEqual([{ kind: 'refused', problems: [expect.objectContaining({ source: path, message: expect.stringMatching(/^cannot be read: ENOENT/) })] }]);
  mkdirSync(path);
  await until(() => started.current !== undefined);
  write('later/a.yaml', backend('a'));
  await until(() => names().join() === 'default/a');
});

test('a directory that is deleted and made again', async () => {
  const path = join(folder, 'manifests');
  mkdirSync(path);
  write('manifests/a.yaml', backend('a'));
  const started = await start([path]);
  rmSync(path, { recursive: true });
  // Its files may be seen to go before the directory does.
  await until(() => events.some((event) => event.kind === 'refused'));
  expect(started.current).toBeDefined();
  mkdirSync(path);
  write('manifests/b.yaml', backend('b'));
  await until(() => names().join() === 'default/b');
  write('manifests/b.yaml', backend('c'));
  await until(() => names().join() === 'default/c');
});

test('one file, replaced by renaming as editors do, twice', async () => {
  const path = join(folder, 'a.yaml');
  write('a.yaml', backend('a'));
  write('unrelated.yaml', backend('unrelated'));
  await start([path]);
  for (const name of ['b', 'c']) {
    write('draft', backend(name));
    renameSync(join(folder, 'draft'), path);
    await until(() => names().join() === `default/${name}`);
  }
  expect(events.every((event) => event.kind === 'swapped')).toBe(true);
});

test.each([
  ['directory', 'deleted'], ['directory', 'kept'], ['file', 'deleted'], ['file', 'kept'],
])('a ConfigMap volume is swapped at once, again and again: given as a %s, old version %s', async (kind, old) => {
  const publish = (version: string) => {
    mkdirSync(join(folder, `..${version}`));
    write(`..${version}/a.yaml`, `${SECRET}---\n${backend(version)}`);
    symlinkSync(`..${version}`, join(folder, '..data_tmp'));
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
  };
  publish('v1');
  symlinkSync(join('..data', 'a.yaml'), join(folder, 'a.yaml'));
  await start([kind === 'directory' ? folder : join(folder, 'a.yaml')]);
  expect(names()).toEqual(['default/v1']);
  for (const [version, previous] of [['v2', 'v1'], ['v3', 'v2'], ['v4', 'v3']]) {
    publish(version);
    if (old === 'deleted') rmSync(join(folder, `..${previous}`), { recursive: true });
    await until(() => names().join() === `default/${version}`);
  }
  expect(events.every((event) => event.kind === 'swapped')).toBe(true);
});

test('changed files are loaded in slices: everything else goes on meanwhile, with the last configuration', async () => {
  write('a.yaml', backend('a'));
  const started = await start([folder], { slice: 0 });
  const first = started.current;
  const seen: Array<typeof first> = [];
  // Each turn that it leaves to others, until it is done.
  const turns = jest.spyOn(global, 'setImmediate').mockImplementation(((next: () => void) => {
    if (events.length === 1) seen.push(started.current);
    return setTimeout(next, 0);
  }) as unknown as typeof setImmediate);
  write('draft', Array.from({ length: 20 }, (_, index) => backend(`b${index}`)).join('---\n'));
  renameSync(join(folder, 'draft'), join(folder, 'a.yaml'));
  await until(() => events.length === 2);
  turns.mockRestore();
  expect(started.current?.backends.size).toBe(20);
  // Read, parsed and compiled, each by itself.
  expect(seen.length).toBeGreaterThanOrEqual(60);
  expect(seen.every((one) => one === first)).toBe(true);
});

test('what changes while files are loaded is in the next configuration', async () => {
  write('a.yaml', backend('a'));
  await start([folder], { slice: 0 });
  write('a.yaml', Array.from({ length: 200 }, (_, index) => backend(`b${index}`)).join('---\n'));
  await new Promise((resolve) => setTimeout(resolve, 30));
  write('c.yaml', backend('c'));
  await until(() => names().includes('default/c'));
  expect(names()).toHaveLength(201);
});

test('loading what has not changed does nothing', async () => {
  write('a.yaml', backend('a'));
  const started = await start();
  started.load();
  started.load();
  expect(events).toHaveLength(1);
});

test('overrides of secrets and endpoints', async () => {
  write('a.yaml', `${SECRET}---\n${backend('a')}`);
  const { current } = await start([folder], {
    secretOverrides: new Map([['default/s/k', 'sk-override']]), endpointOverrides: new Map([['default/a', 'http://127.0.0.1:9000/']]),
  });
  expect(Buffer.from(current?.backends.get('default/a')?.secret('s', 'k') ?? []).toString()).toBe('sk-override');
  expect(current?.backends.get('default/a')?.endpoint).toEqual({ origin: 'http://127.0.0.1:9000' });
  expect(current?.problems).toEqual([]);
});

test.each<[DirectorySourceOptions, RegExp]>([
  [{ secretOverrides: new Map([['s/k', 'sk-value']]) }, /^secret "s\/k": must be NAMESPACE\/NAME\/KEY/],
  [{ endpointOverrides: new Map([['a', 'http://x']]) }, /^upstream "a": must be NAMESPACE\/NAME/],
  [{ endpointOverrides: new Map([['default/a', 'ftp://x']]) }, /^upstream default\/a: must be an http:\/\/ or https:\/\/ URL/],
  [{ endpointOverrides: new Map([['default/a', 'http://x/v1']]) }, /must end after the port/],
  [{ endpointOverrides: new Map([['default/a', 'http://u:sk-value@x']]) }, /must not hold a user name or password/],
])('overrides that are badly written: %#', (options, message) => {
  expect(() => new DirectorySource([folder], options)).toThrow(message);
  expect(() => new DirectorySource([folder], options)).not.toThrow(/sk-value/);
});

test('after close nothing is heard', async () => {
  write('a.yaml', backend('a'));
  const started = await start();
  write('a.yaml', backend('b'));
  await started.close();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(events).toHaveLength(1);
});
