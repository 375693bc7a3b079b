import { BackendConfiguration, RouteConfiguration } from './configuration';
import { compileRe2 } from './re2';
import { ReportProblem } from './upstream-endpoint';
import { HTTPRoute } from '../resources/gateway-api';
import { LLMBackend } from '../resources/llm-backend';
import { LLMRoute } from '../resources/llm-route';
import { USER_MODEL_HEADER } from '../resources/object-meta';
import { ResourceSet } from '../resources/resource-set';
import { Finding } from '../routing/finding';
import { CompiledHTTPRoute, compileHTTPRoute } from '../routing/http-route';
import { httpRouteDefects } from '../routing/http-route-defects';

/** Kinds that any LLMBackend's configuration may come from, besides its own object. */
const BACKEND_SURROUNDINGS = ['llmBackends', 'backends', 'backendTlsPolicies', 'secrets', 'configMaps'] as const;

/**
 * What the configurations of one source have in common from one build to the next: most changes are of one object. What an object was compiled
 * to stays for as long as that object and all that it may look at are the same.
 */
export class BuildMemory {
  readonly backends = new Kept<LLMBackend, BackendConfiguration>();
  readonly routes = new Kept<LLMRoute, RouteConfiguration | undefined>();
  private readonly defects = new WeakMap<HTTPRoute, readonly Finding[]>();
  private readonly withModel = new WeakMap<HTTPRoute, CompiledHTTPRoute>();
  private readonly withoutModel = new WeakMap<HTTPRoute, CompiledHTTPRoute>();
  private last: ResourceSet | undefined;

  /** Forgets what the changes since the last build may concern. */
  begin(resources: ResourceSet): void {
    const { last } = this;
    const sameBackends = last !== undefined && BACKEND_SURROUNDINGS.every((kind) => sameEntries(last[kind], resources[kind]));
    this.backends.begin(sameBackends);
    this.routes.begin(sameBackends && sameEntries(last.referenceGrants, resources.referenceGrants));
    // A build that does not come to its end leaves nothing to go by.
    this.last = undefined;
  }

  /** The build came to its end. */
  end(resources: ResourceSet): void {
    this.last = resources;
  }

  defectsOf(route: HTTPRoute): readonly Finding[] {
    const defects = this.defects.get(route) ?? httpRouteDefects(route, compileRe2);
    this.defects.set(route, defects);
    return defects;
  }

  /** `anyModel`: matches on the model count as met. */
  compiled(route: HTTPRoute, anyModel: boolean): CompiledHTTPRoute {
    const memory = anyModel ? this.withoutModel : this.withModel;
    const compiled = memory.get(route) ?? compileHTTPRoute(anyModel ? withoutModelMatches(route) : route, compileRe2);
    memory.set(route, compiled);
    return compiled;
  }
}

interface KeptResult<Value> {
  readonly inputs: readonly unknown[];
  readonly value: Value;
  readonly problems: ReadonlyArray<Parameters<ReportProblem>>;
}

/** Results by the object that they come from, with the problems that were found on the way. */
class Kept<Source extends object, Value> {
  private before: ReadonlyMap<Source, KeptResult<Value>> = new Map();
  private now = new Map<Source, KeptResult<Value>>();

  /** `valid`: what was kept in the build before still holds where its inputs are the same. */
  begin(valid: boolean): void {
    this.before = valid ? this.now : new Map();
    this.now = new Map();
  }

  /** `make`: reports to the function that it is given, and looks at nothing that changes but `source`, `inputs` and what `begin` stands for. */
  of(source: Source, inputs: readonly unknown[], report: ReportProblem, make: (report: ReportProblem) => Value): Value {
    const known = this.before.get(source);
    const result = known !== undefined && known.inputs.every((input, place) => input === inputs[place]) ? known : this.made(inputs, make);
    this.now.set(source, result);
    for (const problem of result.problems) report(...problem);
    return result.value;
  }

  private made(inputs: readonly unknown[], make: (report: ReportProblem) => Value): KeptResult<Value> {
    const problems: Array<Parameters<ReportProblem>> = [];
    const value = make((...problem) => { problems.push(problem); });
    return { inputs, value, problems };
  }
}

function sameEntries(left: ReadonlyMap<unknown, unknown>, right: ReadonlyMap<unknown, unknown>): boolean {
  if (left.size !== right.size) return false;
  for (const [key, value] of left) if (right.get(key) !== value) return false;
  return true;
}

function withoutModelMatches(route: HTTPRoute): HTTPRoute {
  const rules = (route.spec.rules ?? []).map((rule) => ({
    ...rule,
    matches: (rule.matches ?? []).map((match) => ({ ...match, headers: (match.headers ?? []).filter((header) => header.name.toLowerCase() !== USER_MODEL_HEADER) })),
  }));
  return { ...route, spec: { ...route.spec, rules } };
}
