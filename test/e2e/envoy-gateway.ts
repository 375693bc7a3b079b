import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { eventually, portOpen, Program } from './process';

interface StandaloneOptions {
  /** Holds configuration, certificates, state and logs. */
  readonly folder: string;
  /** Paths of the two programs. */
  readonly envoy: string;
  readonly envoyGateway: string;
  readonly manifests: readonly unknown[];
  /** Listener ports to wait for. */
  readonly ports: readonly number[];
}

/** Envoy Gateway standalone in file mode, with the Envoy that it starts itself. */
export class StandaloneEnvoyGateway {
  static async start(options: StandaloneOptions): Promise<StandaloneEnvoyGateway> {
    const { folder, envoy } = options;
    for (const name of ['cfg', 'config', 'data/envoy-versions/1.39.0/bin', 'state', 'run']) mkdirSync(join(folder, name), { recursive: true });
    execFileSync(options.envoyGateway, ['certgen', '--local', '--config-home', join(folder, 'config')], { stdio: 'ignore' });
    // Envoy Gateway runs the version that it knows; a wrapper at that place runs the Envoy under test.
    const wrapper = join(folder, 'data/envoy-versions/1.39.0/bin/envoy');
    writeFileSync(wrapper, `#!/bin/sh\nexec "${envoy}" "$@"\n`, { mode: 0o755 });
    writeFileSync(join(folder, 'eg.yaml'), stringify({
      apiVersion: 'gateway.envoyproxy.io/v1alpha1',
      kind: 'EnvoyGateway',
      gateway: { controllerName: 'gateway.envoyproxy.io/gatewayclass-controller' },
      provider: {
        type: 'Custom',
        custom: {
          resource: { type: 'File', file: { paths: [join(folder, 'cfg')] } },
          infrastructure: {
            type: 'Host',
            host: { configHome: join(folder, 'config'), dataHome: join(folder, 'data'), stateHome: join(folder, 'state'), runtimeDir: join(folder, 'run') },
          },
        },
      },
      extensionApis: { enableBackend: true },
    }));
    const gateway = new StandaloneEnvoyGateway(folder);
    gateway.apply(options.manifests);
    gateway.program = new Program('envoy-gateway', options.envoyGateway, ['server', '-c', join(folder, 'eg.yaml')], { log: gateway.log });
    await eventually('Envoy listens', async () => {
      if (!gateway.program?.running) throw new Error(`envoy-gateway ended: ${gateway.tail()}`);
      return (await Promise.all(options.ports.map(portOpen))).every(Boolean);
    }, 60_000).catch(async (error: Error) => {
      await gateway.stop();
      throw new Error(`${error.message}\n${gateway.tail()}`);
    });
    return gateway;
  }

  readonly log: string;
  private program?: Program;

  private constructor(private readonly folder: string) {
    this.log = join(folder, 'envoy-gateway.log');
  }

  /** Replaces all manifests at once; Envoy Gateway reloads in about a second. */
  apply(manifests: readonly unknown[]): void {
    const next = join(this.folder, 'resources.yaml.next');
    writeFileSync(next, manifests.map((manifest) => `---\n${stringify(manifest)}`).join(''));
    renameSync(next, join(this.folder, 'cfg', 'resources.yaml'));
  }

  tail(lines = 40): string {
    return readFileSync(this.log, 'utf8').split('\n').slice(-lines).join('\n');
  }

  async stop(): Promise<void> {
    await this.program?.stop();
  }
}
