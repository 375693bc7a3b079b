import { RegexCompiler } from './http-route';
import { HeaderMatcher, LLMRouteRule, ModelMatcher } from '../resources/llm-route';

/** What rules look at besides the model. */
export interface RuleRequest {
  /** By lower-case name. */
  header(name: string): string | undefined;
}

/** A rule, its place in `spec.rules`, and what it stands for. */
export interface CompiledRule<T> {
  readonly index: number;
  readonly value: T;
  /** `undefined`: it has none. */
  readonly headers: ReadonlyArray<readonly [name: string, test: (value: string) => boolean]> | undefined;
}

interface TestedRule<T> extends CompiledRule<T> {
  readonly test: (model: string) => boolean;
}

/**
 * The rules of one LLMRoute, compiled: in order, the first whose model and headers match wins. Exact models are looked up, so that a route
 * of thousands of models costs as much as one of two; only rules with a prefix, an expression or no models at all are tried one by one.
 */
export class RuleTable<T> {
  /** The rules that name a model; a list, in order, where there are several. */
  private readonly byModel = new Map<string, CompiledRule<T> | Array<CompiledRule<T>>>();
  /** `undefined`: there are none. */
  private readonly others: ReadonlyArray<TestedRule<T>> | undefined;

  /** `values`: what each of the rules stands for. */
  constructor(rules: readonly LLMRouteRule[], compile: RegexCompiler, values: readonly T[]) {
    const others: Array<TestedRule<T>> = [];
    rules.forEach((rule, index) => {
      const headers = rule.headers?.length ? rule.headers.map((header) => [header.name.toLowerCase(), matcher(header, compile)] as const) : undefined;
      const compiled: CompiledRule<T> = { index, value: values[index], headers };
      const tests: Array<(model: string) => boolean> = [];
      for (const model of rule.models ?? []) {
        if (model.type === 'Exact') this.addExact(model.value, compiled);
        else tests.push(matcher(model, compile));
      }
      if (rule.models === undefined) others.push({ ...compiled, test: () => true });
      else if (tests.length > 0) others.push({ ...compiled, test: (value) => tests.some((test) => test(value)) });
    });
    this.others = others.length === 0 ? undefined : others;
  }

  /** The rule that takes this model with these headers; `undefined`: none does. */
  find(model: string, request: RuleRequest): CompiledRule<T> | undefined {
    const exact = this.exact(model, request);
    if (this.others === undefined) return exact;
    for (const other of this.others) {
      if (exact !== undefined && exact.index <= other.index) break;
      if (other.test(model) && headersMatch(other, request)) return other;
    }
    return exact;
  }

  /** Whether any rule names exactly this model. */
  names(model: string): boolean {
    return this.byModel.has(model);
  }

  private exact(model: string, request: RuleRequest): CompiledRule<T> | undefined {
    const rules = this.byModel.get(model);
    if (Array.isArray(rules)) return rules.find((rule) => headersMatch(rule, request));
    return rules !== undefined && headersMatch(rules, request) ? rules : undefined;
  }

  private addExact(model: string, rule: CompiledRule<T>): void {
    const known = this.byModel.get(model);
    if (known === undefined) {
      this.byModel.set(model, rule);
    } else if (Array.isArray(known)) {
      if (known[known.length - 1] !== rule) known.push(rule);
    } else if (known !== rule) {
      this.byModel.set(model, [known, rule]);
    }
  }
}

function headersMatch({ headers }: CompiledRule<unknown>, request: RuleRequest): boolean {
  return headers === undefined || headers.every(([name, test]) => {
    const value = request.header(name);
    return value !== undefined && test(value);
  });
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
