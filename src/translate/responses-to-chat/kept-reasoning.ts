import { ReasoningDetail } from '../openai/reasoning-detail';

/**
 * What a model takes back with its reasoning, which chat clients find in fields of our own. It travels in `encrypted_content` of a
 * reasoning item, for that is the one field that clients of the Responses API keep and send back. It is the client's own data: there is
 * nothing in it to hide from it.
 */
export interface KeptReasoning {
  /** The signed blocks; none: the model takes back none of it. */
  readonly details?: readonly ReasoningDetail[];
  /** `extra_content` of calls, by their ids. */
  readonly calls?: Readonly<Record<string, unknown>>;
  /** `extra_content` of the message. */
  readonly message?: unknown;
}

/** The mark is no base64, so that what another gateway or OpenAI encrypted is never taken for ours. */
const MARK = 'llmgw.kept.';

export function encryptedContent(kept: KeptReasoning): string {
  return MARK + Buffer.from(JSON.stringify(kept), 'utf8').toString('base64');
}

/** What came back of it; nothing is known of its members but these. `undefined`: it was not written here, or was damaged on the way. */
export function keptReasoning(content: string): { readonly details: readonly unknown[]; readonly calls: object; readonly message: unknown } | undefined {
  if (!content.startsWith(MARK)) {
    return undefined;
  }
  try {
    const { details = [], calls = {}, message } = JSON.parse(Buffer.from(content.slice(MARK.length), 'base64').toString('utf8')) as Readonly<Record<string, unknown>>;
    return Array.isArray(details) && typeof calls === 'object' && calls !== null ? { details, calls, message } : undefined;
  } catch {
    return undefined;
  }
}
