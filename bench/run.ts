import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Pool } from 'undici';
import { envoyConfig, PORTS } from './envoy-config';
import { eventually, portOpen, Program } from '../test/e2e/process';
import { fetchTools } from '../test/e2e/tools';
import { CertificateAuthority } from '../test/providers/certificate';

/**
 * `npm run bench [-- --seconds 4] [--pairs all]`: the same load through Envoy alone, Envoy with an ext_proc on our transport that does
 * nothing useful (no-op.ts), and Envoy with
 * `llmgw extproc`, for passed-through bodies also over mutual TLS, in turns within one run. CPU per request of the ExtProc process is the solid figure; the machine's noise is in the rest.
 */
interface Scenario {
  readonly name: string;
  readonly body: Buffer;
  readonly pair: Pair;
  /** ExtProc CPU that is aimed at, as a ratio to the no-op's; a plain number of ms for large bodies. */
  readonly target: string;
}

/** A client's dialect and a provider's. */
interface Pair {
  readonly name: string;
  readonly path: string;
  /** Of the third way; the first two ways pass any. */
  readonly model: string;
  /** ExtProc CPU that is aimed at, as in `Scenario.target`. */
  readonly target: { readonly small: string; readonly megabyte?: string };
}

const CHAT = '/v1/chat/completions';
const PAIRS: readonly Pair[] = [
  { name: 'pass-through', path: CHAT, model: 'llama3-70b', target: { small: '1.3x', megabyte: '1.5 ms' } },
  { name: 'Bedrock', path: CHAT, model: 'bedrock-llama3-70b', target: { small: '1.5x' } },
];
/** With `--pairs all`. */
const MORE_PAIRS: readonly Pair[] = [
  { name: 'Azure OpenAI', path: CHAT, model: 'azure-gpt', target: { small: '1.3x' } },
  { name: 'chat to Anthropic', path: CHAT, model: 'claude', target: { small: '1.5x' } },
  { name: 'chat to Gemini', path: CHAT, model: 'gemini', target: { small: '1.5x' } },
  { name: 'Messages to Bedrock', path: '/v1/messages', model: 'bedrock-claude', target: { small: '1.5x' } },
  { name: 'Responses to Anthropic', path: '/v1/responses', model: 'claude', target: { small: '1.5x' } },
];

const words = (bytes: number) => 'the quick brown fox jumps over the lazy dog '.repeat(Math.ceil(bytes / 44)).slice(0, bytes);
const request = ({ model, path }: Pair, messages: readonly string[], stream: boolean) => {
  const turns = messages.map((content, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content }));
  return Buffer.from(JSON.stringify({
    model,
    ...(stream ? { stream: true, ...path === CHAT && { stream_options: { include_usage: true } } } : {}),
    ...path === '/v1/responses' ? { input: turns } : { messages: turns, ...path === '/v1/messages' && { max_tokens: 1_000 } },
  }));
};
const thousand = Array.from({ length: 999 }, () => words(100));

const scenarios = (pairs: readonly Pair[]): readonly Scenario[] => pairs.flatMap((pair) => [
  { name: 'small', body: request(pair, [words(800)], false), pair, target: pair.target.small },
  { name: '10 KB', body: request(pair, [words(10_000)], false), pair, target: '' },
  { name: '1 MB', body: request(pair, [words(1_000_000)], false), pair, target: pair.target.megabyte ?? '' },
  { name: '1,000 messages', body: request(pair, thousand, false), pair, target: '' },
  { name: '52-event stream', body: request(pair, [words(800)], true), pair, target: '2x' },
]);

interface Result {
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  /** CPU milliseconds per request of the ExtProc process. */
  readonly cpu?: number;
  /** Megabytes. */
  readonly memory?: number;
}

const WARM_UP_SECONDS = 1;
const SERVER_NAME = 'extproc.bench.svc';
const OUT = join(__dirname, 'out');
const CLOCK_TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 1000 / CLOCK_TICKS;
}

function peakMemoryMb(pid: number): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}

async function load(port: number, { body, pair: { path } }: Scenario, connections: number, seconds: number, extProc?: Program): Promise<Result> {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections, pipelining: 1 });
  const latencies: number[] = [];
  const call = async () => {
    const started = performance.now();
    const response = await pool.request({ method: 'POST', path, body, headers: { 'content-type': 'application/json' } });
    for await (const bytes of response.body) void bytes;
    if (response.statusCode !== 200) throw new Error(`port ${port} answered ${response.statusCode}`);
    latencies.push(performance.now() - started);
  };
  try {
    // Until the code that runs is the compiled one, in all the programs.
    const warm = performance.now() + WARM_UP_SECONDS * 1000;
    await Promise.all(Array.from({ length: connections }, async () => { while (performance.now() < warm) await call(); }));
    latencies.length = 0;
    const cpuBefore = extProc ? cpuMs(extProc.pid) : 0;
    const started = performance.now();
    const until = started + seconds * 1000;
    await Promise.all(Array.from({ length: connections }, async () => { while (performance.now() < until) await call(); }));
    const elapsed = (performance.now() - started) / 1000;
    const cpu = extProc ? (cpuMs(extProc.pid) - cpuBefore) / latencies.length : undefined;
    const sorted = latencies.sort((left, right) => left - right);
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
    return { rate: sorted.length / elapsed, p50: at(0.5), p99: at(0.99), cpu, memory: extProc ? peakMemoryMb(extProc.pid) : undefined };
  } finally {
    await pool.close();
  }
}

