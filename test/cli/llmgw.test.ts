import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { parseAllDocuments } from 'yaml';

const ROOT = join(__dirname, '..', '..');

// Bundled once, as it is published: each run then takes a tenth of what it takes from source.
const bundle = mkdtempSync(join(tmpdir(), 'llmgw-bundle-'));
buildSync({ entryPoints: [join(ROOT, 'src', 'cli', 'main.ts')], bundle: true, platform: 'node', outfile: join(bundle, 'llmgw.js'), logLevel: 'error' });
afterAll(() => rmSync(bundle, { recursive: true }));

/** Runs the command, as `npx llmgw` would. */
function llmgw(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(bundle, 'llmgw.js'), ...args], { encoding: 'utf8', cwd: ROOT });
}

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'llmgw-')); });
afterEach(() => rmSync(folder, { recursive: true }));

const BACKEND = `apiVersion: aigateway.envoyproxy.io/v1alpha1
kind: LLMBackend
metadata: {name: kserve}
spec: {outputSchema: {schema: SCHEMA}, backendRef: {name: kserve}}
`;

const HTTP_ROUTE = `---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: chat, labels: {aigateway.envoyproxy.io/llm-route: chat}}
spec: {parentRefs: [{name: llm}]}
`;
const ADDRESS = `---
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: Backend
metadata: {name: kserve}
spec: {endpoints: [{fqdn: {hostname: kserve.models, port: 8080}}]}
`;

test('crds prints both CRDs as YAML', () => {
  const { status, stdout } = llmgw('crds');
  expect(status).toBe(0);
  expect(parseAllDocuments(stdout).map((document) => document.toJS().spec.names.kind)).toEqual(['LLMRoute', 'LLMBackend']);
}, 60_000);

test('check accepts good manifests and names file, object and field of bad ones', () => {
  writeFileSync(join(folder, 'good.yaml'), `${BACKEND.replace('SCHEMA', 'OpenAI')}${ADDRESS}`);
  expect(llmgw('check', folder)).toMatchObject({ status: 0, stdout: '0 LLMRoutes, 1 LLMBackend, 0 problems\n' });
  writeFileSync(join(folder, 'bad.yaml'), `# a comment\n---\n${BACKEND.replace('SCHEMA', 'OpenAl').replace('kserve', 'typo')}---\na: [`);
  const { status, stdout } = llmgw('check', folder);
  expect(status).toBe(1);
  expect(stdout).toContain(`${join(folder, 'bad.yaml')}:3: LLMBackend default/typo: spec.outputSchema.schema: must be one of OpenAI,`);
  expect(stdout).toMatch(/bad\.yaml:\d+: is no YAML: /);
  expect(stdout).toContain('0 LLMRoutes, 1 LLMBackend, 2 problems');
}, 60_000);

const ROUTE = `---
apiVersion: aigateway.envoyproxy.io/v1alpha1
kind: LLMRoute
metadata: {name: chat}
spec:
  inputSchema: {schema: Anthropic}
  httpRouteRef: {name: chat}
  rules:
  - {name: all, models: [{type: Prefix, value: a}], backendRefs: [{name: bedrock, model: amazon.titan-embed-text-v2:0}]}
  - {models: [{value: b}, {value: ab}], backendRefs: [{name: bedrock, model: claude-opus-5}]}
  - {models: [{value: abc}], backendRefs: [{name: bedrock}, {name: bedrock, model: x, priority: 1}]}
`;

test('check warns of a field that a rule sets and the host of its backend refuses', () => {
  const file = join(folder, 'route.yaml');
  const host = '---\napiVersion: gateway.envoyproxy.io/v1alpha1\nkind: Backend\nmetadata: {name: kserve}\nspec: {endpoints: [{fqdn: {hostname: api.groq.com, port: 443}}]}\n';
  const rules = '  - {backendRefs: [{name: kserve}], requestBody: {set: [{path: seed, value: "1"}, {path: n, value: "2"}]}}\n';
  writeFileSync(file, `${BACKEND.replace('SCHEMA', 'OpenAI')}${host}${ROUTE.replace(/( {2}rules:\n)[^]*/, '$1')}${rules}`);
  expect(llmgw('check', folder).stdout).toContain('LLMRoute default/chat: spec.rules[0].requestBody.set[1]: sets "n", which api.groq.com refuses (console.groq.com/docs/openai, 2026-11); '
    + 'leave it out, or, where that has changed, set it in `body` of the backend (LLMBackend kserve)\n');
}, 60_000);

test('check warns of what the gateway takes but what never works', () => {
  const file = join(folder, 'route.yaml');
  writeFileSync(file, `${BACKEND.replace('SCHEMA', 'AWSBedrock').replaceAll('name: kserve', 'name: bedrock')}${ROUTE}${HTTP_ROUTE}${ADDRESS.replace('name: kserve', 'name: bedrock')}`);
  const { status, stdout } = llmgw('check', folder);
  const rule = `warning: ${file}:6: LLMRoute default/chat: spec.rules`;
  expect(stdout.split('\n')).toEqual([
    `${rule}[2]: can never be reached: spec.rules[0] (all) takes every request that it matches; move it before, or remove it`,
    `${rule}[1].models[1]: "ab" never gets here: spec.rules[0] (all) takes it; remove it here or there`,
    expect.stringContaining(`${rule}[2].backendRefs[1]: is never used: its priority is behind that of another`),
    expect.stringContaining(`${rule}[0].backendRefs[0]: sends "amazon.titan-embed-text-v2:0" to LLMBackend bedrock: this model is for embeddings`),
    expect.stringContaining(`${rule}[1].backendRefs[0]: sends "claude-opus-5" to LLMBackend bedrock: that is Anthropic's own name for it`),
    '1 LLMRoute, 1 LLMBackend, 0 problems, 5 warnings',
    '',
  ]);
  expect(status).toBe(0);
  expect(llmgw('check', '--strict', folder)).toMatchObject({ status: 1, stdout });
  writeFileSync(file, `${BACKEND.replace('SCHEMA', 'AWSBedrock').replaceAll('kserve', 'bedrock')}${ROUTE.replace('type: Prefix, value: a', 'type: RegularExpression, value: "("')}`);
  expect(llmgw('check', folder)).toMatchObject({ status: 1, stdout: expect.stringContaining('LLMRoute default/chat: spec.rules[0].models[0].value: "(" is no regular expression') });
}, 60_000);

