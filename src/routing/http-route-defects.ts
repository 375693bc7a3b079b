import { Finding } from './finding';
import { RegexCompiler } from './http-route';
import { PATH_TYPES } from './precedence';
import { HTTPRoute } from '../resources/gateway-api';

type Fields = Readonly<Record<string, unknown>>;

type Report = (path: string, message: string) => void;

/**
 * What keeps an HTTPRoute from being evaluated. The API server refuses all of this but a bad regular expression; a file may hold anything, so
 * the types that `HTTPRoute` declares are checked too.
 */
export function httpRouteDefects(route: HTTPRoute, compile: RegexCompiler): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (path, message) => { findings.push({ path, message }); };
  const spec = route.spec as unknown as Fields;
  eachItem(spec.hostnames, 'spec.hostnames', report, (hostname, path) => checkText(hostname, path, report));
  eachObject(spec.rules, 'spec.rules', report, (rule, path) => {
    if (rule.name !== undefined) checkText(rule.name, `${path}.name`, report);
    eachObject(rule.matches, `${path}.matches`, report, (match, matchPath) => checkMatch(match, matchPath, compile, report));
    eachObject(rule.backendRefs, `${path}.backendRefs`, report, (reference, referencePath) => checkBackendRef(reference, referencePath, report));
  });
  return findings;
}

function checkMatch(match: Fields, path: string, compile: RegexCompiler, report: Report): void {
  if (match.method !== undefined) checkText(match.method, `${path}.method`, report);
  if (match.path !== undefined) {
    const { type = 'PathPrefix', value = '/' } = isObject(match.path) ? match.path : { type: undefined };
    if (!isObject(match.path)) report(`${path}.path`, 'must be an object with type and value');
    else if (!(PATH_TYPES as readonly unknown[]).includes(type)) report(`${path}.path.type`, `must be one of ${PATH_TYPES.join(', ')}`);
    else if (typeof value !== 'string') report(`${path}.path.value`, 'must be a string');
    else if (type === 'RegularExpression') checkExpression(value, `${path}.path.value`, compile, report);
    else if (!value.startsWith('/')) report(`${path}.path.value`, `must begin with /, not ${JSON.stringify(value)}`);
  }
  for (const list of ['headers', 'queryParams']) {
    eachObject(match[list], `${path}.${list}`, report, ({ type = 'Exact', name, value }, itemPath) => {
      checkText(name, `${itemPath}.name`, report);
      if (type !== 'Exact' && type !== 'RegularExpression') report(`${itemPath}.type`, 'must be one of Exact, RegularExpression');
      else if (typeof value !== 'string') report(`${itemPath}.value`, 'must be a string; put numbers in quotes');
      else if (type === 'RegularExpression') checkExpression(value, `${itemPath}.value`, compile, report);
    });
  }
}

function checkBackendRef(reference: Fields, path: string, report: Report): void {
  checkText(reference.name, `${path}.name`, report);
  for (const field of ['group', 'kind', 'namespace']) {
    if (reference[field] !== undefined && typeof reference[field] !== 'string') report(`${path}.${field}`, 'must be a string');
  }
  const { weight = 1 } = reference;
  if (typeof weight !== 'number' || !Number.isInteger(weight) || weight < 0) report(`${path}.weight`, 'must be a whole number of at least 0');
}

/** Reports a regular expression that does not compile, with the compiler's reason. */
export function checkExpression(source: string, path: string, compile: RegexCompiler, report: Report): void {
  try {
    compile(source);
  } catch (error) {
    report(path, `${JSON.stringify(source)} is no regular expression in RE2 syntax: ${(error as Error).message}`);
  }
}

function checkText(value: unknown, path: string, report: Report): void {
  if (typeof value !== 'string' || value === '') report(path, 'must be a string that is not empty');
}

function eachItem(list: unknown, path: string, report: Report, visit: (item: unknown, path: string) => void): void {
  if (list === undefined || list === null) return;
  if (Array.isArray(list)) list.forEach((item, index) => visit(item, `${path}[${index}]`));
  else report(path, 'must be a list');
}

function eachObject(list: unknown, path: string, report: Report, visit: (item: Fields, path: string) => void): void {
  eachItem(list, path, report, (item, itemPath) => {
    if (isObject(item)) visit(item, itemPath);
    else report(itemPath, 'must be an object');
  });
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
