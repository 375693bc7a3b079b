import { RequestError } from '../request-error';
import { DroppedParameter } from '../translator';

/** The Messages fields by the fields of a chat completion that they became. */
const FIELDS: Readonly<Record<string, string>> = {
  max_completion_tokens: 'max_tokens',
  stop: 'stop_sequences',
  response_format: 'output_config.format',
  parallel_tool_calls: 'tool_choice.disable_parallel_tool_use',
  user: 'metadata.user_id',
};

/** Within one message or tool; the first that fits counts. */
const MEMBERS: ReadonlyArray<readonly [chat: RegExp, messages: string]> = [
  [/^\.tool_calls\[\d*\]\.function\.arguments$/, '.content[].input'],
  [/^\.tool_calls\[\d*\]\.function\.name$/, '.content[].name'],
  [/^\.tool_calls\[\d*\].*$/, '.content[]'],
  [/^\.tool_call_id$/, '.content[].tool_use_id'],
  [/^\.(?:reasoning_details|reasoning_content|extra_content|content\[\d*\]).*$/, '.content[]'],
  [/^\.function\.parameters(.*)$/, '.input_schema$1'],
  [/^\.function(.*)$/, '$1'],
];

/** Says in the client's words what the translator behind says in those of a chat completion. */
export class ClientPaths {
  /** `messageSources`: where each chat message comes from; `effortSource`: the field that became `reasoning_effort`. */
  constructor(private readonly messageSources: readonly string[], private readonly effortSource: string) {}

  public path(chat: string): string {
    const [, field, index, rest] = /^([^.[]+)(?:\[(\d*)\])?(.*)$/s.exec(chat) ?? [chat, chat, undefined, ''];
    if (field === 'messages' && index !== undefined) {
      const source = index === '' ? 'messages[]' : this.messageSources[Number(index)] ?? 'messages[]';
      return source === 'system' ? source : source + member(rest);
    }
    if (field === 'tools' && index !== undefined) {
      return `tools[${index}]${member(rest)}`;
    }
    if (field === 'reasoning_effort') {
      return this.effortSource;
    }
    if (Object.hasOwn(FIELDS, field)) {
      return FIELDS[field];
    }
    return field + (index === undefined ? '' : `[${index}]`) + (field === 'tool_choice' ? rest.replace('.function', '') : rest);
  }

  public dropped({ parameter, reason }: DroppedParameter): DroppedParameter {
    return { parameter: this.path(parameter), reason };
  }

  public error(error: RequestError): RequestError {
    if (error.param === null) {
      return error;
    }
    const path = this.path(error.param);
    return new RequestError(error.status, this.reworded(error.message.replaceAll(`'${error.param}'`, `'${path}'`)), error.code, path);
  }

  /** Fields that a message names in passing, such as the limit that another field has to keep below. */
  private reworded(message: string): string {
    return message.replace(/\b(?:max_completion_tokens|reasoning_effort|response_format|parallel_tool_calls)\b/g, (field) => this.path(field));
  }
}

function member(chat: string): string {
  for (const [pattern, messages] of MEMBERS) {
    if (pattern.test(chat)) {
      return chat.replace(pattern, messages);
    }
  }
  return chat;
}
