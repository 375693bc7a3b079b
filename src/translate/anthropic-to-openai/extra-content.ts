import { ExtraContent } from './chat-message';

/**
 * What a provider wants back on the next turn and Anthropic has no field for, such as Gemini's thought signatures, travels in the one
 * block that clients must send back as it is and cannot read: `redacted_thinking`. The mark at its start is no base64, so that data of
 * another origin is never taken for ours.
 */
const MARK = 'llmgw.extra.';

export interface CarriedContent {
  /** `undefined`: belongs to the message. */
  readonly toolCallId?: string;
  readonly extraContent: ExtraContent;
}

export function carry(content: CarriedContent): string {
  return MARK + Buffer.from(JSON.stringify(content), 'utf8').toString('base64');
}

export function isCarried(data: string): boolean {
  return data.startsWith(MARK);
}

/** `undefined`: damaged on the way. */
export function carried(data: string): CarriedContent | undefined {
  try {
    const { toolCallId, extraContent } = JSON.parse(Buffer.from(data.slice(MARK.length), 'base64').toString('utf8')) as Readonly<Record<string, unknown>>;
    if (typeof extraContent !== 'object' || extraContent === null || (toolCallId !== undefined && typeof toolCallId !== 'string')) {
      return undefined;
    }
    return { extraContent: extraContent as ExtraContent, ...toolCallId !== undefined && { toolCallId } };
  } catch {
    return undefined;
  }
}
