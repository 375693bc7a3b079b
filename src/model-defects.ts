import { LlmRuleOptions } from './llm-rule';
import { modelManifest } from './model-manifest';
import { InputSchemaName } from './resources/schema-name';
import { sentModels } from './routing/sent-models';
import { titleOf } from './rule-defects';
import { targetModelDefect } from './translate/target-model-defect';

/** Models that a rule sends where they can never answer, by the catalog and by what the backends say of them. */
export function ruleModelDefects(rule: LlmRuleOptions, input: InputSchemaName): string[] {
  const models = rule.models?.map((model) => model._toKube());
  return rule.targets.flatMap((target, place) => {
    const { backend } = target;
    return sentModels({ models }, target).flatMap(({ name, beginning }) => {
      const described = backend.models.find((model) => model.name === name);
      const defect = targetModelDefect({
        input, output: backend.schema, host: backend.host, model: name, beginning, ...described && { entry: modelManifest(described) },
      });
      return defect === undefined ? [] : [`targets[${place}] sends ${JSON.stringify(beginning ? `${name}*` : name)} to ${titleOf(backend)}, which speaks ${backend.schema}: ${defect}`];
    });
  });
}
