import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { INPUT_SCHEMAS, InputSchemaName, OUTPUT_SCHEMAS, OutputSchemaName } from '../src/resources/schema-name';
import { ParameterRule, ParameterTable, ParameterTreatment } from '../src/translate/parameter-table';
import { inputDialect, translators } from '../src/translate/registry';
import { Endpoint, Translator } from '../src/translate/translator';

/** `npx projen translation-docs` writes `docs/translation.md` from the translators' own parameter tables. */
export const TRANSLATION_DOCS = join(__dirname, '..', 'docs', 'translation.md');

const WORDS: Readonly<Record<ParameterTreatment, string>> = {
  mapped: 'sent', mappedWithLoss: 'sent, changed', advisory: 'dropped, named', semantic: 'refused',
};

/** Values that may say no more than what a provider does unasked. */
const PLAIN_VALUES: readonly unknown[] = [false, true, 0, 1, 'none', 'auto', 'default', 'medium', 'standard', 'standard_only', 'disabled', 'float', [], ['text'], {}];

/** Tables that differ in fewer of their fields than this are shown as one. */
const LARGEST_DIFFERENCE = 0.3;

interface Section {
  readonly input: InputSchemaName;
  readonly endpoint: Endpoint;
  readonly members: Translator[];
}

const INTRODUCTION = `# Translation

Generated from the tables that the translators themselves read; do not edit. To write it anew:
\`npx projen translation-docs\`.

Clients speak the dialect of their LLMRoute (\`inputSchema\`), providers that of their LLMBackend (\`outputSchema\`). What becomes of every field of a request
on its way from one to the other is below, endpoint by endpoint.

## Endpoints and providers

- *same*: the request passes as it is, but for the model's name where the route gives another one; so do fields that no table has.
- *translated*: the request becomes one of the provider's own, and its answer, stream or error becomes one of the client's dialect.
- –: refused with 400 \`unsupported_endpoint\`; a route that could serve no request of its clients is refused at synth.

`;

const LEGEND = `
\`GET /v1/models\` and \`GET /v1/models/{model}\` are answered by the gateway itself, from the routes of that host.

## What happens to a field

The rule's \`unsupportedParameters\` decides about fields without a counterpart:

| in the tables | what it means | Strict | Safe (the default) | Lenient |
|---|---|---|---|---|
| sent | the provider gets it | sent | sent | sent |
| sent, changed | the provider gets it in the way that the note says, which loses something | sent | sent | sent |
| dropped, named | no counterpart; form and meaning of the answer stay as they are | 400 | dropped | dropped |
| refused | no counterpart; without it the answer has another form or meaning | 400 | 400 | dropped |

What is dropped is named in the response header \`x-llm-dropped-parameters\` and counted in the metric \`llm_gateway_dropped_parameters_total\`; so are parts
of a field that a note says are not sent. A 400 has the code \`unsupported_parameter\`, the field as \`param\`, and the reason as its message. Where a request
is translated, fields that its table does not have are *dropped, named*; from Anthropic's dialect to Claude on another host they are sent. \`null\` is as good
as no field, and a value that says what the provider does anyway ("no loss") is taken everywhere. \`llmgw explain --body request.json\` says all this about one
request.
`;

/** The text of `docs/translation.md`. */
export function translationDocs(): string {
  const sections = sectionsOf(translators());
  return `${INTRODUCTION}${matrix(sections)}${LEGEND}${sections.map(sectionText).join('')}`;
}

function matrix(sections: readonly Section[]): string {
  const endpoints = [...new Map(translators().map((translator) => [`${translator.input} ${translator.endpoint}`, translator])).values()].sort(inOrder);
  const rows = endpoints.map(({ input, endpoint }) => {
    const cells = OUTPUT_SCHEMAS.map((output) => {
      const section = sections.find((one) => one.input === input && one.endpoint === endpoint && one.members.some((member) => member.output === output));
      const member = section?.members.find((one) => one.output === output);
      return section === undefined || member === undefined ? '–' : `[${isSame(member) ? 'same' : 'translated'}](#${anchor(title(section))})`;
    });
    return `| ${pathOf(input, endpoint)} | ${cells.join(' | ')} |`;
  });
  return `| clients' endpoint | ${OUTPUT_SCHEMAS.join(' | ')} |\n|---|${'---|'.repeat(OUTPUT_SCHEMAS.length)}\n${rows.join('\n')}\n`;
}

