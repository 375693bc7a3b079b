import { ClusterClient, ClusterError, ClusterObject, ResourceKind } from './cluster-client';
import { Condition, conditionsOf, sameConditions } from './conditions';
import { BACKEND_TLS_POLICIES, KubernetesSource, LLM_BACKENDS, LLM_ROUTES } from './kubernetes-source';
import { objectKey, ObjectKey } from '../../resources/object-meta';
import { Problem } from '../../resources/problem';
import { Steps } from '../../resources/steps';
import { Configuration } from '../configuration';
import { SlicedWork } from '../sliced-work';

export interface StatusWriterOptions {
  readonly client: ClusterClient;
  readonly source: KubernetesSource;
  onFailure?(object: string, error: ClusterError): void;
}

/** Writes that are under way at once: an API server has other things to do. */
const PARALLEL = 8;
const FIRST_RETRY = 2_000;
const LONGEST_RETRY = 60_000;
/** At most so often is mended what somebody else wrote: who does it again and again gets no hot loop. */
const MEND_MILLISECONDS = 2_000;

interface Due {
  readonly resource: ResourceKind;
  readonly namespace: string;
  readonly name: string;
  /** Of the object that the conditions are about. */
  readonly resourceVersion: string;
  readonly conditions: readonly Condition[];
  readonly previous: readonly Condition[];
  /** The configuration was built from this version of the object. */
  readonly inUse: boolean;
}

/** Tells each LLMRoute and LLMBackend what became of it. Only the leader's is running; what the cluster says already is not written again. */
export class StatusWriter {
  private running = false;
  private writing = false;
  private again = false;
  private timer: NodeJS.Timeout | undefined;
  private mending: NodeJS.Timeout | undefined;
  private retry = FIRST_RETRY;
  /** What was written last and may not have come back yet, by kind and object. */
  private readonly written = new Map<string, Due>();

  constructor(private readonly options: StatusWriterOptions) {}

  start(): void {
    this.running = true;
    this.retry = FIRST_RETRY;
    this.written.clear();
    this.update();
  }

  stop(): void {
    this.running = false;
    clearTimeout(this.timer);
    clearTimeout(this.mending);
    this.mending = undefined;
  }

  /** To be called when a status changed: it may be somebody else's. */
  updateSoon(): void {
    if (!this.running || this.mending !== undefined) return;
    this.mending = setTimeout(() => {
      this.mending = undefined;
      this.update();
    }, MEND_MILLISECONDS);
  }

  /** To be called after every change of the configuration. */
  update(): void {
    const { current } = this.options.source;
    if (!this.running || current === undefined) return;
    if (this.writing) {
      this.again = true;
      return;
    }
    this.writing = true;
    const judging = new SlicedWork(this.due(current), (due) => void this.write(due).finally(() => {
      this.writing = false;
      if (!this.again) return;
      this.again = false;
      this.update();
    }));
    judging.start();
  }

  private* due(configuration: Configuration): Steps<Due[]> {
    const problems = new Map<string, Problem[]>();
    for (const problem of configuration.problems) {
      const others = problems.get(problem.object);
      if (others === undefined) problems.set(problem.object, [problem]);
      else others.push(problem);
    }
    const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
    const policies = policiesByBackend(this.options.source.objects(BACKEND_TLS_POLICIES));
    const { source } = this.options;
    const judge = (resource: ResourceKind, object: ClusterObject, loaded: (key: ObjectKey) => boolean): Due => {
      const { name, namespace = 'default', generation, resourceVersion = '' } = object.metadata;
      const key = objectKey(namespace, name);
      const previous = conditionsIn(object);
      const wrong = [...problems.get(`${resource.kind} ${key}`) ?? [], ...ofItsHttpRoute(object, namespace, problems), ...ofItsBackend(object, namespace, problems, policies)];
      // What changed after the configuration was built is judged when there is one that has it.
      const inUse = source.current === configuration && source.isInUse(resource, object);
      const conditions = conditionsOf({ loaded: loaded(key), problems: wrong, generation, now, previous });
      return { resource, namespace, name, resourceVersion, previous, conditions, inUse };
    };
    const judged: Due[] = [];
    for (const [resource, loaded] of [[LLM_ROUTES, configuration.routes], [LLM_BACKENDS, configuration.backends]] as const) {
      for (const object of source.objects(resource)) {
        yield;
        judged.push(judge(resource, object, (key) => loaded.has(key)));
      }
    }
    this.forgetAllBut(new Set(judged.map(idOf)));
    return judged.filter((due) => due.inUse && !sameConditions(due.conditions, due.previous) && !this.isUnderWay(due));
  }

