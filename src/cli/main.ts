import { Command } from 'commander';
import { checkCommand } from './check-command';
import { crdsCommand } from './crds-command';

const program = new Command('llmgw')
  .description('LLM gateway on stock Envoy Gateway')
  .addHelpText('after', '\nExample:\n  llmgw check dist/')
  .addCommand(crdsCommand())
  .addCommand(checkCommand());

// Bad usage exits 2 everywhere; --help exits 0.
for (const command of [program, ...program.commands]) command.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

program.parse();
