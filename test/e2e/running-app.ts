import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'cdk8s';
import { parseAllDocuments, stringify } from 'yaml';
import { StandaloneEnvoyGateway } from './envoy-gateway';
import { extProcManifests, fileModeManifests, Manifest, StandIn, withStandIns } from './file-mode-manifests';
import { rawAnswer, Received, sendRequest } from './http-request';
import { eventually, portOpen, Program } from './process';

export const GATEWAY_PORT = 8080;
export const EXT_PROC_PORT = 9002;
const ADMIN_PORT = 9102;

interface RunningAppOptions {
  readonly manifests: readonly Manifest[];
  /** What stands in for each provider, by the EG Backend's name. */
  readonly backends: Readonly<Record<string, StandIn>>;
  /** ExtProc calls providers too. @default false */
  readonly failover?: boolean;
  /** Further options of `llmgw extproc`. @default - none */
  readonly extProcArgs?: readonly string[];
  /** Of ExtProc, as its pod would have it. @default - static AWS keys */
  readonly environment?: Record<string, string>;
}

export function synthesized(app: App): Manifest[] {
  return parseAllDocuments(app.synthYaml()).map((document) => document.toJS() as Manifest);
}

/** The body of a chat request. */
export function chatBody(model: string, content: string, more: Record<string, unknown> = {}): string {
  return JSON.stringify({ model, messages: [{ role: 'user', content }], ...more });
}

/** Envoy Gateway, its Envoy and one `llmgw extproc` on the manifests of an app. */
export class RunningApp {
  static async start(options: RunningAppOptions): Promise<RunningApp> {
    const app = new RunningApp(options);
    try {
      await app.boot(options.manifests);
    } catch (error) {
      const log = app.log;
      await app.stop();
      throw new Error(`${(error as Error).message}\n${log}`);
    }
    return app;
  }

  private readonly folder = mkdtempSync(join(tmpdir(), 'llmgw-apps-'));
  private extProc?: Program;
  private gateway?: StandaloneEnvoyGateway;

  private constructor(private readonly options: RunningAppOptions) {}

  /** Output of ExtProc. */
  get log(): string {
    return readFileSync(join(this.folder, 'extproc.log'), 'utf8');
  }

  /** Output of ExtProc, and of Envoy Gateway with its Envoy. */
  get output(): string {
    return [this.log, readFileSync(this.gateway?.log ?? '', 'utf8')].join('\n');
  }

  /** Replaces the manifests of ExtProc and of Envoy Gateway, which may be shown fewer. */
  apply(manifests: readonly Manifest[], forEnvoyGateway: readonly Manifest[] = manifests): void {
    this.writeResources(manifests);
    this.gateway?.apply(this.fileMode(forEnvoyGateway));
  }

  send(host: string, path: string, body?: string, headers?: Record<string, string>): Promise<Received> {
    return sendRequest({ port: GATEWAY_PORT, host, path, body, headers });
  }

  /** A request without a body, of any method. */
  bodyless(method: string, host: string, path: string, headers?: Record<string, string>): Promise<Received> {
    return sendRequest({ port: GATEWAY_PORT, method, host, path, headers });
  }

  chat(host: string, body: string, headers?: Record<string, string>): Promise<Received> {
    return this.send(host, '/v1/chat/completions', body, headers);
  }

  /** A chat request whose answer is wanted to the byte. */
  rawChat(host: string, body: string): Promise<string> {
    return rawAnswer({ port: GATEWAY_PORT, host, path: '/v1/chat/completions', body });
  }

  /** Requests that ExtProc was asked about, whatever became of them. */
  async extProcStreams(): Promise<number> {
    return [...(await this.metrics()).matchAll(/^llm_gateway_requests_total\{.*\} (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
  }

  /** Of ExtProc, in Prometheus' text format. */
  async metrics(): Promise<string> {
    return (await fetch(`http://127.0.0.1:${ADMIN_PORT}/metrics`, { signal: AbortSignal.timeout(5_000) })).text();
  }

  async stop(): Promise<void> {
    await this.gateway?.stop();
    await this.extProc?.stop();
    if (process.env.KEEP_E2E === undefined) rmSync(this.folder, { recursive: true, force: true });
    else console.log(`kept ${this.folder}`);
  }

  private async boot(manifests: readonly Manifest[]): Promise<void> {
    mkdirSync(join(this.folder, 'resources'));
    writeFileSync(join(this.folder, 'extproc.log'), '');
    this.writeResources(manifests);
    this.extProc = new Program('extproc', process.execPath, [
      join(__dirname, '..', '..', 'dist', 'llmgw.js'), 'extproc', '--source', `directory:${join(this.folder, 'resources')}`,
      '--listen', `127.0.0.1:${EXT_PROC_PORT}`, '--admin-listen', `127.0.0.1:${ADMIN_PORT}`, '--drain-delay', '0s', '--drain-timeout', '1s', '--log-level', 'trace',
      ...this.options.extProcArgs ?? [],
    ], {
      log: join(this.folder, 'extproc.log'),
      // What a pod would get of Pod Identity, for backends without a Secret.
      env: this.options.environment ?? { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'e2e-not-a-real-secret' },
    });
    await eventually('ExtProc listens', () => {
      if (!this.extProc?.running) throw new Error('extproc ended');
      return portOpen(EXT_PROC_PORT);
    });
    this.gateway = await StandaloneEnvoyGateway.start({
      folder: join(this.folder, 'eg'),
      envoy: process.env.ENVOY ?? '',
      envoyGateway: process.env.ENVOY_GATEWAY ?? '',
      ports: [GATEWAY_PORT],
      manifests: this.fileMode(manifests),
    });
  }

  private writeResources(manifests: readonly Manifest[]): void {
    const next = join(this.folder, 'resources.next');
    const seen = extProcManifests(manifests);
    writeFileSync(next, (this.options.failover === true ? withStandIns(seen, this.options.backends) : seen).map((manifest) => `---\n${stringify(manifest)}`).join(''));
    renameSync(next, join(this.folder, 'resources', 'objects.yaml'));
  }

  private fileMode(manifests: readonly Manifest[]): unknown[] {
    return fileModeManifests(manifests, { backendPorts: this.options.backends, extProcPorts: [EXT_PROC_PORT], listenerPort: GATEWAY_PORT });
  }
}
