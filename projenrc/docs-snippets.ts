import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import * as api from '../src';

/**
 * `npx projen snippets` compiles the TypeScript blocks of `docs/*.md` by this, as jsii-rosetta, which does not look there, compiles those of the
 * README and the docstrings. A block with imports of its own stands for itself; any other one gets what the fixture here has. It prints what
 * does not compile, with the line of the Markdown file, and ends with 1.
 */
const ROOT = join(__dirname, '..');
const DOCS = join(ROOT, 'docs');
const FENCE = /^```(?:ts|typescript)\n([\s\S]*?)^```$/gm;

/** What blocks without imports may use; one line, so that lines can be counted. */
const FIXTURE = [
  'import { App, Chart, Duration } from \'cdk8s\';',
  'import { ISecret } from \'cdk8s-plus-28\';',
  `import { ${Object.keys(api).filter((name) => /^[A-Za-z]\w*$/.test(name)).join(', ')} } from 'cdk8s-llm-gateway';`,
  'declare const keys: ISecret; declare const chart: Chart; declare const chat: LlmRoute; declare const kserve: LlmBackend; declare const bedrock: LlmBackend;',
  'class Docs extends Chart { constructor(app: App) { super(app, \'docs\');',
].join(' ');

interface Snippet {
  readonly markdown: string;
  /** From 0, of its first line in the Markdown file. */
  readonly line: number;
  readonly source: string;
}

function snippetsOf(markdown: string): Snippet[] {
  const text = readFileSync(join(DOCS, markdown), 'utf8');
  return [...text.matchAll(FENCE)].map(({ 1: block, index }) => ({
    markdown,
    line: text.slice(0, index).split('\n').length,
    source: /^import /m.test(block) ? `export {}; ${block}` : `${FIXTURE} ${block} } }`,
  }));
}

/** Errors of all the snippets, `<file>:<line>: <message>`. */
function defects(snippets: readonly Snippet[]): string[] {
  const files = new Map(snippets.map((snippet, index) => [join(DOCS, `${snippet.markdown}.${index}.ts`), snippet]));
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(join(ROOT, 'tsconfig.dev.json'), (file) => ts.sys.readFile(file)).config, ts.sys, ROOT);
  const compilerOptions: ts.CompilerOptions = {
    ...options, noEmit: true, noUnusedLocals: false, noUnusedParameters: false, isolatedModules: false, types: ['node'], baseUrl: ROOT, paths: { 'cdk8s-llm-gateway': ['src'] },
  };
  const host = ts.createCompilerHost(compilerOptions);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => files.has(file) || fileExists(file);
  host.readFile = (file) => files.get(file)?.source ?? readFile(file);
  host.getSourceFile = (file, language, ...rest) => {
    const snippet = files.get(file);
    return snippet ? ts.createSourceFile(file, snippet.source, language) : getSourceFile(file, language, ...rest);
  };
  const program = ts.createProgram([...files.keys()], compilerOptions, host);
  return [...files].flatMap(([file, { markdown, line }]) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(({ start = 0, messageText }) => {
      const within = source?.getLineAndCharacterOfPosition(start).line ?? 0;
      return `docs/${markdown}:${line + within + 1}: ${ts.flattenDiagnosticMessageText(messageText, '\n  ')}`;
    });
  });
}

function main(): void {
  const snippets = readdirSync(DOCS).filter((name) => name.endsWith('.md')).sort().flatMap(snippetsOf);
  if (snippets.length === 0) throw new Error(`there is no TypeScript block in ${DOCS}`);
  const found = defects(snippets);
  found.forEach((defect) => console.error(defect));
  console.log(`${snippets.length} snippets of docs/, ${found.length} errors`);
  process.exitCode = found.length > 0 ? 1 : 0;
}

main();
