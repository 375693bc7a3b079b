import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { Logger, pino } from 'pino';
import { exitSoon } from './exit-soon';
import { addTlsOptions, GrpcTls, tlsDefect, TlsOptions } from './extproc-tls';
import { logRecord } from './log-record';
import { tuneMemory } from './memory-tuning';
import { byteCount, collectSecret, duration, listenAddress } from './option-values';
import { problemLine } from './problem-lines';
import { proxiesOfEnvironment } from './proxies-of-environment';
import { unpricedNotices } from './unpriced-notices';
import { VERSION } from './version';
import { AdminServer } from '../extproc/admin-server';
import { ExtProcServer } from '../extproc/ext-proc-server';
import { ServerMetrics } from '../extproc/server-metrics';
import { identityOf } from '../resources/problem';
import { ConfigurationSource } from '../runtime/configuration';
import { Credentials, SignInEvent } from '../runtime/credentials/credentials';
import { DirectorySource } from '../runtime/directory-source';
import { ClusterConfiguration } from '../runtime/kubernetes/cluster-configuration';
import { KubernetesClient } from '../runtime/kubernetes/kubernetes-client';
import { ListenAddress } from '../runtime/listen-address';
import { LlmEngine } from '../runtime/llm-engine';
import { Metrics } from '../runtime/metrics';
import { UpstreamClient } from '../runtime/upstream-client';

interface ExtProcOptions extends TlsOptions {
  readonly source: Source;
  readonly listen: ListenAddress;
  readonly adminListen: ListenAddress;
  readonly bodyLimit: number;
  readonly namespace: readonly string[];
  readonly lease?: { readonly namespace: string; readonly name: string };
  readonly secret: ReadonlyMap<string, Buffer>;
  readonly drainDelay: number;
  readonly drainTimeout: number;
  readonly logLevel: string;
}

type Source = { readonly kind: 'directory'; readonly path: string } | { readonly kind: 'kubernetes' };

const OPEN_PORT = 'the gRPC port is open to whoever reaches it, and whoever asks it gets requests with credentials: '
  + 'let Envoy alone reach it (NetworkPolicy), or demand a client certificate with --tls-cert, --tls-key and --tls-client-ca (LlmGateway: extProc.tls)';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** `llmgw extproc`: the server that Envoy asks about every request; what the constructs deploy. */
export function extProcCommand(): Command {
  const command = new Command('extproc')
    .description('serve Envoy\'s ext_proc filter (gRPC): pick a backend per request and translate in both directions')
    .requiredOption('--source <directory:PATH|kubernetes>', 'where LLMRoutes and what they refer to are read from', source)
    .addOption(new Option('--namespace <name>', 'with --source kubernetes: a namespace to read; repeatable').argParser(collect).default([], 'none'))
    .option('--lease <ns/name>', 'with --source kubernetes: Lease by which replicas agree on who writes status; without it nobody does', leaseName)
    .addOption(new Option('--listen <host:port>', 'address for gRPC').argParser(listenAddress).default({ host: '127.0.0.1', port: 9002 }, '127.0.0.1:9002'))
    .addOption(new Option('--admin-listen <host:port>', 'address for /metrics, /readyz, /healthz and /config').argParser(listenAddress).default({ host: '127.0.0.1', port: 9003 }, '127.0.0.1:9003'))
    .addOption(new Option('--body-limit <bytes>', 'largest request body').argParser(byteCount).default(byteCount('50Mi'), '50Mi'))
    .addOption(new Option('--secret <ns/name/key=env:VAR|file:PATH>', 'with --source directory: value of a Secret\'s key that the files do not hold; repeatable').argParser(collectSecret).default(new Map(), 'none'))
    .addOption(new Option('--drain-delay <duration>', 'after SIGTERM: time for load balancers to look away before no more requests are taken').argParser(duration).default(duration('5s'), '5s'))
    .addOption(new Option('--drain-timeout <duration>', 'after SIGTERM: longest wait for requests under way').argParser(duration).default(duration('5m'), '5m'))
    .addOption(new Option('--log-level <level>', 'least severity that is logged; debug has a line a request').choices(LOG_LEVELS).default('info'));
  return addTlsOptions(command)
    .addHelpText('after', `
Example:
  llmgw extproc --source directory:dist/ --listen 127.0.0.1:9002 --secret default/openai/apiKey=env:OPENAI_API_KEY
  llmgw extproc --source kubernetes --namespace llm --lease llm/llm-extproc --listen 0.0.0.0:9002 \\
    --tls-cert tls/tls.crt --tls-key tls/tls.key --tls-client-ca tls/ca.crt
  curl http://127.0.0.1:9003/readyz`)
    .action(run);
}

