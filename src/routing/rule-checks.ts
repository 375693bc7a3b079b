import { Finding } from './finding';
import { RegexCompiler } from './http-route';
import { checkExpression } from './http-route-defects';
import { activeTargets } from './weighted-choice';
import { HeaderMatcher, LLMRouteRule, ModelMatcher } from '../resources/llm-route';

/** A rule that no request reaches, because earlier rules take everything that it matches. */
export interface UnreachableRule {
  /** Its place in `spec.rules`. */
  readonly index: number;
  /** Places of the earlier rules that together take it all, in order. */
  readonly coveredBy: readonly number[];
}

/** One of a rule's models that no request reaches through this rule. */
export interface UnreachableModel {
  readonly rule: number;
  /** Its place in `spec.rules[].models`. */
  readonly model: number;
  /** Place of the earlier rule that takes it. */
  readonly coveredBy: number;
}

/**
 * The rules that can never be chosen. What it reports is certain; a cover that is spread over several expressions goes unnoticed.
 *
 * @param compile without it a regular expression covers only an equal one
 */
export function unreachableRules(rules: readonly LLMRouteRule[], compile?: RegexCompiler): UnreachableRule[] {
  const expressions = new Expressions(compile);
  return rules.flatMap((rule, index) => {
    const found = (rule.models ?? [undefined]).map((model) => coverOf(rules, index, model, expressions));
    const known = found.filter((cover) => cover !== undefined);
    return known.length < found.length ? [] : [{ index, coveredBy: [...new Set(known)].sort((left, right) => left - right) }];
  });
}

/** The single models that never reach their rule: also those of rules whose other models do. */
export function unreachableModels(rules: readonly LLMRouteRule[], compile?: RegexCompiler): UnreachableModel[] {
  const expressions = new Expressions(compile);
  return rules.flatMap((rule, index) => (rule.models ?? []).flatMap((matcher, model) => {
    const coveredBy = coverOf(rules, index, matcher, expressions);
    return coveredBy === undefined ? [] : [{ rule: index, model, coveredBy }];
  }));
}

/** Places of the rules in which no target has a weight above 0. */
export function zeroWeightRules(rules: readonly LLMRouteRule[]): number[] {
  return rules.flatMap((rule, index) => (activeTargets(rule.backendRefs).length === 0 ? [index] : []));
}

/** Targets with a weight that are never used: a later priority without a failover to get there. */
export function unusedTargets(rules: readonly LLMRouteRule[]): Array<{ readonly rule: number; readonly target: number }> {
  return rules.flatMap((rule, index) => {
    if (rule.failover !== undefined) return [];
    const active = new Set(activeTargets(rule.backendRefs));
    return rule.backendRefs.flatMap((target, place) => (target.weight > 0 && !active.has(target) ? [{ rule: index, target: place }] : []));
  });
}

/** Regular expressions of the rules that do not compile. */
export function expressionDefects(rules: readonly LLMRouteRule[], compile: RegexCompiler): Finding[] {
  const findings: Finding[] = [];
  rules.forEach((rule, index) => {
    for (const list of ['models', 'headers'] as const) {
      (rule[list] ?? []).forEach((match, place) => {
        if (match.type !== 'RegularExpression') return;
        checkExpression(match.value, `spec.rules[${index}].${list}[${place}].value`, compile, (path, message) => { findings.push({ path, message }); });
      });
    }
  });
  return findings;
}

/** Each expression compiled once; one that does not compile takes nothing. */
class Expressions {
  private readonly compiled = new Map<string, ReturnType<RegexCompiler> | undefined>();

  constructor(private readonly compile: RegexCompiler | undefined) {}

  test(source: string, value: string): boolean {
    if (!this.compiled.has(source)) this.compiled.set(source, this.tryCompile(source));
    return this.compiled.get(source)?.test(value) ?? false;
  }

  private tryCompile(source: string): ReturnType<RegexCompiler> | undefined {
    try {
      return this.compile?.(source);
    } catch {
      return undefined;
    }
  }
}

/** The first rule before `index` that takes every request of this model that the rule at `index` could take. */
function coverOf(rules: readonly LLMRouteRule[], index: number, model: ModelMatcher | undefined, expressions: Expressions): number | undefined {
  const headers = rules[index].headers ?? [];
  const takesHeaders = (earlier: LLMRouteRule) => (earlier.headers ?? [])
    .every((wanted) => headers.some((header) => headerCovers(wanted, header, expressions)));
  const takesModel = (earlier: LLMRouteRule) => earlier.models === undefined
    || (model !== undefined && earlier.models.some((matcher) => covers(matcher, model, expressions)));
  const cover = rules.slice(0, index).findIndex((earlier) => takesHeaders(earlier) && takesModel(earlier));
  return cover < 0 ? undefined : cover;
}

function headerCovers(wide: HeaderMatcher, narrow: HeaderMatcher, expressions: Expressions): boolean {
  return wide.name.toLowerCase() === narrow.name.toLowerCase() && covers(wide, narrow, expressions);
}

/** Whether `wide` certainly takes all that `narrow` takes. */
function covers(wide: Pick<ModelMatcher, 'type' | 'value'>, narrow: Pick<ModelMatcher, 'type' | 'value'>, expressions: Expressions): boolean {
  switch (wide.type) {
    case 'Exact': return narrow.type === 'Exact' && narrow.value === wide.value;
    case 'Prefix': return narrow.type === 'RegularExpression' ? wide.value === '' : narrow.value.startsWith(wide.value);
    case 'RegularExpression':
      if (narrow.type === 'RegularExpression') return narrow.value === wide.value;
      return narrow.type === 'Exact' && expressions.test(wide.value, narrow.value);
  }
}
