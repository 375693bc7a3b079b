import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What every secret of the suites has in it, whoever it belongs to. */
const PLANTED = /planted|client-key|not-a-real-secret/i;

/** Where the output of programs (`*.log` in the folder) holds a secret: file and line, without what stands there. */
export function plantedSecrets(folder: string): string[] {
  return readdirSync(folder).filter((file) => file.endsWith('.log')).flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n')
    .flatMap((line, index) => (PLANTED.test(line) ? [`${file}:${index + 1}`] : [])));
}
