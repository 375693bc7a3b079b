import { ParameterTable } from '../parameter-table';
import { Losses } from '../request/losses';
import { TranslationContext } from '../translator';

/** Parameters that clients send as headers, by the name that the official client gives them. */
const HEADER_PARAMETERS = [['anthropic-user-profile-id', 'user_profile_id'], ['anthropic-workspace-id', 'workspace_id']] as const;

/** Headers that only Anthropic reads. */
export const ANTHROPIC_HEADERS: readonly string[] = [
  'anthropic-version', 'anthropic-beta', 'anthropic-dangerous-direct-browser-access', ...HEADER_PARAMETERS.map(([header]) => header),
];

/** Those of the client's headers that say more than which API it speaks. */
export function loseHeaders(context: TranslationContext, table: ParameterTable, losses: Losses): void {
  for (const [header, parameter] of HEADER_PARAMETERS) {
    if (context.clientHeader(header) !== undefined) {
      losses.advisory(parameter, table[parameter]?.note ?? header);
    }
  }
}