/** Whether every field reaches the provider under its own name. */
function isSame({ parameters }: Translator): boolean {
  return Object.entries(parameters).every(([name, { treatment, to }]) => treatment === 'mapped' && (to === name || to?.startsWith('header ') === true));
}

/** One a table: translators of an endpoint whose tables are nearly the same share one. */
function sectionsOf(all: readonly Translator[]): readonly Section[] {
  const sections: Section[] = [];
  for (const translator of [...all].sort(inOrder)) {
    const { input, endpoint } = translator;
    const fitting = sections.find((section) => section.input === input && section.endpoint === endpoint
      && isSame(section.members[0]) === isSame(translator) && difference(section.members[0].parameters, translator.parameters) < LARGEST_DIFFERENCE);
    if (fitting) fitting.members.push(translator);
    else sections.push({ input, endpoint, members: [translator] });
  }
  return sections;
}

/** The share of fields that are not treated alike. */
function difference(left: ParameterTable, right: ParameterTable): number {
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  return names.filter((name) => !left[name] || !right[name] || ruleCells(left[name]) !== ruleCells(right[name])).length / names.length;
}

function inOrder(left: Translator, right: Translator): number {
  const place = ({ input, endpoint, output }: Translator) => [INPUT_SCHEMAS.indexOf(input), endpointsOf(input).indexOf(endpoint), OUTPUT_SCHEMAS.indexOf(output)];
  const [places, others] = [place(left), place(right)];
  const index = places.findIndex((one, at) => one !== others[at]);
  return index < 0 ? 0 : places[index] - others[index];
}

function endpointsOf(input: InputSchemaName): ReadonlyArray<Endpoint | undefined> {
  const { paths, endpoint } = inputDialect(input);
  return paths.map((path) => endpoint('POST', path));
}

function pathOf(input: InputSchemaName, endpoint: Endpoint): string {
  return inputDialect(input).paths[endpointsOf(input).indexOf(endpoint)];
}

function title({ input, endpoint, members }: Section): string {
  return `${pathOf(input, endpoint)} to ${members.map(({ output }) => output).join(', ')}`;
}

/** As GitHub makes them of headings. */
function anchor(heading: string): string {
  return heading.toLowerCase().replace(/[^\w\- ]/g, '').replace(/ /g, '-');
}

function sectionText(section: Section): string {
  const { members, input } = section;
  const names = [...new Set(members.flatMap(({ parameters }) => Object.keys(parameters)))];
  const same = members.every(isSame);
  const head = `\n## ${title(section)}\n\nClients' dialect: ${input}.`;
  if (same) {
    const notes = names.flatMap((name) => {
      const { to, note } = members[0].parameters[name];
      return note === undefined ? [] : [`- \`${name}\`: ${to === name ? '' : `${to}, `}${note}\n`];
    });
    return `${head} Every field is sent as it came: ${names.map((name) => `\`${name}\``).join(', ')}.\n${notes.length === 0 ? '' : `\n${notes.join('')}`}`;
  }
  return `${head}\n\n| field | what happens | to | note |\n|---|---|---|---|\n${names.flatMap((name) => fieldRows(name, members)).join('')}`;
}

/** One row; where the members do not agree, one for each treatment, with those that it is of. */
function fieldRows(name: string, members: readonly Translator[]): string[] {
  const outputs = new Map<string, OutputSchemaName[]>();
  for (const { parameters, output } of members) {
    if (!parameters[name]) continue;
    const cells = ruleCells(parameters[name]);
    outputs.set(cells, [...outputs.get(cells) ?? [], output]);
  }
  const agreed = [...outputs.values()].some(({ length }) => length === members.length);
  return [...outputs].map(([cells, some]) => `| \`${name}\`${agreed ? '' : ` (${some.join(', ')})`} | ${cells} |\n`);
}

function ruleCells({ treatment, to, note, harmless }: ParameterRule): string {
  const plain = harmless === undefined ? [] : PLAIN_VALUES.filter((value) => harmless(value)).map((value) => `\`${JSON.stringify(value)}\``);
  const noLoss = plain.length === 0 || plain.length === PLAIN_VALUES.length ? [] : [`no loss: ${plain.join(', ')}`];
  const text = [...note === undefined ? [] : [note], ...treatment === 'mapped' || treatment === 'mappedWithLoss' ? [] : noLoss].join('; ');
  return `${WORDS[treatment]} | ${treatment === 'mapped' || treatment === 'mappedWithLoss' ? to ?? '' : ''} | ${text.replaceAll('|', '\\|')}`;
}

if (require.main === module) writeFileSync(TRANSLATION_DOCS, translationDocs());