const cell = (value: number | undefined, digits: number) => (value === undefined ? '-' : value.toFixed(digits));
const ratio = (value?: number, base?: number) => (value === undefined || base === undefined || base === 0 ? '-' : `${(value / base).toFixed(2)}x`);

async function main(): Promise<void> {
  const option = process.argv.indexOf('--seconds');
  const seconds = option > 0 ? Number(process.argv[option + 1]) : 3;
  if (!(seconds > 0 && seconds <= 60)) throw new Error(`--seconds takes a number from 1 to 60, not ${process.argv[option + 1]}`);
  const pairsOption = process.argv.indexOf('--pairs');
  const which = pairsOption > 0 ? process.argv[pairsOption + 1] : 'main';
  if (which !== 'main' && which !== 'all') throw new Error(`--pairs takes main or all, not ${which}`);
  const pairs = which === 'all' ? [...PAIRS, ...MORE_PAIRS] : PAIRS;
  const { envoy } = fetchTools();
  mkdirSync(OUT, { recursive: true });
  const config = join(OUT, 'envoy.json');
  const authority = new CertificateAuthority();
  const server = authority.issue([SERVER_NAME]);
  const tlsFiles = { '--tls-cert': server.certificate, '--tls-key': server.privateKey, '--tls-client-ca': authority.certificate };
  for (const [name, pem] of Object.entries(tlsFiles)) writeFileSync(join(OUT, `${name}.pem`), pem);
  writeFileSync(config, JSON.stringify(envoyConfig({ client: authority.issue(['envoy']), authority: authority.certificate, serverName: SERVER_NAME })));
  const log = (name: string) => ({ log: join(OUT, `${name}.log`) });
  const typescript = ['-r', 'ts-node/register/transpile-only'];
  const programs: Program[] = [];
  const start = (name: string, command: string, args: string[]) => {
    const program = new Program(name, command, args, log(name));
    programs.push(program);
    return program;
  };
  try {
    start('upstream', process.execPath, [...typescript, join(__dirname, 'upstream.ts')]);
    const noOp = start('no-op', process.execPath, [...typescript, join(__dirname, 'no-op.ts')]);
    const extProc = (name: string, port: number, ...more: string[]) => start(name, process.execPath, [
      join(__dirname, '..', 'dist', 'llmgw.js'), 'extproc', '--source', `directory:${join(__dirname, 'manifests.yaml')}`,
      '--listen', `127.0.0.1:${port}`, '--admin-listen', '127.0.0.1:0', '--log-level', 'warn', ...more,
    ]);
    const ours = extProc('extproc', PORTS.oursExtProc);
    const oursTls = extProc('extproc-tls', PORTS.oursTlsExtProc, ...Object.keys(tlsFiles).flatMap((name) => [name, join(OUT, `${name}.pem`)]));
    start('envoy', envoy, ['-c', config, '--concurrency', '1', '--disable-hot-restart', '--log-level', 'warning']);
    const ports = [PORTS.upstream, PORTS.noOpExtProc, PORTS.oursExtProc, PORTS.direct, PORTS.noOp, PORTS.ours, PORTS.oursTls, PORTS.oursTlsExtProc];
    await eventually('all programs listen', async () => (await Promise.all(ports.map(portOpen))).every(Boolean), 30_000);
    console.log(`${seconds} s a cell; CPU is that of the ExtProc process; x are ratios to Envoy alone (req/s) and to the no-op ext_proc (CPU)\n`);
    console.log('| connections | target | load | way | req/s | x | p50 ms | p99 ms | CPU ms/req | x no-op | aim | peak MB |');
    console.log('|---|---|---|---|---|---|---|---|---|---|---|---|');
    for (const connections of [1, 16]) {
      for (const scenario of scenarios(pairs)) {
        const direct = await load(PORTS.direct, scenario, connections, seconds);
        const empty = await load(PORTS.noOp, scenario, connections, seconds, noOp);
        const gateway = await load(PORTS.ours, scenario, connections, seconds, ours);
        const secure = scenario.pair === PAIRS[0] ? await load(PORTS.oursTls, scenario, connections, seconds, oursTls) : undefined;
        for (const [way, result] of [['Envoy', direct], ['no-op', empty], ['llmgw', gateway], ['llmgw, mTLS', secure]] as const) {
          if (result === undefined) continue;
          console.log(`| ${[
            connections, scenario.pair.name, scenario.name, way, cell(result.rate, 0), ratio(result.rate, direct.rate), cell(result.p50, 2), cell(result.p99, 2),
            cell(result.cpu, 3), way.startsWith('llmgw') ? ratio(result.cpu, empty.cpu) : '-', way === 'llmgw' && connections === 16 ? scenario.target : '', cell(result.memory, 0),
          ].join(' | ')} |`);
        }
      }
    }
  } finally {
    await Promise.all(programs.map((program) => program.stop(3_000)));
  }
}

main().catch((error: Error) => { console.error(`bench: ${error.message}; see ${OUT}`); process.exitCode = 1; });
