import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Chart, Testing } from 'cdk8s';
import { Secret } from 'cdk8s-plus-28';
import * as ts from 'typescript';
import * as gateway from '../src';

const TEXT = readFileSync(join(__dirname, '..', 'docs', 'credentials.md'), 'utf8');

test.each([...TEXT.matchAll(/```ts\n([^`]+)```/g)].map(([, snippet]) => [/'(\w+)'/.exec(snippet)?.[1], snippet]))('the snippet of docs/credentials.md with %s synthesizes', (_, snippet) => {
  const chart = new Chart(new App(), 'chart', { namespace: 'llm' });
  const keys = Secret.fromSecretName(chart, 'Keys', 'keys');
  const code = ts.transpileModule(snippet ?? '', { compilerOptions: { target: ts.ScriptTarget.ES2022 } }).outputText;
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const run = new Function('chart', 'keys', ...Object.keys(gateway), code) as (...values: unknown[]) => void;
  run(chart, keys, ...Object.values(gateway));
  expect(Testing.synth(chart).length).toBeGreaterThan(0);
});