test('check warns of references that lead nowhere in these files, but not of Secrets', () => {
  const file = join(folder, 'route.yaml');
  const backend = BACKEND.replace('{schema: SCHEMA}', '{schema: OpenAI}, credential: {apiKey: {secretRef: {name: keys, key: openai}}}');
  const route = ROUTE.replace(/ {2}rules:[^]*/, '  rules: [{backendRefs: [{name: kserve}, {name: kserv}]}]\n');
  writeFileSync(file, `${backend}${ADDRESS.replace('name: kserve', 'name: kserver')}${route}${HTTP_ROUTE}`);
  const { status, stdout } = llmgw('check', folder);
  expect(stdout.split('\n')).toEqual([
    expect.stringContaining(`warning: ${file}:1: LLMBackend default/kserve: spec.backendRef.name: in these files there is no Backend default/kserve; create it`),
    expect.stringContaining(`warning: ${file}:11: LLMRoute default/chat: spec.rules[0].backendRefs[1]: in these files there is no usable LLMBackend default/kserv; create or mend it`),
    '1 LLMRoute, 1 LLMBackend, 0 problems, 2 warnings',
    '',
  ]);
  expect(status).toBe(0);
  expect(llmgw('check', '--strict', folder).status).toBe(1);
}, 60_000);

test('check prints JSON for machines, with file and line apart', () => {
  const file = join(folder, 'backends.yaml');
  writeFileSync(file, `# a comment\n${BACKEND.replace('SCHEMA', 'OpenAl')}---\n${BACKEND.replace('SCHEMA', 'OpenAI').replace('kserve', 'other')}${ADDRESS}`);
  const { status, stdout } = llmgw('check', '--json', file);
  expect([status, JSON.parse(stdout)]).toEqual([1, {
    llmRoutes: 0,
    llmBackends: 1,
    problems: [{ file, line: 2, object: 'LLMBackend default/kserve', path: 'spec.outputSchema.schema', message: expect.stringContaining('must be one of OpenAI,') }],
    warnings: [],
  }]);
}, 60_000);

test('check takes no folder without an LLMRoute and LLMBackend for a good one', () => {
  writeFileSync(join(folder, 'other.yaml'), ADDRESS);
  expect(llmgw('check', folder)).toEqual(expect.objectContaining({
    status: 2, stdout: '', stderr: `llmgw: nothing to check: no LLMRoute and no LLMBackend in ${folder}; name what cdk8s synth wrote\n`,
  }));
}, 60_000);

/** Every command, as the help lists them. */
const COMMANDS = [...llmgw('--help').stdout.matchAll(/^ {2}([a-z]+) .*$/gm)].map(([, name]) => name).filter((name) => name !== 'llmgw' && name !== 'help');

test('there are commands', () => {
  expect(COMMANDS).toEqual(expect.arrayContaining(['serve', 'explain', 'extproc', 'crds', 'check']));
});

test.each(COMMANDS)('%s --help has an example of itself', (command) => {
  const { status, stdout } = llmgw(command, '--help');
  expect(status).toBe(0);
  expect(stdout).toMatch(new RegExp(`\\nExample:\\n {2}llmgw ${command} ?`));
}, 60_000);

test.each([
  ['an option that is none', '--no-such-option'], ['a command that is none', 'no-such-command'], ['an argument that is missing', 'check'],
  ...COMMANDS.map((command) => [`an option that ${command} has not`, command, ...command === 'extproc' ? ['--source', 'directory:.'] : [], '--hlep'] as const),
  ...['check', 'serve', 'explain'].map((command) => [`a path that ${command} cannot read`, command, '/nonexistent/folder', ...command === 'explain' ? ['--model', 'm'] : []] as const),
  ['a path that extproc cannot read', 'extproc', '--source', 'directory:/nonexistent/folder', '--listen', '127.0.0.1:0', '--admin-listen', '127.0.0.1:0'],
  ['a cluster without a namespace', 'extproc', '--source', 'kubernetes'],
  ['a namespace without a cluster', 'extproc', '--source', 'directory:.', '--namespace', 'llm'],
])('%s: 2, and one line on stderr', (_, ...args) => {
  const { status, stdout, stderr } = llmgw(...args);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^llmgw: \S[^\n]*\n$/);
  if (args.includes('--hlep')) expect(stderr).toContain('unknown option \'--hlep\' (Did you mean --help?)');
  if (args.includes('/nonexistent/folder')) expect(stderr).toContain('/nonexistent/folder');
}, 60_000);

test('explain runs as a command: 0 where something takes the request, 1 where nothing does', () => {
  const manifests = join(ROOT, 'test', 'fixtures', 'gateway');
  expect(llmgw('explain', manifests, '--model', 'only-kserve')).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('100 % to LLMBackend demo/kserve (OpenAI)') });
  expect(llmgw('explain', manifests, '--model', 'none')).toMatchObject({ status: 1, stderr: '', stdout: expect.stringContaining('rule only-kserve: only-kserve') });
}, 60_000);
