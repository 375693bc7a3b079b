import { RegexCompiler } from './http-route';
import { HeaderMatcher, LLMRouteRule, ModelMatcher } from '../resources/llm-route';

/** A rule and its place in `spec.rules`. */
export interface IndexedRule {
  readonly index: number;
  readonly rule: LLMRouteRule;
}

interface CompiledRule extends IndexedRule {
  readonly headers: ReadonlyArray<readonly [name: string, test: (value: string) => boolean]>;
}

/**
 * The rules of one LLMRoute, compiled: in order, the first whose model and headers match wins. Exact models are looked up, so that a route
 * of thousands of models costs as much as one of two; only rules with a prefix, an expression or no models at all are tried one by one.
 */
export class RuleTable {
  private readonly byModel = new Map<string, CompiledRule[]>();
  private readonly others: Array<CompiledRule & { readonly test: (model: string) => boolean }> = [];

  constructor(rules: readonly LLMRouteRule[], compile: RegexCompiler) {
    rules.forEach((rule, index) => {
      const headers = (rule.headers ?? []).map((header) => [header.name.toLowerCase(), matcher(header, compile)] as const);
      const compiled: CompiledRule = { index, rule, headers };
      const tests: Array<(model: string) => boolean> = [];
      for (const model of rule.models ?? []) {
        if (model.type !== 'Exact') {
          tests.push(matcher(model, compile));
          continue;
        }
        const known = this.byModel.get(model.value);
        if (known === undefined) this.byModel.set(model.value, [compiled]);
        else if (known[known.length - 1] !== compiled) known.push(compiled);
      }
      if (rule.models === undefined) this.others.push({ ...compiled, test: () => true });
      else if (tests.length > 0) this.others.push({ ...compiled, test: (value) => tests.some((test) => test(value)) });
    });
  }

  /** The rule that takes this model with these headers; `undefined`: none. */
  choose(model: string, header: (name: string) => string | undefined): IndexedRule | undefined {
    const headersMatch = (candidate: CompiledRule) => candidate.headers.every(([name, test]) => {
      const value = header(name);
      return value !== undefined && test(value);
    });
    const exact = this.byModel.get(model)?.find(headersMatch);
    for (const other of this.others) {
      if (exact !== undefined && exact.index <= other.index) break;
      if (other.test(model) && headersMatch(other)) return { index: other.index, rule: other.rule };
    }
    return exact && { index: exact.index, rule: exact.rule };
  }
}

/** Whether a value matches; throws for an expression that is none. */
export function matcher(match: ModelMatcher | HeaderMatcher, compile: RegexCompiler): (value: string) => boolean {
  switch (match.type) {
    case 'Exact': return (value) => value === match.value;
    case 'Prefix': return (value) => value.startsWith(match.value);
    case 'RegularExpression': {
      const expression = compile(match.value);
      return (value) => expression.test(value);
    }
  }
}