function source(value: string): Source {
  if (value === 'kubernetes') return { kind: 'kubernetes' };
  const path = /^directory:(.+)$/.exec(value)?.[1];
  if (path === undefined) throw new InvalidArgumentError('write directory:PATH or kubernetes');
  return { kind: 'directory', path };
}

function leaseName(value: string): { namespace: string; name: string } {
  const found = /^([^/\s]+)\/([^/\s]+)$/.exec(value);
  if (!found) throw new InvalidArgumentError('write NAMESPACE/NAME');
  return { namespace: found[1], name: found[2] };
}

function collect(value: string, known: readonly string[]): readonly string[] {
  return [...known, value];
}

async function run(options: ExtProcOptions): Promise<void> {
  const defect = optionDefect(options);
  if (defect !== undefined) return fail(defect);
  tuneMemory();
  const log = pino({ level: options.logLevel, base: undefined, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (level) => ({ level }) } });
  const metrics = new Metrics();
  const unpricedNotice = unpricedNotices();
  const tls = grpcTls(options, log, metrics);
  const manifests = await configurationSource(options, log);
  const serverMetrics = new ServerMetrics(metrics.registry, { version: VERSION, openStreams: () => server.openStreams, bodyBytes: () => server.budget.inUse });
  const logSignIn = signInLog(log);
  const credentials = new Credentials({
    onSignIn: (event) => {
      serverMetrics.signedIn(event);
      logSignIn(event);
    },
  });
  const upstream = new UpstreamClient(proxiesOfEnvironment(fail));
  const server = new ExtProcServer({
    engine: new LlmEngine({
      configuration: () => manifests.current,
      bodyLimit: options.bodyLimit,
      credentials,
      upstream,
      onRecord: (record, like) => {
        metrics.observe(record, like);
        logRecord(log, record);
        const notice = unpricedNotice(record);
        if (notice !== undefined) log.warn(notice);
      },
      onFault: (error) => log.error({ err: error }, 'a request failed on a fault of the gateway'),
    }),
    bodyLimit: options.bodyLimit,
    tls: tls?.transport,
    onFault: (error) => log.error({ err: error }, 'a stream of Envoy failed'),
  });
  const refusals: string[] = [];
  let known = new Set<string>();
  manifests.onChange((event) => {
    serverMetrics.configurationChanged(event);
    if (event.kind === 'swapped') {
      const { generation, routes, backends, problems } = event.configuration;
      log.info({ generation, routes: routes.size, backends: backends.size, problems: problems.length }, 'configuration loaded');
      // Each once, not with every change of something else.
      for (const problem of problems) if (!known.has(identityOf(problem))) log.warn(problem, 'problem in the configuration');
      known = new Set(problems.map(identityOf));
      credentials.follow(event.configuration);
      upstream.follow(event.configuration);
      server.readinessChanged();
    } else {
      if (manifests.current === undefined) refusals.push(...event.problems.map(problemLine));
      else for (const problem of event.problems) log.error(problem, 'configuration refused, the last good one stays');
    }
  });
  try {
    await manifests.start();
  } catch (error) {
    return fail(`cannot read manifests: ${(error as Error).message}`);
  }
  // A cluster may come later; files that are not there at the start are a mistake in the command.
  if (options.source.kind === 'directory' && manifests.current === undefined) return fail(`there is no configuration to begin with: ${refusals.join('; ')}`);
  const admin = new AdminServer({ metrics, configuration: () => manifests.current, ready: () => server.ready });
  const adminPort = await admin.listen(options.adminListen).catch((error: Error) => fail(`cannot listen on ${addressText(options.adminListen)}: ${error.message}`));
  const port = await server.listen(options.listen).catch((error: Error) => fail(`cannot listen on ${addressText(options.listen)}: ${error.message}`));
  log.info({ listen: addressText({ ...options.listen, port }), admin: addressText({ ...options.adminListen, port: adminPort }) }, 'listening');
  if (tls === undefined) log.warn(OPEN_PORT);
  else tls.start(server);
  const signal = await new Promise<string>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  log.info({ signal, openStreams: server.openStreams }, 'draining');
  const cut = await server.drain(options.drainDelay, options.drainTimeout);
  log[cut > 0 ? 'warn' : 'info']({ cutOff: cut }, 'stopped');
  tls?.stop();
  credentials.close();
  await upstream.close();
  await admin.close();
  await manifests.close();
  exitSoon();
}

