import type { Metadata } from '@anthropic-ai/sdk/resources/messages';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

/** https://docs.anthropic.com/en/api/messages, metadata.user_id */
const LONGEST_ID = 256;

/** Who the request is for: `safety_identifier`, or else the older `user`. */
export function endUser(request: RequestValue, losses: Losses): { readonly metadata?: Metadata } {
  const [newer, older] = [request.member('safety_identifier'), request.member('user')];
  const value = newer.present ? newer : older;
  if (newer.present && older.present && older.string() !== newer.string()) {
    losses.changed(older.path, 'safety_identifier wins');
  }
  if (!value.present || value.string() === '') {
    return {};
  }
  if (value.string().length > LONGEST_ID) {
    losses.advisory(value.path, `Anthropic takes up to ${LONGEST_ID} characters`);
    return {};
  }
  return { metadata: { user_id: value.string() } };
}
