import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Composer, Document, LineCounter, Parser } from 'yaml';
import { ManifestDocument } from '../resources/parse';
import { Problem } from '../resources/problem';
import { atOnce, Steps } from '../resources/steps';

/** What the files hold; `problems` are files that are no YAML. */
export interface ManifestFiles {
  readonly documents: readonly ManifestDocument[];
  readonly problems: readonly Problem[];
  /** Of all names and contents: equal digests, equal files. */
  readonly digest: string;
}

/** Every `.yaml`, `.yml` and `.json` file of the paths, directories without their subdirectories. Throws what the file system throws. */
export function readManifestFiles(paths: readonly string[]): ManifestFiles {
  return atOnce(parseManifestFiles(readManifestTexts(paths)));
}

/** Files as they were at one moment. */
export interface ManifestTexts {
  readonly files: ReadonlyArray<readonly [path: string, text: string]>;
  /** Of all names and contents: equal digests, equal files. */
  readonly digest: string;
}

/** As `readManifestFiles`, without looking at what the files say. */
export function readManifestTexts(paths: readonly string[]): ManifestTexts {
  const digest = createHash('sha256');
  const files = paths.flatMap(manifestFiles).map((path) => [path, readFileSync(path, 'utf8')] as const);
  for (const [path, text] of files) digest.update(`${path}\0${text.length}\0${text}`);
  return { files, digest: digest.digest('hex') };
}

/** Yields after every document. */
export function* parseManifestFiles({ files, digest }: ManifestTexts): Steps<ManifestFiles> {
  const documents: ManifestDocument[] = [];
  const problems: Problem[] = [];
  for (const [file, text] of files) {
    const lines = new LineCounter();
    // As parseAllDocuments does, one by one.
    for (const document of new Composer().compose(new Parser(lines.addNewLine).parse(text))) {
      const sourceAt = (offset: number) => `${file}:${lines.linePos(offset).line}`;
      const start = document.contents?.range?.[0] ?? document.range[0];
      try {
        const [error] = document.errors;
        if (error !== undefined) problems.push(noYaml(sourceAt(error.pos[0]), error));
        else documents.push(...expandList(sourceAt(start), toValue(document)));
      } catch (error) {
        // An alias without its anchor, or aliases that multiply, come out only now.
        problems.push(noYaml(sourceAt(start), error as Error));
      }
      yield;
    }
  }
  return { documents, problems, digest };
}

/** Whether a file of this name in a directory is read. Hidden files are not: editors keep their drafts there. */
export function isManifestName(name: string): boolean {
  return !name.startsWith('.') && /\.(ya?ml|json)$/.test(name);
}

function manifestFiles(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).sort().filter(isManifestName).map((name) => join(path, name)).filter((file) => statSync(file).isFile());
}

function toValue(document: Document): unknown {
  return document.toJS() as unknown;
}

/** What `kubectl get -o yaml` writes for several objects. */
function expandList(source: string, value: unknown): ManifestDocument[] {
  const list = typeof value === 'object' && value !== null ? value as { kind?: unknown; apiVersion?: unknown; items?: unknown } : {};
  if (list.kind !== 'List' || list.apiVersion !== 'v1' || !Array.isArray(list.items)) return [{ source, value }];
  return list.items.map((item: unknown) => ({ source, value: item }));
}

/** Without what the message quotes: the file may hold a Secret. */
function noYaml(source: string, error: Error): Problem {
  const [reason] = error.message.split('\n')[0].replace(/ at line \d+, column \d+:?$/, '').split(': ');
  return { source, object: '', path: '', message: `is no YAML: ${reason}; mend ${basename(source).replace(/:\d+$/, '')} at this line` };
}
