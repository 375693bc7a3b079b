import { Problem } from '../../resources/problem';

/** metav1.Condition. */
export interface Condition {
  readonly type: 'Accepted' | 'ResolvedRefs' | 'Programmed';
  readonly status: 'True' | 'False';
  readonly observedGeneration?: number;
  readonly lastTransitionTime: string;
  readonly reason: string;
  readonly message: string;
}

/** What is known of an object whose status is due. */
export interface Judged {
  /** It is part of the configuration in use. */
  readonly loaded: boolean;
  readonly problems: readonly Problem[];
  readonly generation?: number;
  /** RFC 3339. */
  readonly now: string;
  /** The conditions that the object has, for the times of their last change. */
  readonly previous: readonly Condition[];
}

/** Problems of references, by the end of the path that they are at. */
const REFERENCE = /(?:backendRef|httpRouteRef|secretRef|(?:backendRefs|caCertificateRefs)\[\d+\]|credential\.(?:azure|gcp))(?:\.name)?$/;
/** A message of a person's length; the API server takes 32768 characters. */
const LONGEST_MESSAGE = 2_000;

/**
 * Accepted: the object is valid and used. ResolvedRefs: everything that it refers to is there and may be used. Programmed: ExtProc serves by
 * it. The first two say what is wrong, each of them all of it.
 */
export function conditionsOf({ loaded, problems, generation, now, previous }: Judged): Condition[] {
  // Of an object that is not in use, the references have not been looked at.
  const references = loaded ? problems.filter(({ path }) => REFERENCE.test(path)) : [];
  const others = loaded ? problems.filter(({ path }) => !REFERENCE.test(path)) : problems;
  const condition = (type: Condition['type'], wrong: readonly Problem[], reason: string, good: readonly [reason: string, message: string]): Condition => {
    const status = wrong.length === 0 ? 'True' : 'False';
    const before = previous.find((one) => one.type === type);
    return {
      type,
      status,
      ...generation === undefined ? {} : { observedGeneration: generation },
      lastTransitionTime: before?.status === status ? before.lastTransitionTime : now,
      reason: status === 'True' ? good[0] : reason,
      message: status === 'True' ? good[1] : textOf(wrong),
    };
  };
  return [
    condition('Accepted', others, loaded ? 'UnsupportedValue' : 'Invalid', ['Accepted', 'the object is valid']),
    condition('ResolvedRefs', references, referenceReason(references), ['ResolvedRefs', 'every reference leads somewhere']),
    condition('Programmed', loaded ? [] : others, 'Invalid', ['Programmed', 'ExtProc serves by this generation']),
  ];
}

/** Whether two lists of conditions say the same; the times of the last change follow from that. */
export function sameConditions(left: readonly Condition[], right: readonly Condition[]): boolean {
  return left.length === right.length && left.every((one) => right.some((other) => one.type === other.type && one.status === other.status
    && one.reason === other.reason && one.message === other.message && one.observedGeneration === other.observedGeneration));
}

function referenceReason(problems: readonly Problem[]): string {
  const [first] = problems;
  if (first === undefined) return 'ResolvedRefs';
  if (/\bno ReferenceGrant\b/.test(first.message)) return 'RefNotPermitted';
  if (/^(?:Backend|BackendTLSPolicy) \S+: /.test(first.message)) return 'InvalidBackend';
  if (/\bSecret\b/.test(first.message)) return 'SecretNotFound';
  if (/\btranslates no\b/.test(first.message)) return 'UnsupportedSchema';
  if (/\bbelongs to LLMRoute\b/.test(first.message)) return 'Conflicted';
  return first.path.includes('httpRouteRef') ? 'HTTPRouteNotFound' : 'BackendNotFound';
}

function textOf(problems: readonly Problem[]): string {
  const text = problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('\n');
  return text.length <= LONGEST_MESSAGE ? text : `${text.slice(0, LONGEST_MESSAGE - 1)}…`;
}
