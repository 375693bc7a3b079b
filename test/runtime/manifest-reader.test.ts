import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readManifestFiles } from '../../src/runtime/manifest-reader';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'manifests-')); });
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

test('documents of all files with their lines; hidden files, other files and subdirectories are not read', () => {
  write('b.yaml', '# comment\na: 1\n---\na: 2\n');
  write('a.json', '{"a": 3}');
  write('c.yml', '');
  write('.draft.yaml', 'a: [');
  write('readme.md', 'a: [');
  mkdirSync(join(folder, 'sub.yaml'));
  const { documents, problems } = readManifestFiles([folder]);
  expect(documents.filter(({ value }) => value !== null)).toEqual([
    { source: join(folder, 'a.json:1'), value: { a: 3 } }, { source: join(folder, 'b.yaml:2'), value: { a: 1 } }, { source: join(folder, 'b.yaml:4'), value: { a: 2 } },
  ]);
  expect(problems).toEqual([]);
});

test('a List is its items', () => {
  write('list.yaml', 'apiVersion: v1\nkind: List\nitems: [{a: 1}, {a: 2}]\n');
  expect(readManifestFiles([folder]).documents.map(({ value }) => value)).toEqual([{ a: 1 }, { a: 2 }]);
});

test('a file is read whatever its name', () => {
  write('manifests.txt', 'a: 1');
  expect(readManifestFiles([join(folder, 'manifests.txt')]).documents).toHaveLength(1);
});

test.each([
  ['a: b\nkey: "sk-secret', 2], ['}sk-secret', 1], ['a: *sk-secret', 1], ['{a: 1} sk-secret', 1], ['a: 1\na: sk-secret', 2], ['"\\qsk-secret"', 1],
  ['a: &a [sk-secret]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]', 1],
])('what is no YAML is a problem with its line and without its text: %j', (text, line) => {
  write('bad.yaml', text);
  write('good.yaml', 'a: 1');
  const { documents, problems } = readManifestFiles([folder]);
  expect(problems).toEqual([{ source: join(folder, `bad.yaml:${line}`), object: '', path: '', message: expect.stringMatching(/^is no YAML: \w.*; mend bad\.yaml at this line$/) }]);
  expect(JSON.stringify(problems)).not.toContain('sk-');
  expect(documents).toEqual([{ source: join(folder, 'good.yaml:1'), value: { a: 1 } }]);
});

test('the digest tells files apart', () => {
  write('a.yaml', 'a: 1');
  const first = readManifestFiles([folder]).digest;
  expect(readManifestFiles([folder]).digest).toBe(first);
  write('a.yaml', 'a: 2');
  expect(readManifestFiles([folder]).digest).not.toBe(first);
});

test('a path that does not exist throws', () => {
  expect(() => readManifestFiles([join(folder, 'missing')])).toThrow(/ENOENT/);
});
