import { Failover } from '../resources/llm-route';
import { ObjectKey } from '../resources/object-meta';
import { shares } from '../routing/weighted-choice';
import { FailoverRule } from '../runtime/configuration';

/** What follows when a backend fails; plain data. */
export interface ExplainedFailover {
  /** In all. */
  readonly attempts: number;
  /** To the head of one attempt's answer. */
  readonly perAttemptMilliseconds?: number;
  readonly retryOn: Failover['retryOn'];
  /** By priority: those of a later one are asked after all before them failed. */
  readonly order: ReadonlyArray<{ readonly priority: number; readonly backends: readonly ExplainedCandidate[] }>;
}

export interface ExplainedCandidate {
  readonly backend: ObjectKey;
  /** The model's name upstream, where it is another than the client's. */
  readonly model?: string;
  /** Share of the requests that come to this priority, 0 to 100. */
  readonly percent: number;
}

/** The plan of a rule as it is while no backend is set aside for failing again and again. */
export function explainFailover({ attempts, perAttemptTimeout, retryOn, choices }: FailoverRule): ExplainedFailover {
  const live = choices.filter(({ weight }) => weight > 0);
  const priorities = [...new Set(live.map(({ priority }) => priority))].sort((left, right) => left - right);
  return {
    attempts,
    ...perAttemptTimeout !== undefined && { perAttemptMilliseconds: perAttemptTimeout },
    retryOn,
    order: priorities.map((priority) => ({
      priority,
      backends: shares(live.filter((item) => item.priority === priority)).map(({ item: { choice: { target } }, share }) => ({
        backend: target.key, ...target.model !== undefined && { model: target.model }, percent: Math.round(share * 1_000) / 10,
      })),
    })),
  };
}

/** The same for people. */
export function failoverLines({ attempts, perAttemptMilliseconds, retryOn, order }: ExplainedFailover): string[] {
  const time = perAttemptMilliseconds === undefined ? '' : `, ${perAttemptMilliseconds} ms to the head of each`;
  return [
    `at most ${attempts} attempts${time}; the next one after ${[...retryOn.triggers, ...retryOn.httpStatusCodes].join(', ')}`,
    ...order.map(({ priority, backends }, place) => {
      const names = backends.map(({ backend, model, percent }) => `${percent} % ${backend}${model === undefined ? '' : ` as ${model}`}`).join(', ');
      return `${place === 0 ? 'first' : 'then'} priority ${priority}: ${names}${backends.length > 1 ? '; then the others of it' : ''}`;
    }),
  ];
}
