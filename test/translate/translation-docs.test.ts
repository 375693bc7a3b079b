import { readFileSync } from 'fs';
import { TRANSLATION_DOCS, translationDocs } from '../../projenrc/translation-docs';
import { OUTPUT_SCHEMAS } from '../../src/resources/schema-name';
import { inputDialect, translators } from '../../src/translate/registry';

const written = readFileSync(TRANSLATION_DOCS, 'utf8');
const pathOf = ({ input, endpoint }: Pick<ReturnType<typeof translators>[number], 'input' | 'endpoint'>): string =>
  inputDialect(input).paths.find((path) => inputDialect(input).endpoint('POST', path) === endpoint) ?? '';

/** The text below the heading of each section. */
const sections = new Map(written.split(/^## /m).slice(1).map((section): [string, string] => [section.slice(0, section.indexOf('\n')), section]));

test('docs/translation.md is what the script writes from the tables', () => {
  expect(written === translationDocs()).toBe(true);
  expect(written.length).toBeLessThan(200_000);
});

test('every link leads to a heading', () => {
  const anchors = [...sections.keys()].map((heading) => heading.toLowerCase().replace(/[^\w\- ]/g, '').replace(/ /g, '-'));
  const links = [...written.matchAll(/\]\(#([^)]+)\)/g)].map(([, link]) => link);
  expect(links).toHaveLength(translators().length);
  expect(links.filter((link) => !anchors.includes(link))).toEqual([]);
});

test.each(translators().map((translator) => [pathOf(translator), translator.output, translator] as const))('%s to %s has a cell, and a section with every field', (path, output, translator) => {
  // GIVEN
  const cells = written.split('\n').find((line) => line.startsWith(`| ${path} | `))?.split(' | ').slice(1) ?? [];
  const [heading, section] = [...sections].find(([title]) => title.startsWith(`${path} to `) && title.slice(path.length + 4).split(', ').includes(output)) ?? ['', ''];
  // THEN
  expect(cells[OUTPUT_SCHEMAS.indexOf(output)]).toMatch(/^\[(?:same|translated)\]/);
  for (const [name, { treatment, note }] of Object.entries(translator.parameters)) {
    expect(section).toContain(`\`${name}\``);
    // What gets lost is told with its reason, of this provider.
    if (treatment !== 'mapped') {
      const rows = section.split('\n').filter((line) => line.startsWith(`| \`${name}\``) && (!line.startsWith(`| \`${name}\` (`) || line.split('(')[1].split(')')[0].split(', ').includes(output)));
      expect([heading, name, rows.map((row) => row.includes(note ?? 'no note'))]).toEqual([heading, name, [true]]);
    }
  }
});

test('pairs that there are not are a dash', () => {
  const dashes = written.split('\n').filter((line) => /^\| \/.* \| (?:\[|–)/.test(line)).flatMap((line) => line.split(' | ').slice(1)).filter((cell) => cell.startsWith('–')).length;
  const rows = new Set(translators().map((translator) => pathOf(translator))).size;
  expect(dashes).toBe(rows * OUTPUT_SCHEMAS.length - translators().length);
});
