import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

const ROOT = join(__dirname, '..', '..');

/** Runs the command from its source, as `npx llmgw` would. */
function llmgw(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['-r', 'ts-node/register/transpile-only', join(ROOT, 'src', 'cli', 'main.ts'), ...args], {
    encoding: 'utf8', cwd: ROOT, env: { ...process.env, TS_NODE_PROJECT: join(ROOT, 'tsconfig.dev.json') },
  });
}

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'llmgw-')); });
afterEach(() => rmSync(folder, { recursive: true }));

const BACKEND = `apiVersion: aigateway.envoyproxy.io/v1alpha1
kind: LLMBackend
metadata: {name: kserve}
spec: {outputSchema: {schema: SCHEMA}, backendRef: {name: kserve}}
`;

test('crds prints both CRDs as YAML', () => {
  const { status, stdout } = llmgw('crds');
  expect(status).toBe(0);
  expect(parseAllDocuments(stdout).map((document) => document.toJS().spec.names.kind)).toEqual(['LLMRoute', 'LLMBackend']);
}, 60_000);

test('check accepts good manifests and names file, object and field of bad ones', () => {
  writeFileSync(join(folder, 'good.yaml'), BACKEND.replace('SCHEMA', 'OpenAI'));
  expect(llmgw('check', folder)).toMatchObject({ status: 0, stdout: '0 LLMRoutes, 1 LLMBackends, 0 problems\n' });
  writeFileSync(join(folder, 'bad.yaml'), `# a comment\n---\n${BACKEND.replace('SCHEMA', 'OpenAl').replace('kserve', 'typo')}---\na: [`);
  const { status, stdout } = llmgw('check', folder);
  expect(status).toBe(1);
  expect(stdout).toContain(`${join(folder, 'bad.yaml')}:3: LLMBackend default/typo: spec.outputSchema.schema: must be one of OpenAI,`);
  expect(stdout).toMatch(/bad\.yaml:\d+: is no YAML: /);
  expect(stdout).toContain('0 LLMRoutes, 1 LLMBackends, 2 problems');
}, 60_000);

test.each([['--no-such-option'], ['no-such-command'], ['check'], ['check', '/nonexistent/folder']])('bad usage exits 2 with a line on stderr: %s', (...args) => {
  const { status, stderr } = llmgw(...args);
  expect(status).toBe(2);
  expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
  expect(stderr).toMatch(/\S/);
}, 60_000);
