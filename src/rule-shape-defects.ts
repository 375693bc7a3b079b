import { LlmRuleOptions } from './llm-rule';

/** What types stop only where somebody checks them, and what the schema says less well. Names no value: none is known not to be a key. */
export function ruleShapeDefects({ targets, models, headers }: LlmRuleOptions): string[] {
  return [
    ...(Array.isArray(targets) && targets.length > 0 ? [] : ['targets needs at least one target; give the backends, such as [{ backend }]']),
    ...(targets ?? []).flatMap((target, place) => (target?.backend === undefined ? [`targets[${place}].backend is missing; give an LlmBackend`] : [])),
    ...(models?.length === 0 ? ['models is empty; leave it out to take every model'] : []),
    ...(models ?? []).flatMap((model, place) => (isMatcher(model) ? [] : [`models[${place}] is no ModelMatch; write ModelMatch.exact(...), prefix(...) or regularExpression(...)`])),
    ...(headers ?? []).flatMap((header, place) => (isMatcher(header) ? [] : [`headers[${place}] is no HeaderMatch; write HeaderMatch.exact(...), prefix(...) or regularExpression(...)`])),
    ...(models ?? []).flatMap((model, place) => (isMatcher(model) ? globDefects(model._toKube(), `models[${place}]`) : [])),
  ];
}

function isMatcher(value: { _toKube(): unknown } | undefined): boolean {
  return typeof value?._toKube === 'function';
}

/** No provider has a model with an asterisk in its name. */
function globDefects({ type, value }: { readonly type: string; readonly value: string }, at: string): string[] {
  if (type === 'RegularExpression' || !/^[-\w.:/@*]{1,128}$/.test(value) || !value.includes('*')) return [];
  const beginning = value.slice(0, value.indexOf('*'));
  const instead = beginning === '' ? 'leave models out to take every model' : `write ModelMatch.prefix(${JSON.stringify(beginning)}) for every model that begins so`;
  return [`${at} ${JSON.stringify(value)} has a "*", which is taken as it is and is in no model's name; ${instead}`];
}
