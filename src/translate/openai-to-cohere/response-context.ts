import { ChatChunkHead } from '../openai/chat-chunk';
import { ChatSink } from '../openai/chat-sink';
import { RestrictedNames } from '../request/restricted-names';

/** What an answer's translation needs to know of its request. */
export interface ResponseContext {
  readonly head: ChatChunkHead;
  /** Gives tools their own names back. */
  readonly toolNames: RestrictedNames;
  /** Takes the answer instead of bytes. */
  readonly sink?: ChatSink;
  /** The client asked for the usage chunk. */
  readonly includeUsage: boolean;
}
