import { ClusterClient, ClusterError, ClusterObject, ResourceKind } from './cluster-client';
import { Condition, conditionsOf, sameConditions } from './conditions';
import { KubernetesSource, LLM_BACKENDS, LLM_ROUTES } from './kubernetes-source';
import { objectKey, ObjectKey } from '../../resources/object-meta';
import { Problem } from '../../resources/problem';
import { Configuration } from '../configuration';

export interface StatusWriterOptions {
  readonly client: ClusterClient;
  readonly source: KubernetesSource;
  onFailure?(object: string, error: ClusterError): void;
}

/** Writes that are under way at once: an API server has other things to do. */
const PARALLEL = 8;
const RETRY_MILLISECONDS = 2_000;

interface Due {
  readonly resource: ResourceKind;
  readonly namespace: string;
  readonly name: string;
  readonly conditions: readonly Condition[];
}

/** Tells each LLMRoute and LLMBackend what became of it. Only the leader's is running; what the cluster says already is not written again. */
export class StatusWriter {
  private running = false;
  private writing = false;
  private again = false;
  private timer: NodeJS.Timeout | undefined;
  /** What was written last and may not have come back yet, by kind and object. */
  private readonly written = new Map<string, readonly Condition[]>();

  constructor(private readonly options: StatusWriterOptions) {}

  start(): void {
    this.running = true;
    this.written.clear();
    this.update();
  }

  stop(): void {
    this.running = false;
    clearTimeout(this.timer);
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
    void this.write(this.due(current)).finally(() => {
      this.writing = false;
      if (!this.again) return;
      this.again = false;
      this.update();
    });
  }

  private due(configuration: Configuration): Due[] {
    const problems = new Map<string, Problem[]>();
    for (const problem of configuration.problems) problems.set(problem.object, [...problems.get(problem.object) ?? [], problem]);
    const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
    const judge = (resource: ResourceKind, object: ClusterObject, loaded: (key: ObjectKey) => boolean): Due[] => {
      const { name, namespace = 'default', generation } = object.metadata;
      const key = objectKey(namespace, name);
      const id = `${resource.kind} ${key}`;
      const previous = conditionsIn(object);
      const wrong = [...problems.get(id) ?? [], ...ofItsHttpRoute(object, namespace, problems)];
      const conditions = conditionsOf({ loaded: loaded(key), problems: wrong, generation, now, previous });
      if (sameConditions(conditions, previous)) {
        this.written.delete(id);
        return [];
      }
      return sameConditions(conditions, this.written.get(id) ?? []) ? [] : [{ resource, namespace, name, conditions }];
    };
    const { source } = this.options;
    return [
      ...source.objects(LLM_ROUTES).flatMap((object) => judge(LLM_ROUTES, object, (key) => configuration.routes.has(key))),
      ...source.objects(LLM_BACKENDS).flatMap((object) => judge(LLM_BACKENDS, object, (key) => configuration.backends.has(key))),
    ];
  }

  private async write(due: readonly Due[]): Promise<void> {
    const rest = [...due];
    await Promise.all(Array.from({ length: PARALLEL }, async () => {
      for (let next = rest.shift(); next !== undefined && this.running; next = rest.shift()) await this.writeOne(next);
    }));
  }

  private async writeOne({ resource, namespace, name, conditions }: Due): Promise<void> {
    const id = `${resource.kind} ${objectKey(namespace, name)}`;
    try {
      await this.options.client.patchStatus(resource, namespace, name, { conditions });
      this.written.set(id, conditions);
    } catch (error) {
      // An object that was deleted meanwhile needs none.
      if ((error as ClusterError).status === 404) return;
      this.options.onFailure?.(id, error as ClusterError);
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.update(), RETRY_MILLISECONDS);
    }
  }
}

/** Without rules, an HTTPRoute decides, and what is wrong with that one is wrong with the LLMRoute. */
function ofItsHttpRoute(object: ClusterObject, namespace: string, problems: ReadonlyMap<string, readonly Problem[]>): readonly Problem[] {
  const { rules, httpRouteRef } = (object.spec ?? {}) as { rules?: unknown; httpRouteRef?: { name?: unknown } };
  if (rules !== undefined || typeof httpRouteRef?.name !== 'string') return [];
  const id = `HTTPRoute ${objectKey(namespace, httpRouteRef.name)}`;
  return (problems.get(id) ?? []).map((problem) => ({ ...problem, message: `${id}: ${problem.message}` }));
}

function conditionsIn(object: ClusterObject): readonly Condition[] {
  const { conditions } = (object.status ?? {}) as { conditions?: unknown };
  return Array.isArray(conditions) ? conditions as readonly Condition[] : [];
}
