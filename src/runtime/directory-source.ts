import { existsSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { FSWatcher, watch } from 'chokidar';
import { buildSteps } from './build-configuration';
import { BuildMemory } from './build-memory';
import { Configuration, ConfigurationEvent, ConfigurationSource, UpstreamEndpoint } from './configuration';
import { isManifestName, ManifestTexts, parseManifestFiles, readManifestTexts } from './manifest-reader';
import { SlicedWork } from './sliced-work';
import { upstreamOrigin } from './upstream-origin';
import { objectKey, ObjectKey } from '../resources/object-meta';
import { ManifestDocument, parseSteps } from '../resources/parse';
import { atOnce, Steps } from '../resources/steps';

export interface DirectorySourceOptions {
  /** Values that go before those of the files' Secrets, by `<namespace>/<name>/<key>`. Never logged. */
  readonly secretOverrides?: ReadonlyMap<string, string | Uint8Array>;
  /** Origins (`http://127.0.0.1:9000`) that go before those of Backends and Services, by LLMBackend `<namespace>/<name>`. */
  readonly endpointOverrides?: ReadonlyMap<string, string>;
  /** Milliseconds without a change before files are read again: several files change together. Ten times that is the longest wait. @default 100 */
  readonly settle?: number;
  /** Milliseconds for which changed files are loaded before everything else that is due gets its turn. @default 5 */
  readonly slice?: number;
}

const SETTLE_MILLISECONDS = 100;
const LONGEST_WAIT = 10;

/**
 * Configurations from YAML and JSON files. Every change is read as a whole: while any file cannot be read or is no YAML, the last good
 * configuration stays and `refused` says why; an object that cannot be used only leaves itself out.
 */
export class DirectorySource implements ConfigurationSource {
  private readonly listeners: Array<(event: ConfigurationEvent) => void> = [];
  private readonly paths: readonly string[];
  private readonly secretOverrides: ReadonlyMap<string, Uint8Array>;
  private readonly endpointOverrides: ReadonlyMap<ObjectKey, UpstreamEndpoint>;
  private readonly settle: number;
  private readonly slice: number | undefined;
  /** What counts in each watched directory, by the directory's path. */
  private readonly watched = new Map<string, Set<string> | 'manifests'>();
  private watcher: FSWatcher | undefined;
  private timer: NodeJS.Timeout | undefined;
  private firstChange: number | undefined;
  private configuration: Configuration | undefined;
  private lastAttempt: string | undefined;
  /** Before the first load, what the watcher finds is no change: that load reads it. */
  private begun = false;
  private loading: SlicedWork<() => void> | undefined;
  private changedMeanwhile = false;
  private policies: readonly string[] = [];

  /** Throws on an override that is not written as its docstring says; the value of a secret is not repeated. */
  constructor(paths: readonly string[], options: DirectorySourceOptions = {}) {
    this.paths = paths;
    this.settle = options.settle ?? SETTLE_MILLISECONDS;
    this.slice = options.slice;
    this.secretOverrides = new Map([...options.secretOverrides ?? []].map(([key, value]) => [checkSecretKey(key), typeof value === 'string' ? Buffer.from(value) : value]));
    this.endpointOverrides = new Map([...options.endpointOverrides ?? []].map(([key, origin]) => [checkBackendKey(key), endpointOf(key, origin)]));
  }

  get current(): Configuration | undefined {
    return this.configuration;
  }

  onChange(listener: (event: ConfigurationEvent) => void): void {
    this.listeners.push(listener);
  }

  /** Begins to watch, then loads for the first time; the listeners hear of it before the promise resolves. */
  async start(): Promise<void> {
    // What is found when a directory is added later counts as a change too: it may have come after the files were read.
    const watcher = watch([], { ignoreInitial: false, depth: 0, ignored: (path) => !this.counts(path) });
    this.watcher = watcher;
    watcher.on('all', () => this.schedule());
    // chokidar 4 drops a change that comes within 50 ms of the one before; the events beneath it are complete.
    watcher.on('raw', (_event, name, details) => {
      const { watchedPath } = details as { watchedPath: string };
      if (this.counts(this.watched.has(watchedPath) ? resolve(watchedPath, name ?? '') : watchedPath)) this.schedule();
    });
    watcher.on('error', (error) => this.emit({
      kind: 'refused',
      problems: [{
        source: this.paths.join(', '), object: '', path: '', message: `cannot be watched: ${(error as Error).message}; changes may go unnoticed until a restart`,
      }],
    }));
    const ready = new Promise<void>((done) => watcher.once('ready', done));
    this.watchPaths();
    await ready;
    this.begun = true;
    this.load();
  }

  /** SecurityPolicies in the files: what they say is Envoy's to enforce. */
  get securityPolicies(): readonly string[] {
    return this.policies;
  }

  async close(): Promise<void> {
    clearTimeout(this.timer);
    this.loading?.cancel();
    const { watcher } = this;
    this.watcher = undefined;
    await watcher?.close();
  }

  /** Reads everything now; does nothing where nothing changed since the last attempt. */
  load(): void {
    const texts = this.readTexts();
    if (texts !== undefined) atOnce(this.steps(texts))();
  }

  /** As `load`, in slices between which requests go on. What changes meanwhile is in the next configuration. */
  private loadInSlices(): void {
    if (this.loading !== undefined) {
      this.changedMeanwhile = true;
      return;
    }
    const texts = this.readTexts();
    if (texts === undefined) return;
    this.loading = new SlicedWork(this.steps(texts), (finish) => {
      this.loading = undefined;
      finish();
      if (this.changedMeanwhile) this.schedule();
      this.changedMeanwhile = false;
    }, this.slice);
    this.loading.start();
  }

  /** `undefined`: there is nothing new to be loaded. */
  private readTexts(): ManifestTexts | undefined {
    try {
      const texts = readManifestTexts(this.paths);
      if (texts.digest === this.lastAttempt) return undefined;
      this.lastAttempt = texts.digest;
      return texts;
    } catch (error) {
      const { message, path } = error as NodeJS.ErrnoException;
      if (message === this.lastAttempt) return undefined;
      this.lastAttempt = message;
      this.emit({ kind: 'refused', problems: [{ source: path ?? this.paths.join(', '), object: '', path: '', message: `cannot be read: ${message}` }] });
      return undefined;
    }
  }

  /** Returns what puts the result into use, or says why it is refused. */
  private* steps(texts: ManifestTexts): Steps<() => void> {
    const { documents, problems } = yield* parseManifestFiles(texts);
    if (problems.length > 0) return () => this.emit({ kind: 'refused', problems });
    const sources = sourcesOf(documents);
    const resources = yield* parseSteps(documents);
    const configuration = yield* buildSteps(resources, (this.configuration?.generation ?? 0) + 1, {
      secretOverrides: this.secretOverrides,
      endpointOverrides: this.endpointOverrides,
      sourceOf: (object) => sources.get(object) ?? this.paths.join(', '),
    }, new BuildMemory());
    return () => {
      this.policies = [...sources.keys()].filter((object) => object.startsWith('SecurityPolicy '));
      this.configuration = configuration;
      this.emit({ kind: 'swapped', configuration });
    };
  }

  private emit(event: ConfigurationEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  private schedule(): void {
    if (this.watcher === undefined || !this.begun) return;
    this.firstChange ??= Date.now();
    if (Date.now() - this.firstChange > this.settle * LONGEST_WAIT) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.firstChange = undefined;
      this.watchPaths();
      this.loadInSlices();
    }, this.settle);
  }

  /**
   * A file is watched by its directory, where a new file takes its name (editors, ConfigMaps); so is a path that does not exist yet. Called again
   * after changes, when such a path may have become a directory.
   */
  private watchPaths(): void {
    for (const path of this.paths.map((one) => resolve(one))) {
      if (existsSync(path) && statSync(path).isDirectory()) this.watchDirectory(path, 'manifests');
      this.watchDirectory(dirname(path), new Set([basename(path)]));
    }
  }

  private watchDirectory(directory: string, names: Set<string> | 'manifests'): void {
    const known = this.watched.get(directory);
    if (known === undefined) {
      this.watched.set(directory, names);
      this.watcher?.add(directory);
    } else if (known !== 'manifests') {
      this.watched.set(directory, names === 'manifests' ? names : new Set([...known, ...names]));
      if (names === 'manifests') this.watcher?.add(directory);
    }
  }

  private counts(path: string): boolean {
    if (this.watched.has(path)) return true;
    const names = this.watched.get(dirname(path));
    const name = basename(path);
    // `..data` and its targets: how kubelet swaps all files of a ConfigMap or Secret volume at once.
    return names !== undefined && (name.startsWith('..') || (names === 'manifests' ? isManifestName(name) : names.has(name)));
  }
}

