import { Command } from 'commander';
import { problemLine } from './problem-lines';
import { ruleFindings } from './rule-findings';
import { ManifestDocument, parseObjects } from '../resources/parse';
import { readManifestFiles } from '../runtime/manifest-reader';

/**
 * `llmgw check`: says what is wrong with manifests. A problem is what the gateway would leave out, a warning what it takes but what never works
 * as written. Exits 1 if there is a problem, 2 when the manifests cannot be read.
 */
export function checkCommand(): Command {
  return new Command('check')
    .description('validate the LLMRoutes and LLMBackends of manifests')
    .argument('<path...>', 'files or directories of YAML or JSON')
    .addHelpText('after', '\nExample:\n  llmgw check dist/')
    .option('--strict', 'exit 1 for warnings as well')
    .action((paths: string[], { strict = false }: { strict?: boolean }) => {
      const files = readPaths(paths);
      const resources = parseObjects(files.documents);
      const { problems: ruleProblems, warnings } = ruleFindings(resources, sources(files.documents));
      const problems = [...files.problems, ...resources.problems, ...ruleProblems];
      const lines = [
        ...problems.map(problemLine),
        ...warnings.map((warning) => `warning: ${problemLine(warning)}`),
        `${resources.llmRoutes.size} LLMRoutes, ${resources.llmBackends.size} LLMBackends, ${problems.length} problems${warnings.length === 0 ? '' : `, ${warnings.length} warnings`}`,
      ];
      process.stdout.write(lines.map((line) => `${line}\n`).join(''));
      process.exitCode = problems.length > 0 || strict && warnings.length > 0 ? 1 : 0;
    });
}

function readPaths(paths: readonly string[]): ReturnType<typeof readManifestFiles> {
  try {
    return readManifestFiles(paths);
  } catch (error) {
    process.stderr.write(`llmgw: cannot read manifests: ${(error as Error).message}\n`);
    process.exit(2);
  }
}

/** Where each object is written, by `LLMRoute default/chat`. */
function sources(documents: readonly ManifestDocument[]): (object: string) => string {
  const byObject = new Map(documents.map(({ source, value }) => {
    const { kind, metadata } = (value ?? {}) as { kind?: unknown; metadata?: { name?: unknown; namespace?: unknown } };
    return [`${String(kind)} ${String(metadata?.namespace ?? 'default')}/${String(metadata?.name)}`, source];
  }));
  return (object) => byObject.get(object) ?? '';
}
