import { Command } from 'commander';
import { counted } from './counted';
import { problemLine } from './problem-lines';
import { referenceFindings } from './reference-findings';
import { ruleFindings } from './rule-findings';
import { ManifestDocument, parseObjects } from '../resources/parse';
import { Problem } from '../resources/problem';
import { readManifestFiles } from '../runtime/manifest-reader';

interface Findings {
  readonly llmRoutes: number;
  readonly llmBackends: number;
  /** What the gateway would leave out. */
  readonly problems: readonly Problem[];
  /** What it takes but what never works as written. */
  readonly warnings: readonly Problem[];
}

/** `llmgw check`: says what is wrong with manifests. Exits 1 if there is a problem, 2 when there is nothing to check or it cannot be read. */
export function checkCommand(): Command {
  return new Command('check')
    .description('validate the LLMRoutes and LLMBackends of manifests')
    .argument('<path...>', 'files or directories of YAML or JSON')
    .option('--strict', 'exit 1 for warnings as well')
    .option('--json', 'print JSON')
    .addHelpText('after', `
A problem is what the gateway would leave out; a warning what it takes but what never works as written.

Exit status:
  0  no problem
  1  a problem, or with --strict a warning
  2  bad usage, unreadable files, or neither LLMRoute nor LLMBackend in them

Example:
  llmgw check dist/
  kustomize build . | llmgw check /dev/stdin`)
    .action((paths: string[], { strict = false, json = false }: { strict?: boolean; json?: boolean }) => {
      const findings = findingsIn(paths);
      process.stdout.write(json ? `${JSON.stringify(asJson(findings), null, 2)}\n` : asText(findings));
      process.exitCode = findings.problems.length > 0 || strict && findings.warnings.length > 0 ? 1 : 0;
    });
}

function findingsIn(paths: readonly string[]): Findings {
  const files = readPaths(paths);
  const resources = parseObjects(files.documents);
  const sourceOf = sources(files.documents);
  const rules = ruleFindings(resources, sourceOf);
  const problems = [...files.problems, ...resources.problems, ...rules.problems];
  const { llmRoutes: { size: llmRoutes }, llmBackends: { size: llmBackends } } = resources;
  if (llmRoutes + llmBackends + problems.length === 0) throw new Error(`nothing to check: no LLMRoute and no LLMBackend in ${paths.join(', ')}; name what cdk8s synth wrote`);
  // What is left out already leads to more references that lead nowhere.
  return { llmRoutes, llmBackends, problems, warnings: [...rules.warnings, ...problems.length > 0 ? [] : referenceFindings(resources, sourceOf)] };
}

function readPaths(paths: readonly string[]): ReturnType<typeof readManifestFiles> {
  try {
    return readManifestFiles(paths);
  } catch (error) {
    throw new Error(`cannot read manifests: ${(error as Error).message}`);
  }
}

function asText({ llmRoutes, llmBackends, problems, warnings }: Findings): string {
  const counts = [counted(llmRoutes, 'LLMRoute'), counted(llmBackends, 'LLMBackend'), counted(problems.length, 'problem'), ...warnings.length === 0 ? [] : [counted(warnings.length, 'warning')]];
  return [...problems.map(problemLine), ...warnings.map((warning) => `warning: ${problemLine(warning)}`), counts.join(', ')].map((line) => `${line}\n`).join('');
}

function asJson({ problems, warnings, ...counts }: Findings): object {
  const located = ({ source, ...said }: Problem) => {
    const [, file = source, line] = /^(.*):(\d+)$/.exec(source) ?? [];
    return { file, ...line === undefined ? {} : { line: Number(line) }, ...said };
  };
  return { ...counts, problems: problems.map(located), warnings: warnings.map(located) };
}

/** Where each object is written, by `LLMRoute default/chat`. */
function sources(documents: readonly ManifestDocument[]): (object: string) => string {
  const byObject = new Map(documents.map(({ source, value }) => {
    const { kind, metadata } = (value ?? {}) as { kind?: unknown; metadata?: { name?: unknown; namespace?: unknown } };
    return [`${String(kind)} ${String(metadata?.namespace ?? 'default')}/${String(metadata?.name)}`, source];
  }));
  return (object) => byObject.get(object) ?? '';
}