/** Where each object is written; of repeats the first, which is the one that counts. */
function sourcesOf(documents: readonly ManifestDocument[]): ReadonlyMap<string, string> {
  const sources = new Map<string, string>();
  for (const { source, value } of documents) {
    const { kind, metadata } = (value ?? {}) as { kind?: unknown; metadata?: { name?: unknown; namespace?: unknown } };
    const object = `${String(kind)} ${objectKey(String(metadata?.namespace ?? '') || 'default', String(metadata?.name))}`;
    if (!sources.has(object)) sources.set(object, source);
  }
  return sources;
}

function checkSecretKey(key: string): string {
  if (!/^[^/\s]+\/[^/\s]+\/[^/\s]+$/.test(key)) throw new Error(`secret ${JSON.stringify(key)}: must be NAMESPACE/NAME/KEY, such as default/openai/apiKey`);
  return key;
}

function checkBackendKey(key: string): ObjectKey {
  const [namespace, name] = key.split('/');
  if (!/^[^/\s]+\/[^/\s]+$/.test(key)) throw new Error(`upstream ${JSON.stringify(key)}: must be NAMESPACE/NAME of an LLMBackend, such as default/openai`);
  return objectKey(namespace, name);
}

function endpointOf(key: string, origin: string): UpstreamEndpoint {
  try {
    return { origin: upstreamOrigin(origin) };
  } catch (error) {
    throw new Error(`upstream ${key}: ${(error as Error).message}`);
  }
}
