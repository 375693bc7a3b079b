import { Problem } from '../resources/problem';
import { ResourceSet } from '../resources/resource-set';
import { buildConfiguration } from '../runtime/build-configuration';

/** Secrets, and certificates to trust, are rarely in the files that are checked. */
const ELSEWHERE = /(secretRef|caCertificateRefs\[\d+\])$/;

/** References that lead nowhere in these files, and what they lead to being of no use. `sourceOf`: where an object is written. */
export function referenceFindings(resources: ResourceSet, sourceOf: (object: string) => string): Problem[] {
  const known = new Set<string>(resources.problems.map(({ object, path }) => `${object} ${path}`));
  return buildConfiguration(resources, 0, { sourceOf }).problems
    .filter(({ object, path, message }) => !known.has(`${object} ${path}`) && !(ELSEWHERE.test(path) && message.startsWith('there is no ')))
    .map((problem) => ({ ...problem, message: `in these files ${problem.message}` }));
}
