import { FunctionNames } from '../gemini/function-names';
import { ChatChunkHead } from '../openai/chat-chunk';
import { ChatSink } from '../openai/chat-sink';

/** What an answer's translation needs to know of its request. */
export interface ResponseContext {
  readonly head: ChatChunkHead;
  /** Gives functions their own names back. */
  readonly functionNames: FunctionNames;
  /** Takes the answer instead of bytes. */
  readonly sink?: ChatSink;
  /** The client asked for the usage chunk. */
  readonly includeUsage: boolean;
  /** How many answers the client asked for. */
  readonly choices: number;
  /** An id for a call that Gemini gave none. */
  callId(): string;
}
