import type { MessageCreateParamsBase } from '@anthropic-ai/sdk/resources/messages';
import { TextBlock } from './sent-block';
import { Turn } from './turns';

/**
 * A Messages request but for what its host says elsewhere (`model`, `stream`). The official types no longer have the samplers, which
 * the models up to 4.6 take.
 */
export type MessagesRequest = Omit<MessageCreateParamsBase, 'messages' | 'system' | 'model' | 'stream' | 'user_profile_id' | 'workspace_id'> & {
  messages: readonly Turn[];
  system?: readonly TextBlock[];
  temperature?: number;
  top_p?: number;
  top_k?: number;
};
