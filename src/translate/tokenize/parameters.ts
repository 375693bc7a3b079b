import { TokenizeRequest } from './tokenize-request';
import { ParameterRule, ParameterTable } from '../parameter-table';

type EveryField = Readonly<Record<keyof TokenizeRequest, ParameterRule>>;

const same = (to: string): ParameterRule => ({ treatment: 'mapped', to });
const isDefault = (...values: unknown[]): Pick<ParameterRule, 'harmless'> => ({ harmless: (value) => values.includes(value) });

const MODEL: ParameterRule = { treatment: 'mapped', to: 'model', note: 'the target\'s own model name, where the route gives one' };

const passed: EveryField = {
  model: MODEL,
  prompt: same('prompt'),
  messages: same('messages'),
  tools: same('tools'),
  add_special_tokens: same('add_special_tokens'),
  return_token_strs: same('return_token_strs'),
  add_generation_prompt: same('add_generation_prompt'),
  continue_final_message: same('continue_final_message'),
  chat_template: same('chat_template'),
  chat_template_kwargs: same('chat_template_kwargs'),
  media_io_kwargs: same('media_io_kwargs'),
  mm_processor_kwargs: same('mm_processor_kwargs'),
};

/** Where /tokenize is served, every field goes upstream as it came. */
export const TOKENIZE_PARAMETERS: ParameterTable = passed;

const OWN_TEMPLATE: ParameterRule = { treatment: 'semantic', note: 'the provider renders chats by its own template' };

const counted: EveryField = {
  model: { treatment: 'mapped', to: 'model', note: 'the target\'s own model name, where the route gives one; the answer has the count and no token ids' },
  prompt: { treatment: 'mappedWithLoss', to: 'messages', note: 'counted as one message of a user, so together with what the provider puts around one' },
  messages: { treatment: 'mappedWithLoss', to: 'messages', note: 'as those of a chat completion' },
  tools: { treatment: 'mappedWithLoss', to: 'tools', note: 'as those of a chat completion' },
  add_special_tokens: { treatment: 'advisory', note: 'the provider counts the tokens that it puts in itself', ...isDefault(true) },
  return_token_strs: { treatment: 'semantic', note: 'the provider tells the number of tokens, not the tokens', ...isDefault(false) },
  add_generation_prompt: { treatment: 'advisory', note: 'the provider counts what it would send to the model', ...isDefault(true) },
  continue_final_message: { treatment: 'semantic', note: 'the provider counts whole messages', ...isDefault(false) },
  chat_template: OWN_TEMPLATE,
  chat_template_kwargs: OWN_TEMPLATE,
  media_io_kwargs: { treatment: 'semantic', note: 'the provider reads media in its own way' },
  mm_processor_kwargs: { treatment: 'semantic', note: 'the provider reads media in its own way' },
};

/** Where a provider counts tokens and does not tell them. */
export const COUNTED_TOKENS_PARAMETERS: ParameterTable = counted;
