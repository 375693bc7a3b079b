import type {
  ContentBlock, ConverseRequest, ConverseResponse, ConverseStreamOutput, Message, ReasoningContentBlock, SystemContentBlock, Tool,
  ToolResultContentBlock, ToolResultStatus,
} from '@aws-sdk/client-bedrock-runtime';
import { Text } from '../long-text';

/** A type of the AWS SDK as its JSON is on the wire: bytes are base64 text. */
export type Wire<T> = T extends Uint8Array ? string
  : T extends ReadonlyArray<infer Item> ? Array<Wire<Item>>
    : T extends object ? { [Key in keyof T]: Wire<T[Key]> }
      : T;

/** Body of Converse and ConverseStream; the model stands in the path. */
export type ConverseBody = Wire<Omit<ConverseRequest, 'modelId' | 'messages' | 'system' | 'additionalModelRequestFields' | 'toolConfig'>> & {
  messages: readonly ConverseMessage[];
  system?: readonly ConverseSystemBlock[];
  /** Fields of the model's own, in its own words. */
  additionalModelRequestFields?: Readonly<Record<string, unknown>>;
  toolConfig?: ConverseToolConfig;
};

export interface ConverseToolConfig {
  tools: ConverseTool[];
  toolChoice?: { auto: object } | { any: object } | { tool: { name: string } };
}

/** `inputSchema.json` is a JSON value, which the SDK's own type spells in a way that TypeScript cannot map. */
export type ConverseTool = Wire<Tool.CachePointMember> | {
  toolSpec: { name: string; description?: string; strict?: boolean; inputSchema: { json: unknown } };
};

export type ConverseMessage = Wire<Omit<Message, 'content'>> & { content: ConverseBlock[] };
export interface ConverseText {
  text: Text;
}
export type ConverseBlock = ConverseText | ToolUseMember | ToolResultMember | Wire<
ContentBlock.ImageMember | ContentBlock.AudioMember | ContentBlock.DocumentMember |
ContentBlock.CachePointMember | ContentBlock.ReasoningContentMember>;
export interface ToolUseMember {
  toolUse: { toolUseId: string; name: string; input: unknown };
}
export interface ToolResultMember {
  toolResult: { toolUseId: string; content: ConverseToolResultContent[]; status?: ToolResultStatus };
}
export type ConverseToolResultContent = ConverseText | Wire<ToolResultContentBlock.ImageMember | ToolResultContentBlock.DocumentMember>;
export type ConverseSystemBlock = ConverseText | Wire<SystemContentBlock.CachePointMember>;
export type ConverseReasoning = Wire<ReasoningContentBlock.ReasoningTextMember | ReasoningContentBlock.RedactedContentMember>;

/** What the server may leave out, whatever its declaration says. */
export type Received<T> = T extends ReadonlyArray<infer Item> ? ReadonlyArray<Received<Item>>
  : T extends object ? { readonly [Key in keyof T]?: Received<T[Key]> }
    : T;

/** The parts of an answer that are read. */
export type ConverseAnswer = Pick<Received<Wire<Omit<ConverseResponse, 'output'>>>, 'stopReason' | 'usage' | 'serviceTier'> & {
  readonly output?: { readonly message?: { readonly content?: ReadonlyArray<ReceivedBlock> } };
  readonly additionalModelResponseFields?: unknown;
};
export interface ReceivedBlock {
  readonly text?: string;
  readonly toolUse?: { readonly toolUseId?: string; readonly name?: string; readonly input?: unknown; readonly type?: string };
  readonly reasoningContent?: ReceivedReasoning;
  readonly citationsContent?: { readonly content?: ReadonlyArray<{ readonly text?: string }> };
}
export interface ReceivedReasoning {
  readonly reasoningText?: { readonly text?: string; readonly signature?: string };
  /** Base64. */
  readonly redactedContent?: string;
}

type StreamPayload<Name extends keyof ConverseStreamOutput> = Received<Wire<NonNullable<Extract<ConverseStreamOutput, Record<Name, object>>[Name]>>>;
export type ContentBlockStartPayload = StreamPayload<'contentBlockStart'>;
export type ContentBlockDeltaPayload = Omit<StreamPayload<'contentBlockDelta'>, 'delta'> & {
  readonly delta?: {
    readonly text?: string;
    readonly toolUse?: { readonly input?: string };
    readonly reasoningContent?: { readonly text?: string; readonly signature?: string; readonly redactedContent?: string };
    readonly citation?: object;
  };
};
export type ContentBlockStopPayload = StreamPayload<'contentBlockStop'>;
export type MessageStopPayload = Pick<StreamPayload<'messageStop'>, 'stopReason'> & { readonly additionalModelResponseFields?: unknown };
export type MetadataPayload = Pick<StreamPayload<'metadata'>, 'usage' | 'serviceTier'>;
