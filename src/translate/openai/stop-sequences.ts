import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

/** `stop` as a list, for providers that refuse sequences of nothing but white space. */
export function stopSequences(stop: RequestValue, losses: Losses): string[] {
  if (!stop.present) {
    return [];
  }
  const all = typeof stop.value === 'string' ? [stop.value] : stop.items().map((item) => item.string());
  const sent = all.filter((text) => text.trim() !== '');
  if (sent.length < all.length) {
    losses.changed(stop.path, 'stop sequences of nothing but white space are not sent; the provider refuses them');
  }
  return sent;
}
