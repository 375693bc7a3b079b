import { readFileSync } from 'fs';
import { dirname, join } from 'path';
import * as ts from 'typescript';
import { translators } from '../../src/translate/registry';
import { Endpoint } from '../../src/translate/translator';

/** Where the official client declares the fields of a request. */
const DECLARED_IN: Readonly<Partial<Record<Endpoint, { readonly file: string; readonly interface: string }>>> = {
  ChatCompletions: { file: 'resources/chat/completions/completions.d.ts', interface: 'ChatCompletionCreateParamsBase' },
  Completions: { file: 'resources/completions.d.ts', interface: 'CompletionCreateParamsBase' },
  Embeddings: { file: 'resources/embeddings.d.ts', interface: 'EmbeddingCreateParams' },
};

function declaredFields(endpoint: Endpoint): string[] {
  const declared = DECLARED_IN[endpoint];
  if (!declared) {
    throw new Error(`say where the fields of ${endpoint} are declared`);
  }
  const path = join(dirname(require.resolve('openai')), declared.file);
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const found = source.statements.find((statement): statement is ts.InterfaceDeclaration =>
    ts.isInterfaceDeclaration(statement) && statement.name.text === declared.interface);
  return found?.members.flatMap((member) => ts.isPropertySignature(member) ? [member.name.getText(source)] : []) ?? [];
}

const fromOpenAi = translators().filter(({ input }) => input === 'OpenAI');

test.each(fromOpenAi.map((translator) => [translator.output, translator.endpoint, translator] as const))(
  'G21 to %s, %s: the table has every field of the official client, and no other', (_, endpoint, translator) => {
    // GIVEN
    const fields = declaredFields(endpoint);
    expect(fields).toContain('model');
    // THEN
    expect(fields.filter((field) => translator.parameters[field] === undefined)).toEqual([]);
    expect(Object.keys(translator.parameters).filter((name) => name !== 'stream' && !fields.includes(name))).toEqual([]);
  });

test.each(fromOpenAi.map((translator) => [translator.output, translator.endpoint, translator] as const))(
  'G21 to %s, %s: what is mapped says where to, what is not says why', (_output, _endpoint, { parameters }) => {
    for (const rule of Object.values(parameters)) {
      expect(rule.treatment.startsWith('mapped') ? rule.to : rule.note).toBeTruthy();
      expect(rule.treatment === 'mappedWithLoss' ? rule.note : 'none').toBeTruthy();
    }
  });
