import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Testing } from 'cdk8s';
import * as ts from 'typescript';
import { parseAllDocuments } from 'yaml';

/** The program of docs/limits.md runs, and emits what the document shows. */
const TEXT = readFileSync(join(__dirname, '..', 'docs', 'limits.md'), 'utf8');

function block(language: string, part: string): string {
  const found = [...TEXT.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].find(([, name, text]) => name === language && text.includes(part));
  if (found === undefined) throw new Error(`docs/limits.md has no ${language} with ${part}`);
  return found[2];
}

test('the objects are those that are shown', () => {
  const program = ts.transpileModule(`${block('ts', 'addTokenLimit')}\nexports.app = app;`, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } }).outputText;
  const exported: { app?: App } = {};
  new Function('require', 'exports', program)((name: string) => jest.requireActual(name === 'cdk8s-llm-gateway' ? '../src' : name), exported);
  const manifests = exported.app!.charts.flatMap((chart) => Testing.synth(chart) as Array<{ kind: string; spec: Record<string, unknown> }>);

  const shown = parseAllDocuments(block('yaml', 'rateLimit:\n    global')).map((document) => document.toJS() as { kind: string; spec: Record<string, unknown> });
  expect(shown.map(({ kind }) => kind)).toEqual(['BackendTrafficPolicy', 'LLMRoute']);
  for (const { kind, spec } of shown) {
    const emitted = manifests.find((manifest) => manifest.kind === kind)!.spec;
    expect(Object.fromEntries(Object.keys(spec).map((field) => [field, emitted[field]]))).toEqual(spec);
  }
});
