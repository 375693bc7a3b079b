import { Command } from 'commander';
import { problemLine } from './problem-lines';
import { parseObjects } from '../resources/parse';
import { readManifestFiles } from '../runtime/manifest-reader';

/** `llmgw check`: says what is wrong with manifests; exits 1 if anything is, 2 when they cannot be read. */
export function checkCommand(): Command {
  return new Command('check')
    .description('validate the LLMRoutes and LLMBackends of manifests')
    .argument('<path...>', 'files or directories of YAML or JSON')
    .addHelpText('after', '\nExample:\n  llmgw check dist/')
    .action((paths: string[]) => {
      const files = readPaths(paths);
      const resources = parseObjects(files.documents);
      const problems = [...files.problems, ...resources.problems];
      for (const problem of problems) {
        process.stdout.write(`${problemLine(problem)}\n`);
      }
      process.stdout.write(`${resources.llmRoutes.size} LLMRoutes, ${resources.llmBackends.size} LLMBackends, ${problems.length} problems\n`);
      process.exitCode = problems.length > 0 ? 1 : 0;
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
