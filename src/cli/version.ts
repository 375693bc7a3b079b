/** Put in by the bundler; from source there is none. */
declare const LLMGW_VERSION: string | undefined;

export const VERSION = typeof LLMGW_VERSION === 'string' ? LLMGW_VERSION : 'development';
