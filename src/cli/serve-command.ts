import { Command, Option } from 'commander';
import { counted } from './counted';
import { exitSoon } from './exit-soon';
import { HttpGateway } from './http-gateway';
import { byteCount, collectSecret, collectUpstream, listenAddress } from './option-values';
import { problemLine } from './problem-lines';
import { proxiesOfEnvironment } from './proxies-of-environment';
import { requestLine } from './request-line';
import { signInLine } from './sign-in-line';
import { unpricedNotices } from './unpriced-notices';
import { Configuration } from '../runtime/configuration';
import { Credentials } from '../runtime/credentials/credentials';
import { DirectorySource } from '../runtime/directory-source';
import { ListenAddress } from '../runtime/listen-address';
import { LlmEngine } from '../runtime/llm-engine';
import { UpstreamClient } from '../runtime/upstream-client';

interface ServeOptions {
  readonly listen: ListenAddress;
  readonly hostname?: string;
  readonly bodyLimit: number;
  readonly secret: ReadonlyMap<string, Buffer>;
  readonly upstream: ReadonlyMap<string, string>;
}

const GRACE_MILLISECONDS = 5_000;

/** `llmgw serve`: the gateway on this machine, without Kubernetes and without Envoy. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('serve the LLMRoutes of manifests on this machine: no Kubernetes, no Envoy, same routing and translation; files are watched and reloaded')
    .argument('<path...>', 'files or directories of YAML or JSON, such as the output of cdk8s synth')
    .addOption(new Option('--listen <host:port>', 'address to listen on').argParser(listenAddress).default({ host: '127.0.0.1', port: 8080 }, '127.0.0.1:8080'))
    .option('--hostname <name>', 'host that every request is taken to be for, where the HTTPRoutes have hostnames')
    .addOption(new Option('--secret <ns/name/key=env:VAR|file:PATH>', 'value of a Secret\'s key that the manifests do not hold; repeatable').argParser(collectSecret).default(new Map(), 'none'))
    .addOption(new Option('--upstream <ns/name=url>', 'where an LLMBackend is called instead of its Backend\'s address; repeatable').argParser(collectUpstream).default(new Map(), 'none'))
    .addOption(new Option('--body-limit <bytes>', 'largest request body').argParser(byteCount).default(byteCount('50Mi'), '50Mi'))
    .addHelpText('after', `
Example:
  llmgw serve dist/ --secret default/openai/apiKey=env:OPENAI_API_KEY
  curl http://127.0.0.1:8080/v1/models`)
    .action(serve);
}

async function serve(paths: string[], options: ServeOptions): Promise<void> {
  const source = new DirectorySource(paths, { secretOverrides: options.secret, endpointOverrides: options.upstream });
  const credentials = new Credentials({ onSignIn: (event) => print(signInLine(event)) });
  const upstream = new UpstreamClient(proxiesOfEnvironment(fail));
  let firstRefusal = '';
  source.onChange((event) => {
    if (event.kind === 'swapped') {
      print(swapped(event.configuration), ...unenforced(source.securityPolicies));
      credentials.follow(event.configuration);
      upstream.follow(event.configuration);
    } else if (source.current === undefined) {
      firstRefusal = event.problems.map(problemLine).join('; ');
    } else {
      print('configuration refused, the last good one stays', ...event.problems.map((problem) => `  ${problemLine(problem)}`));
    }
  });
  try {
    await source.start();
  } catch (error) {
    return fail(`cannot read manifests: ${(error as Error).message}`);
  }
  if (source.current === undefined) return fail(`cannot read manifests: ${firstRefusal}`);
  const unpricedNotice = unpricedNotices();
  const gateway = new HttpGateway({
    engine: new LlmEngine({
      // Nobody has: without Envoy, whatever a request says of its client is the client's own word.
      clientsAreKnown: false,
      configuration: () => source.current,
      bodyLimit: options.bodyLimit,
      credentials,
      upstream,
      onRecord: (record) => {
        const notice = unpricedNotice(record);
        print(requestLine(record, new Date()), ...notice === undefined ? [] : [notice]);
      },
      onFault: (error) => process.stderr.write(`llmgw: ${(error as Error).stack ?? String(error)}\n`),
    }),
    upstream,
    configuration: () => source.current,
    ...options.hostname === undefined ? {} : { hostname: options.hostname },
  });
  try {
    print(`listening on ${await gateway.listen(options.listen)}`);
  } catch (error) {
    return fail(`cannot listen on ${options.listen.host}:${options.listen.port}: ${(error as Error).message}`);
  }
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await gateway.close(GRACE_MILLISECONDS);
  credentials.close();
  await upstream.close();
  await source.close();
  exitSoon();
}

function swapped({ generation, routes, backends, problems }: Configuration): string {
  const models = [...routes.values()].map(({ key, models: listed }) => `  LLMRoute ${key}: ${listed.map(({ id }) => id).join(', ') || 'no exact model names'}`);
  return [
    `configuration ${generation}: ${[counted(routes.size, 'LLMRoute'), counted(backends.size, 'LLMBackend'), counted(problems.length, 'problem')].join(', ')}`,
    ...models,
    ...problems.map((problem) => `  ${problemLine(problem)}`),
  ].join('\n');
}

/** Who serves on a machine of his own finds it out here, and not when somebody else calls. */
function unenforced(policies: readonly string[]): string[] {
  return policies.length === 0 ? [] : [`  not enforced without Envoy: client authentication, access by model and CORS of ${policies.join(', ')}; everybody may call every model here`];
}

function print(...lines: string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

function fail(message: string): never {
  process.stderr.write(`llmgw: ${message}\n`);
  process.exit(2);
}
