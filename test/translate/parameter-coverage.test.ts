import { readFileSync } from 'fs';
import { dirname, join } from 'path';
import * as ts from 'typescript';
import { translators } from '../../src/translate/registry';
import { Endpoint } from '../../src/translate/translator';

interface Declaration {
  /** @default openai */
  readonly client?: string;
  readonly file: string;
  readonly interface: string;
  /** In the API, though the client's types leave them out. */
  readonly also?: readonly string[];
  /** Where more fields are declared, which a table may have. */
  readonly beta?: string;
  /** The client writes names in camel case, the API in snake case. */
  readonly camelCase?: boolean;
}

/** Where the official client declares the fields of a request. */
const DECLARED_IN: Readonly<Partial<Record<Endpoint, Declaration>>> = {
  ChatCompletions: { file: 'resources/chat/completions/completions.d.ts', interface: 'ChatCompletionCreateParamsBase' },
  Completions: { file: 'resources/completions.d.ts', interface: 'CompletionCreateParamsBase' },
  Embeddings: { file: 'resources/embeddings.d.ts', interface: 'EmbeddingCreateParams' },
  Responses: { file: 'resources/responses/responses.d.ts', interface: 'ResponseCreateParamsBase' },
  ResponseInputTokens: { file: 'resources/responses/input-tokens.d.ts', interface: 'InputTokenCountParams' },
  ImageGenerations: { file: 'resources/images.d.ts', interface: 'ImageGenerateParamsBase' },
  Speech: { file: 'resources/audio/speech.d.ts', interface: 'SpeechCreateParams' },
  Transcriptions: { file: 'resources/audio/transcriptions.d.ts', interface: 'TranscriptionCreateParamsBase' },
  Translations: { file: 'resources/audio/translations.d.ts', interface: 'TranslationCreateParams' },
  Messages: {
    client: '@anthropic-ai/sdk',
    file: 'resources/messages/messages.d.ts',
    interface: 'MessageCreateParamsBase',
    also: ['temperature', 'top_k', 'top_p'],
    beta: 'resources/beta/messages/messages.d.ts',
  },
  CountTokens: {
    client: '@anthropic-ai/sdk', file: 'resources/messages/messages.d.ts', interface: 'MessageCountTokensParams', beta: 'resources/beta/messages/messages.d.ts',
  },
  Rerank: { client: 'cohere-ai', file: 'api/resources/v2/client/requests/V2RerankRequest.d.ts', interface: 'V2RerankRequest', camelCase: true },
};

function declaration(endpoint: Endpoint): Declaration {
  const declared = DECLARED_IN[endpoint];
  if (!declared) {
    throw new Error(`say where the fields of ${endpoint} are declared`);
  }
  return declared;
}

function fieldsIn({ client = 'openai', interface: name, camelCase }: Declaration, file: string): string[] {
  const path = join(dirname(require.resolve(client)), file);
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const found = source.statements.find((statement): statement is ts.InterfaceDeclaration =>
    ts.isInterfaceDeclaration(statement) && statement.name.text === name);
  const fields = found?.members.flatMap((member) => ts.isPropertySignature(member) ? [member.name.getText(source)] : []) ?? [];
  return camelCase ? fields.map((field) => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)) : fields;
}

function declaredFields(endpoint: Endpoint): string[] {
  const declared = declaration(endpoint);
  return [...fieldsIn(declared, declared.file), ...declared.also ?? []];
}

function betaFields(endpoint: Endpoint): string[] {
  const declared = declaration(endpoint);
  return declared.beta === undefined ? [] : fieldsIn(declared, declared.beta);
}

const declared = translators().filter(({ endpoint }) => DECLARED_IN[endpoint] !== undefined);

test('every request of the official clients is declared', () => {
  expect(translators().filter(({ endpoint }) => endpoint !== 'Tokenize' && !DECLARED_IN[endpoint])).toEqual([]);
});

test.each(declared.map((translator) => [translator.output, translator.endpoint, translator] as const))(
  'G21 to %s, %s: the table has every field of the official client, and no other', (_, endpoint, translator) => {
    // GIVEN
    const fields = declaredFields(endpoint);
    expect(fields).toContain('model');
    // THEN
    expect(fields.filter((field) => translator.parameters[field] === undefined)).toEqual([]);
    expect(Object.keys(translator.parameters).filter((name) => name !== 'stream' && !fields.includes(name) && !betaFields(endpoint).includes(name))).toEqual([]);
  });

test.each(translators().map((translator) => [translator.output, translator.endpoint, translator] as const))(
  'G21 to %s, %s: what is mapped says where to, what is not says why', (_output, _endpoint, { parameters }) => {
    for (const rule of Object.values(parameters)) {
      expect(rule.treatment.startsWith('mapped') ? rule.to : rule.note).toBeTruthy();
      expect(rule.treatment === 'mappedWithLoss' ? rule.note : 'none').toBeTruthy();
    }
  });