function grpcTls(options: ExtProcOptions, log: Logger, metrics: Metrics): GrpcTls | undefined {
  try {
    return GrpcTls.of(options, log, metrics);
  } catch (error) {
    return fail((error as Error).message);
  }
}

function optionDefect(options: ExtProcOptions): string | undefined {
  const { source: { kind }, namespace, lease, secret } = options;
  const defect = tlsDefect(options);
  if (defect !== undefined) return defect;
  if (kind === 'kubernetes') {
    if (namespace.length === 0) return '--source kubernetes needs --namespace NAME, once for each namespace to read';
    return secret.size > 0 ? '--secret goes with --source directory; with --source kubernetes, Secrets are read from the cluster' : undefined;
  }
  return namespace.length > 0 || lease !== undefined ? '--namespace and --lease go with --source kubernetes' : undefined;
}

async function configurationSource(options: ExtProcOptions, log: Logger): Promise<ConfigurationSource & { start(): Promise<void> }> {
  const { source: from } = options;
  if (from.kind === 'directory') return new DirectorySource([from.path], { secretOverrides: options.secret });
  const client = await KubernetesClient.fromEnvironment().catch((error: Error) => fail(`no access to a cluster: ${error.message}; run in a pod, or set KUBECONFIG`));
  const failures = new Map<string, string>();
  return new ClusterConfiguration({
    client,
    namespaces: options.namespace,
    lease: options.lease,
    // Kubernetes puts the pod's name there.
    identity: `${process.env.HOSTNAME ?? hostname()}_${randomUUID()}`,
    onLeading: (leading) => log.info({ leading }, leading ? 'this replica writes the status of objects' : 'another replica writes the status of objects'),
    onFailure: (where, { message, status }) => {
      // It is tried again and again: the same words need not be read every time.
      log[failures.get(where) === message ? 'debug' : 'warn']({ where, status, reason: message }, 'the API server refused or is away; what was read stays in use');
      failures.set(where, message);
    },
  });
}

/** Each reason once: it is tried again and again. */
function signInLog(log: Logger): (event: SignInEvent) => void {
  const reasons = new Map<string, string>();
  return ({ backends, what, reason, advice }) => {
    const key = `${what} ${backends.join()}`;
    if (reason === undefined) {
      reasons.delete(key);
      log.info({ backends }, `${what} could be had again`);
      return;
    }
    log[reasons.get(key) === reason ? 'debug' : 'warn']({ backends, reason, check: advice }, `no ${what} could be had; one that is still valid stays in use`);
    reasons.set(key, reason);
  };
}

function addressText({ host, port }: ListenAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function fail(message: string): never {
  process.stderr.write(`llmgw: ${message}\n`);
  process.exit(2);
}
