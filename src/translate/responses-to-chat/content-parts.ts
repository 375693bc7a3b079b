import { Origins, Renames } from './origins';
import { noteUnreadMembers } from './unread-members';
import { Text } from '../long-text';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

export interface ContentContext {
  readonly losses: Losses;
  readonly origins: Origins;
}

/** A part of a chat message. Nothing but its form is checked here: what the target takes is the chat translator's to say. */
export type ChatPart = Readonly<Record<string, unknown>>;

const TEXT: Renames = [];
const IMAGE: Renames = [['image_url.url', 'image_url'], ['image_url.detail', 'detail']];
const FILE: Renames = [['file', '']];

const NO_MARKS: Readonly<Record<string, unknown>> = {};
const MARKS = ['cache_control', 'prompt_cache_breakpoint'] as const;
const TEXT_MEMBERS = new Set(['type', 'text', 'annotations', 'logprobs', ...MARKS]);
const REFUSAL_MEMBERS = new Set(['type', 'refusal', ...MARKS]);
const IMAGE_MEMBERS = new Set(['type', 'image_url', 'file_id', 'detail', ...MARKS]);
const FILE_MEMBERS = new Set(['type', 'file_data', 'file_id', 'filename', 'file_url', 'detail', ...MARKS]);
const AUDIO_MEMBERS = new Set(['type', 'input_audio', ...MARKS]);

/** Content of a message, or output of a function: a string stays one. */
export function chatContent(content: RequestValue, context: ContentContext): Text | ChatPart[] {
  return content.isText || !content.present ? content.text() : chatParts(content, context);
}

function chatParts(content: RequestValue, context: ContentContext): ChatPart[] {
  const made: ChatPart[] = [];
  for (const part of content.items()) {
    const converted = chatPart(part, context);
    if (converted) {
      made.push(context.origins.mark(Object.assign(converted, cacheMarks(part)), part, renamesOf(converted.type)));
    }
  }
  return made;
}

/** The marks of an item, a part or a tool up to which the prompt is cached, as they are. */
export function cacheMarks(marked: RequestValue): Readonly<Record<string, unknown>> {
  const { cache_control: control, prompt_cache_breakpoint: breakpoint } = marked.object();
  if (control === undefined && breakpoint === undefined) {
    return NO_MARKS;
  }
  return { ...control !== undefined && { cache_control: control }, ...breakpoint !== undefined && { prompt_cache_breakpoint: breakpoint } };
}

function renamesOf(type: unknown): Renames {
  switch (type) {
    case 'image_url':
      return IMAGE;
    case 'file':
      return FILE;
    default:
      return TEXT;
  }
}

function chatPart(part: RequestValue, { losses }: ContentContext): ChatPart | undefined {
  const type = part.member('type').string();
  switch (type) {
    case 'input_text':
    case 'output_text':
    case 'text':
      noteUnreadMembers(part, TEXT_MEMBERS, losses);
      return { type: 'text', text: part.member('text').text() };
    case 'refusal':
      noteUnreadMembers(part, REFUSAL_MEMBERS, losses);
      return { type: 'refusal', refusal: part.member('refusal').string() };
    case 'input_image':
      return imagePart(part, losses);
    case 'input_file':
      return filePart(part, losses);
    case 'input_audio':
      noteUnreadMembers(part, AUDIO_MEMBERS, losses);
      return { type: 'input_audio', input_audio: part.member('input_audio').object() };
    default:
      losses.semantic(part.path, `there is no part of type '${type.slice(0, 40)}' here`);
      return undefined;
  }
}

function imagePart(part: RequestValue, losses: Losses): ChatPart {
  noteUnreadMembers(part, IMAGE_MEMBERS, losses);
  const url = part.member('image_url');
  if (!url.present && part.member('file_id').present) {
    throw part.member('file_id').invalid('this model\'s provider does not have the file; send image_url (data:image/png;base64,...)');
  }
  const detail = part.member('detail');
  return { type: 'image_url', image_url: { url: url.string(), ...detail.present && { detail: detail.string() } } };
}

function filePart(part: RequestValue, losses: Losses): ChatPart {
  noteUnreadMembers(part, FILE_MEMBERS, losses);
  const detail = part.member('detail');
  if (detail.present && detail.value !== 'auto') {
    losses.advisory(detail.path, 'files have no detail');
  }
  const [data, id, url, name] = ['file_data', 'file_id', 'file_url', 'filename'].map((member) => part.member(member));
  return {
    type: 'file',
    file: {
      ...data.present && { file_data: data.string() },
      ...id.present && { file_id: id.string() },
      // A chat has no such field: who fetches files reads it all the same, who does not says so.
      ...url.present && { file_url: url.string() },
      ...name.present && { filename: name.string() },
    },
  };
}
