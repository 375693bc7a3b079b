import { LlmRuleOptions } from './llm-rule';
import { titleOf } from './rule-defects';
import { RuleManifest } from './rule-manifest';
import { refusedEdits } from './translate/refused-edits';

/** Fields that a rule sets in each request and that the host of one of its targets refuses. */
export function ruleFieldDefects({ targets }: LlmRuleOptions, { requestBody }: RuleManifest): string[] {
  return targets.flatMap(({ backend }, place) => refusedEdits(backend.schema, backend.host, requestBody).map(({ message }) => (
    `requestBody ${message} (targets[${place}], ${titleOf(backend)})`)));
}
