import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { rateLimitPolicies } from './explained-limits';
import { explain, RequestToExplain } from './explanation';
import { explanationText } from './explanation-text';
import { collectHeader, collectSecret } from './option-values';
import { problemLine } from './problem-lines';
import { Configuration } from '../runtime/configuration';
import { DirectorySource } from '../runtime/directory-source';
import { readManifestFiles } from '../runtime/manifest-reader';

interface ExplainOptions {
  readonly model?: string;
  readonly path: string;
  readonly method: string;
  readonly hostname: string;
  readonly header: ReadonlyMap<string, string>;
  readonly body?: string;
  readonly stream?: boolean;
  readonly secret: ReadonlyMap<string, Buffer>;
  readonly json?: boolean;
}

/** `llmgw explain`: which rule and backends take a request and what goes upstream; exits 1 when nothing takes it, 2 when it cannot tell. */
export function explainCommand(): Command {
  return new Command('explain')
    .description('say what the gateway does with a request: route, rule, backends with their shares, and what goes upstream; nothing is sent')
    .argument('<path...>', 'files or directories of YAML or JSON, such as the output of cdk8s synth')
    .option('--model <name>', 'model that the client asks for')
    .option('--path <path>', 'path of the request', '/v1/chat/completions')
    .option('--method <method>', 'method of the request', 'POST')
    .option('--hostname <name>', 'host of the request, where the HTTPRoutes have hostnames', '')
    .addOption(new Option('--header <name=value>', 'header of the request; repeatable').argParser(collectHeader).default(new Map(), 'none'))
    .option('--body <file>', 'body of the request; without it a small one is made up')
    .option('--stream', 'ask for a stream')
    .addOption(new Option('--secret <ns/name/key=env:VAR|file:PATH>', 'value of a Secret\'s key that the manifests do not hold; repeatable').argParser(collectSecret).default(new Map(), 'none'))
    .option('--json', 'print JSON')
    .addHelpText('after', `
Exit status:
  0  a backend takes the request, or the gateway answers it itself with 200
  1  nothing takes it
  2  bad usage or unreadable files

Example:
  llmgw explain dist/ --model llama3-70b --header x-tenant=a --stream`)
    .action(run);
}

async function run(paths: string[], options: ExplainOptions): Promise<void> {
  const configuration = load(paths, options.secret);
  const explanation = await explain(configuration, requestOf(options), rateLimitPolicies(readManifestFiles(paths).documents));
  process.stdout.write(options.json === true ? `${JSON.stringify(explanation, null, 2)}\n` : explanationText(explanation));
  process.exitCode = explanation.backends.length > 0 || explanation.answer?.status === 200 ? 0 : 1;
}

function load(paths: readonly string[], secretOverrides: ReadonlyMap<string, Buffer>): Configuration {
  const source = new DirectorySource(paths, { secretOverrides });
  let refusal = '';
  source.onChange((event) => {
    if (event.kind === 'refused') refusal = event.problems.map(problemLine).join('; ');
  });
  source.load();
  if (source.current === undefined) throw new Error(`cannot read manifests: ${refusal}`);
  return source.current;
}

function requestOf({ method, path, hostname, header, ...options }: ExplainOptions): RequestToExplain {
  if (!path.startsWith('/')) throw new Error(`option --path: ${JSON.stringify(path)} must begin with /, such as /v1/chat/completions`);
  const request = { method: method.toUpperCase(), path, authority: hostname, header: (name: string) => header.get(name) };
  if (request.method === 'GET') return request;
  const body = options.body === undefined ? madeUp(path) : readBody(options.body);
  const model = options.model ?? body.model;
  if (model === undefined) throw new Error('option --model is missing; name the model that the client asks for, or give a --body that holds it');
  const whole = { ...body, model, ...options.stream === true && { stream: true } };
  return { ...request, body: Buffer.from(JSON.stringify(whole)) };
}

/** The smallest request of an endpoint that providers take. */
function madeUp(path: string): Record<string, unknown> {
  const messages = [{ role: 'user', content: 'Hello' }];
  switch (path.split('?', 1)[0].replace(/^\/v\d+/, '')) {
    case '/completions': case '/images/generations': case '/tokenize': return { prompt: 'Hello' };
    case '/embeddings': case '/responses': case '/responses/input_tokens': return { input: 'Hello' };
    case '/audio/speech': return { input: 'Hello', voice: 'alloy' };
    case '/messages': return { messages, max_tokens: 100 };
    case '/rerank': return { query: 'Hello', documents: ['Hello', 'World'] };
    default: return { messages };
  }
}

function readBody(file: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`option --body: cannot read ${file} (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  }
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Error(`option --body: ${file} is no JSON; a request body is one JSON object`);
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new Error(`option --body: ${file} must hold one JSON object`);
  return body as Record<string, unknown>;
}
