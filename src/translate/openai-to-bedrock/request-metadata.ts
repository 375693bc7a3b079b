import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html, requestMetadata */
const MOST_ENTRIES = 16;
const KEY = /^[a-zA-Z0-9\s:_@$#=/+,.-]{1,256}$/;
const VALUE = /^[a-zA-Z0-9\s:_@$#=/+,.-]{0,256}$/;

/** `metadata` for Bedrock's invocation log; `undefined`: nothing of it fits. */
export function requestMetadata(metadata: RequestValue, losses: Losses): Record<string, string> | undefined {
  const entries = Object.keys(metadata.present ? metadata.object() : {}).map((key) => [key, metadata.member(key).string()] as const);
  const fitting = entries.filter(([key, value]) => KEY.test(key) && VALUE.test(value)).slice(0, MOST_ENTRIES);
  if (fitting.length < entries.length) {
    losses.advisory(metadata.path, 'Bedrock takes 16 entries of up to 256 letters, digits, white space and :_@$#=/+,-.');
  }
  return fitting.length > 0 ? Object.fromEntries(fitting) : undefined;
}
