import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plantedSecrets } from './planted-secrets';
import { fetchTools } from './tools';

const SUITES = ['standalone', 'apps', 'responses', 'translate', 'failover', 'http-route-failover', 'access', 'sign-in', 'mutual-tls', 'credentials'];

/**
 * `npm run e2e`: fetches what is missing, then runs the suites in a network namespace of their own, where Envoy Gateway's wildcard
 * listeners reach nothing outside. Where namespaces are not permitted (some containers), it says so and runs without.
 */
const LOOPBACK_UP = [
  'import fcntl, os, socket, struct, sys',
  's = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)',
  'flags = struct.unpack("16sh14s", fcntl.ioctl(s, 0x8913, struct.pack("16sh14s", b"lo", 0, b"")))[1]', // SIOCGIFFLAGS
  'fcntl.ioctl(s, 0x8914, struct.pack("16sh14s", b"lo", flags | 1, b""))', // SIOCSIFFLAGS, IFF_UP
  'os.execvp(sys.argv[1], sys.argv[1:])',
].join('\n');

function main(): number {
  const tools = fetchTools();
  const suites = process.argv.length > 2 ? process.argv.slice(2) : SUITES.map((name) => join(__dirname, `${name}.e2e.ts`));
  const node = [process.execPath, '--require', 'ts-node/register/transpile-only', '--test', '--test-concurrency=1', '--test-reporter=spec', ...suites];
  const namespace = ['unshare', ...(process.getuid?.() === 0 ? ['--net'] : ['--user', '--map-root-user', '--net'])];
  const isolated = [...namespace, 'python3', '-c', LOOPBACK_UP];
  const works = spawnSync(isolated[0], [...isolated.slice(1), 'true'], { stdio: 'ignore' }).status === 0;
  if (!works) console.log('network namespaces are not permitted here: the suites run without one, on ports 8080, 8081, 9002 and up and 18000 and up');
  const command = works ? [...isolated, ...node] : node;
  const output = mkdtempSync(join(tmpdir(), 'llmgw-output-'));
  const result = spawnSync(command[0], command.slice(1), {
    stdio: 'inherit',
    env: {
      ...process.env,
      E2E_OUTPUT: output,
      ENVOY: tools.envoy,
      ENVOY_GATEWAY: tools.envoyGateway,
      EGCTL: tools.egctl,
      TS_NODE_PROJECT: join(__dirname, '..', '..', 'tsconfig.dev.json'),
    },
  });
  const secrets = plantedSecrets(output);
  for (const place of secrets) console.error(`a secret was printed: ${place} in ${output}`);
  if (secrets.length === 0) rmSync(output, { recursive: true });
  return result.status === 0 && secrets.length > 0 ? 1 : result.status ?? 1;
}

process.exit(main());
