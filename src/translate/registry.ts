import { InputDialect } from './input-dialect';
import { openAiDialect } from './openai/dialect';
import { openAiToBedrockChat } from './openai-to-bedrock/translator';
import { openAiToOpenAiChat, openAiToOpenAiCompletions, openAiToOpenAiEmbeddings } from './openai-to-openai/translator';
import { Endpoint, Translator } from './translator';
import { InputSchemaName, OutputSchemaName } from '../resources/schema-name';

const DIALECTS: ReadonlyMap<InputSchemaName, InputDialect> = new Map([[openAiDialect.schema, openAiDialect]]);

const TRANSLATORS: readonly Translator[] = [
  openAiToOpenAiChat,
  openAiToOpenAiCompletions,
  openAiToOpenAiEmbeddings,
  openAiToBedrockChat,
];

const BY_PAIR: ReadonlyMap<string, Translator> = new Map(TRANSLATORS.map((translator) => [`${translator.input} ${translator.output} ${translator.endpoint}`, translator]));

/** What clients of this schema speak; `undefined`: not supported yet. */
export function inputDialect(schema: InputSchemaName): InputDialect | undefined {
  return DIALECTS.get(schema);
}

/** Every translator there is, for documentation and checks. */
export function translators(): readonly Translator[] {
  return TRANSLATORS;
}

export function findTranslator(input: InputSchemaName, output: OutputSchemaName, endpoint: Endpoint): Translator | undefined {
  return BY_PAIR.get(`${input} ${output} ${endpoint}`);
}

/** What backends may speak for this endpoint, for messages that say what is supported. */
export function supportedOutputs(input: InputSchemaName, endpoint: Endpoint): readonly OutputSchemaName[] {
  return TRANSLATORS.filter((translator) => translator.input === input && translator.endpoint === endpoint).map(({ output }) => output);
}
