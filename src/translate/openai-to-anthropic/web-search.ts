import type { UserLocation, WebSearchTool20250305 } from '@anthropic-ai/sdk/resources/messages';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

/** `web_search_options` as the tool by which the host itself searches; `undefined`: not asked for. */
export function webSearchTool(options: RequestValue, losses: Losses): WebSearchTool20250305 | undefined {
  if (!options.present) {
    return undefined;
  }
  const size = options.member('search_context_size');
  if (size.present && size.oneOf(['low', 'medium', 'high']) !== 'medium') {
    losses.advisory(size.path, 'Claude decides itself how much of what it found it reads');
  }
  const location = options.member('user_location');
  return { type: 'web_search_20250305', name: 'web_search', ...location.present && { user_location: userLocation(location) } };
}

function userLocation(location: RequestValue): UserLocation {
  location.member('type').oneOf(['approximate']);
  const approximate = location.member('approximate');
  const parts = (['city', 'country', 'region', 'timezone'] as const).flatMap((name) => {
    const value = approximate.member(name);
    return value.present ? [[name, value.string()] as const] : [];
  });
  return { type: 'approximate', ...Object.fromEntries(parts) };
}
