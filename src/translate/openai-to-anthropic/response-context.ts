import { ClaudeHost } from '../anthropic/hosted-target';
import { ChatChunkHead } from '../openai/chat-chunk';
import { RestrictedNames } from '../request/restricted-names';

/** What an answer's translation needs to know of its request. */
export interface ResponseContext {
  readonly host: ClaudeHost;
  readonly head: ChatChunkHead;
  /** Gives tools their own names back. */
  readonly toolNames: RestrictedNames;
  /** The client asked for the usage chunk. */
  readonly includeUsage: boolean;
}
