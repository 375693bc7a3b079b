import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMPATIBLE_SERVERS, CompatibleServer } from '../src/translate/catalog/compatible-servers';
import { FieldEffect, FieldFact } from '../src/translate/catalog/field-fact';

/** `npx projen models-docs` writes the tables of `docs/models.md` that the catalog has, between these two lines. */
export const MODELS_DOCS = join(__dirname, '..', 'docs', 'models.md');
const BEGIN = '<!-- begin: written by `npx projen models-docs` from src/translate/catalog/compatible-servers.ts -->\n';
const END = '<!-- end -->\n';

const WORDS: Readonly<Record<FieldEffect, string>> = { refused: 'refused', ignored: 'ignored', changed: 'changed', unsupported: 'not supported' };
/** Those without a host of their own run where their users put them. */
const SELF_HOSTED: Readonly<Record<string, string>> = { vllm: 'http://<host>:8000/v1', ollama: 'http://<host>:11434/v1' };

/** `docs/models.md` with the tables as they are to be. */
export function modelsDocs(): string {
  const written = readFileSync(MODELS_DOCS, 'utf8');
  const [begin, end] = [written.indexOf(BEGIN), written.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${MODELS_DOCS} has no lines ${BEGIN.trim()} and ${END.trim()}`);
  return written.slice(0, begin + BEGIN.length) + tables() + written.slice(end);
}

function tables(): string {
  const servers = Object.entries<CompatibleServer>(COMPATIBLE_SERVERS);
  return '\n| `LlmProvider.` | base URL | never sent | of all other fields |\n| --- | --- | --- | --- |\n'
    + servers.map(([name, server]) => `| \`${name}\` | \`${baseUrl(name, server)}\` | ${code(server.removes ?? [])} | ${server.note ?? ''} |\n`).join('')
    + '\n| at | fields of a chat | are | source |\n| --- | --- | --- | --- |\n'
    + servers.flatMap(([name, { fields }]) => fields.map((fact) => `| \`${name}\` | ${what(fact)} | ${becomes(fact)} | ${fact.source}, ${fact.asOf} |\n`)).join('')
    + '\n';
}

function baseUrl(name: string, { hosted }: CompatibleServer): string {
  return hosted === undefined ? SELF_HOSTED[name] : `https://${hosted.host}/${hosted.pathPrefix}`;
}

function what({ fields, values }: FieldFact): string {
  return values === undefined ? code(fields) : `${code(fields)} ${values.words}`;
}

function becomes({ effect, when, note }: FieldFact): string {
  return `${[WORDS[effect], ...when === undefined ? [] : [when]].join(' ')}${note === undefined ? '' : `: ${note}`}`;
}

function code(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

if (require.main === module) writeFileSync(MODELS_DOCS, modelsDocs());
