import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * `npm run python`: makes the Python package, installs it with what it depends on (PyPI) in an environment of its own, and synthesizes
 * examples/quickstart/main.py with it. The YAML must be that of main.ts to the byte, and a mistake must say in Python what it says in TypeScript.
 */
const ROOT = join(__dirname, '..', '..');
const QUICKSTART = join(ROOT, 'examples', 'quickstart');
const MISTAKE = 'from cdk8s_llm_gateway import LlmProvider\nLlmProvider.aws_bedrock(region="us-esat-1")';
const SAID = 'LlmProvider.awsBedrock: region "us-esat-1" is no name of an AWS region, such as us-east-1 or eu-central-1; correct it, or give the endpoint as host too';

function run(command: string, args: readonly string[], environment: Record<string, string> = {}): void {
  execFileSync(command, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...environment } });
}

function install(folder: string): string {
  const packages = join(folder, 'packages');
  const environment = join(folder, 'environment');
  run('npx', ['jsii-pacmak', '--targets', 'python', '--outdir', packages, '--silence-warnings', 'reserved-word', '.']);
  run('python3', ['-m', 'venv', environment]);
  const wheels = readdirSync(join(packages, 'python')).filter((name) => name.endsWith('.whl'));
  run(join(environment, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', ...wheels.map((name) => join(packages, 'python', name))]);
  return join(environment, 'bin');
}

function compare(python: string, typescript: string): void {
  const names = readdirSync(typescript).sort();
  if (readdirSync(python).sort().join() !== names.join() || names.length === 0) throw new Error(`main.py wrote ${readdirSync(python).join(', ')}, main.ts ${names.join(', ')}`);
  for (const name of names) {
    if (!readFileSync(join(python, name)).equals(readFileSync(join(typescript, name)))) throw new Error(`${name} of main.py is not that of main.ts`);
    console.log(`${name}: the same from Python and TypeScript`);
  }
}

function main(): void {
  if (spawnSync('python3', ['-m', 'venv', '--help'], { stdio: 'ignore' }).status !== 0) throw new Error('Python 3 with venv and pip is needed');
  const folder = mkdtempSync(join(tmpdir(), 'llmgw-python-'));
  const [fromPython, fromTypeScript] = ['python', 'typescript'].map((name) => join(folder, name));
  mkdirSync(fromPython);
  mkdirSync(fromTypeScript);
  try {
    const programs = install(folder);
    run(join(programs, 'python'), [join(QUICKSTART, 'main.py')], { CDK8S_OUTDIR: fromPython });
    run(process.execPath, ['--require', 'ts-node/register/transpile-only', join(QUICKSTART, 'main.ts')], {
      CDK8S_OUTDIR: fromTypeScript, TS_NODE_PROJECT: join(ROOT, 'tsconfig.dev.json'),
    });
    compare(fromPython, fromTypeScript);
    run(join(programs, 'llmgw'), ['check', '--strict', fromPython]);
    console.log('llmgw of the Python package takes it');
    const { status, stderr } = spawnSync(join(programs, 'python'), ['-c', MISTAKE], { encoding: 'utf8' });
    if (status === 0 || !stderr.includes(SAID)) throw new Error(`a mistake ends with ${status} and says:\n${stderr}`);
    console.log('a mistake says in Python what it says in TypeScript');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  main();
} catch (error) {
  console.error(`python: ${(error as Error).message}`);
  process.exitCode = 1;
}