  /** The same was written over what is still the newest version known here. */
  private isUnderWay(due: Due): boolean {
    const written = this.written.get(idOf(due));
    return written?.resourceVersion === due.resourceVersion && sameConditions(written.conditions, due.conditions);
  }

  private forgetAllBut(ids: ReadonlySet<string>): void {
    for (const id of this.written.keys()) if (!ids.has(id)) this.written.delete(id);
  }

  private async write(due: readonly Due[]): Promise<void> {
    const rest = [...due];
    let failed = false;
    await Promise.all(Array.from({ length: PARALLEL }, async () => {
      for (let next = rest.pop(); next !== undefined && this.running; next = rest.pop()) if (!await this.writeOne(next)) failed = true;
    }));
    if (!this.running) return;
    clearTimeout(this.timer);
    if (failed) this.timer = setTimeout(() => this.update(), this.retry);
    this.retry = failed ? Math.min(this.retry * 2, LONGEST_RETRY) : FIRST_RETRY;
  }

  /** False: it did not succeed and is due again. */
  private async writeOne(due: Due): Promise<boolean> {
    const { resource, namespace, name, conditions } = due;
    try {
      await this.options.client.patchStatus(resource, namespace, name, { conditions });
      this.written.set(idOf(due), due);
      return true;
    } catch (error) {
      // An object that was deleted meanwhile needs none.
      if ((error as ClusterError).status === 404) return true;
      this.options.onFailure?.(idOf(due), error as ClusterError);
      return false;
    }
  }
}

function idOf({ resource, namespace, name }: Due): string {
  return `${resource.kind} ${objectKey(namespace, name)}`;
}

/** Without rules, an HTTPRoute decides, and what is wrong with that one is wrong with the LLMRoute. */
function ofItsHttpRoute(object: ClusterObject, namespace: string, problems: ReadonlyMap<string, readonly Problem[]>): readonly Problem[] {
  const { rules, httpRouteRef } = (object.spec ?? {}) as { rules?: unknown; httpRouteRef?: { name?: unknown } };
  if (rules !== undefined || typeof httpRouteRef?.name !== 'string') return [];
  const id = `HTTPRoute ${objectKey(namespace, httpRouteRef.name)}`;
  return (problems.get(id) ?? []).map((problem) => ({ ...problem, message: `${id}: ${problem.message}` }));
}

/** Keys of the BackendTLSPolicies of each Backend or Service. */
function policiesByBackend(policies: readonly ClusterObject[]): ReadonlyMap<string, readonly ObjectKey[]> {
  const found = new Map<string, ObjectKey[]>();
  for (const { metadata: { name, namespace = 'default' }, spec } of policies) {
    const { targetRefs } = (spec ?? {}) as { targetRefs?: unknown };
    for (const target of Array.isArray(targetRefs) ? targetRefs as ReadonlyArray<{ kind?: unknown; name?: unknown }> : []) {
      const id = `${String(target.kind)} ${objectKey(namespace, String(target.name))}`;
      found.set(id, [...found.get(id) ?? [], objectKey(namespace, name)]);
    }
  }
  return found;
}

/** What is wrong with the Backend or a BackendTLSPolicy is wrong with each LLMBackend on it: calls of ExtProc's own do not get there. */
function ofItsBackend(object: ClusterObject, namespace: string, problems: ReadonlyMap<string, readonly Problem[]>,
  policies: ReadonlyMap<string, readonly ObjectKey[]>): readonly Problem[] {
  const { backendRef } = (object.spec ?? {}) as { backendRef?: { kind?: unknown; name?: unknown } };
  if (typeof backendRef?.name !== 'string') return [];
  const id = `${String(backendRef.kind ?? 'Backend')} ${objectKey(namespace, backendRef.name)}`;
  return [id, ...(policies.get(id) ?? []).map((key) => `BackendTLSPolicy ${key}`)].flatMap((one) => (problems.get(one) ?? [])
    .map((problem) => ({ ...problem, path: 'spec.backendRef', message: `${one}: ${problem.path}: ${problem.message}` })));
}

function conditionsIn(object: ClusterObject): readonly Condition[] {
  const { conditions } = (object.status ?? {}) as { conditions?: unknown };
  return Array.isArray(conditions) ? conditions as readonly Condition[] : [];
}
