import { UnsupportedParameters } from '../../resources/llm-route';
import { RequestError } from '../request-error';
import { DroppedParameter } from '../translator';

/** Everything of a request that the provider does not get as the client wrote it. What the route does not allow to be lost is refused. */
export class Losses {
  private readonly reasons = new Map<string, string>();

  /** `provider`: its name, for the client that is refused. */
  constructor(private readonly mode: UnsupportedParameters, private readonly provider: string) {}

  /** One entry a field; the place in a list is left out. */
  get dropped(): readonly DroppedParameter[] {
    return [...this.reasons].map(([parameter, reason]) => ({ parameter, reason }));
  }

  /** The provider gets it in another form. */
  changed(path: string, reason: string): void {
    const parameter = path.replace(/\[\d+\]/g, '[]');
    if (!this.reasons.has(parameter)) {
      this.reasons.set(parameter, reason);
    }
  }

  /** Without it, form and meaning of the answer stay as they are. */
  advisory(path: string, reason: string): void {
    if (this.mode === 'Strict') {
      throw this.refusal(path, reason);
    }
    this.changed(path, reason);
  }

  /** Without it, the answer has another form or meaning. */
  semantic(path: string, reason: string): void {
    if (this.mode !== 'Lenient') {
      throw this.refusal(path, reason);
    }
    this.changed(path, reason);
  }

  /** Of what no mode lets go. */
  refusal(path: string, reason: string, remedy = 'leave it out'): RequestError {
    return new RequestError(400, `unsupported parameter '${path}' for this model's provider (${this.provider}): ${reason}; ${remedy}`, 'unsupported_parameter', path);
  }
}

/** What translators one behind the other dropped, one entry a field: what the last one said became of it. */
export function allDropped(...lists: ReadonlyArray<readonly DroppedParameter[]>): readonly DroppedParameter[] {
  const [first, ...others] = lists.filter(({ length }) => length > 0);
  if (others.length === 0) {
    return first ?? [];
  }
  return [...new Map(lists.flat().map((dropped) => [dropped.parameter, dropped])).values()];
}
