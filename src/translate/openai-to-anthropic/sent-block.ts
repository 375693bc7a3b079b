import type { ContentBlockParam, TextBlockParam, ToolResultBlockParam } from '@anthropic-ai/sdk/resources/messages';
import { Text } from '../long-text';

export type TextBlock = Omit<TextBlockParam, 'text'> & { readonly text: Text };
export type ToolResultBlock = Omit<ToolResultBlockParam, 'content'> & { readonly content?: ReadonlyArray<SentBlock> };

/** A block of a message as it is written. */
export type SentBlock = Exclude<ContentBlockParam, TextBlockParam | ToolResultBlockParam> | TextBlock | ToolResultBlock;
