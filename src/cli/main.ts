import { Command } from 'commander';
import { checkCommand } from './check-command';
import { crdsCommand } from './crds-command';
import { explainCommand } from './explain-command';
import { extProcCommand } from './extproc-command';
import { serveCommand } from './serve-command';
import { VERSION } from './version';

const program = new Command('llmgw')
  .description('LLM gateway on stock Envoy Gateway')
  .version(VERSION, '--version', 'print the version')
  .addHelpText('after', '\nExample:\n  llmgw serve dist/')
  .addCommand(serveCommand())
  .addCommand(explainCommand())
  .addCommand(extProcCommand())
  .addCommand(crdsCommand())
  .addCommand(checkCommand());

// Bad usage exits 2 everywhere; --help exits 0.
for (const command of [program, ...program.commands]) {
  command.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
  // One line each: a suggestion ("Did you mean ...?") comes on a line of its own.
  command.configureOutput({ outputError: (text, write) => write(`llmgw: ${text.trim().replace(/^error: /, '').replace(/\s*\n\s*/g, ' ')}\n`) });
}

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`llmgw: ${(error as Error).message}\n`);
  process.exit(2);
});
