import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LineCounter, parseAllDocuments } from 'yaml';
import { ManifestDocument } from '../resources/parse';
import { Problem } from '../resources/problem';

/** What the files hold; `problems` are files that are no YAML. */
export interface ManifestFiles {
  readonly documents: readonly ManifestDocument[];
  readonly problems: readonly Problem[];
}

/** Every `.yaml`, `.yml` and `.json` file of the paths, directories without their subdirectories. Throws what the file system throws. */
export function readManifestFiles(paths: readonly string[]): ManifestFiles {
  const documents: ManifestDocument[] = [];
  const problems: Problem[] = [];
  for (const file of paths.flatMap(manifestFiles)) {
    const lines = new LineCounter();
    for (const document of parseAllDocuments(readFileSync(file, 'utf8'), { lineCounter: lines })) {
      const [error] = document.errors;
      if (error === undefined) {
        documents.push({ source: `${file}:${lines.linePos(document.contents?.range?.[0] ?? document.range[0]).line}`, value: document.toJS() });
      } else {
        // The first line only: what follows quotes the file, which may hold a Secret.
        const message = error.message.split('\n')[0].replace(/:$/, '');
        problems.push({ source: `${file}:${lines.linePos(error.pos[0]).line}`, object: '', path: '', message: `is no YAML: ${message}` });
      }
    }
  }
  return { documents, problems };
}

function manifestFiles(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).filter((name) => /\.(ya?ml|json)$/.test(name)).sort().map((name) => join(path, name));
}
