import { chmodSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** Bundles the `llmgw` command with everything that it needs into one file, for npm's `bin` and the image. */
const outfile = join(__dirname, '..', 'dist', 'llmgw.js');
buildSync({
  entryPoints: [join(__dirname, '..', 'src', 'cli', 'main.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  legalComments: 'eof',
  define: { LLMGW_VERSION: JSON.stringify((JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as { version: string }).version) },
  banner: { js: '#!/usr/bin/env node' },
});
chmodSync(outfile, 0o755);
console.log(`dist/llmgw.js ${Math.round(statSync(outfile).size / 1024)} KB`);
