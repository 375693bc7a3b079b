import { accessLines } from './explained-access';
import { failoverLines } from './explained-failover';
import { limitLine } from './explained-limits';
import { priceLines } from './explained-price';
import { ExplainedBackend, Explanation } from './explanation';
import { problemLine } from './problem-lines';

const LABEL_WIDTH = 11;

/** An explanation as people read it, with a line's end after every line. */
export function explanationText(explanation: Explanation): string {
  const { method, path, hostname, model, httpRoute, llmRoute, rule, unsupportedParameters, access, backends, failover, limits, answer, instead, problems } = explanation;
  const lines = [
    ...field('request', [`${method} ${path}${hostname === '' ? '' : ` on ${hostname}`}${model === undefined ? '' : `, model ${model}`}`]),
    ...field('HTTPRoute', httpRoute === undefined ? ['none takes it'] : [httpRoute]),
    ...llmRoute === undefined ? [] : field('LLMRoute', [llmRoute]),
    ...rule === undefined ? [] : field('rule', [`${rule}${unsupportedParameters === undefined ? '' : ` (unsupportedParameters: ${unsupportedParameters})`}`]),
    ...access === undefined ? [] : field('access', accessLines(access)),
    ...failover === undefined ? [] : field('failover', failoverLines(failover)),
    ...field('limits', limits.map(limitLine)),
    ...answer === undefined ? [] : field('answered', [`${answer.status} ${answer.message}`]),
    ...backends.flatMap((backend) => ['', ...backendLines(backend, limits.some(({ unitsPerDollar }) => unitsPerDollar !== undefined))]),
    ...instead.length === 0 ? [] : ['', 'there is', ...instead.map((line) => `  ${line}`)],
    ...problems.length === 0 ? [] : ['', 'problems', ...problems.map((problem) => `  ${problemLine(problem)}`)],
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** `money`: a budget of money counts the request. */
function backendLines(backend: ExplainedBackend, money: boolean): string[] {
  const { answer, credentialFailure } = backend;
  const upstream = backend.url === undefined ? [] : [
    ...field('sent to', [`${backend.method} ${backend.url}`, ...backend.serverName === undefined ? [] : [`as host ${backend.serverName}`]]),
    ...field('set', backend.setHeaders.map(({ name, value }) => `${name}: ${value}`)),
    ...field('removed', [backend.removeHeaders.join(', ')]),
    ...field('body', JSON.stringify(backend.body, null, 2).split('\n')),
  ];
  return [
    `${backend.percent} % to LLMBackend ${backend.backend}${backend.schema === undefined ? '' : ` (${backend.schema})`}`,
    ...indented([
      ...field('model', [backend.model]),
      ...answer === undefined ? [] : field('answered', [`${answer.status} ${answer.message}`]),
      ...upstream,
      ...field('dropped', backend.dropped.map(({ parameter, reason }) => `${parameter}: ${reason}`)),
      ...field('may lose', backend.possibleLosses.map(({ parameter, reason }) => `${parameter}: ${reason}`)),
      ...field('doubts', backend.doubts),
      ...field('cost', backend.price !== undefined ? priceLines(backend.price)
        : money && answer === undefined ? [`neither spec.models nor a price list has a price of model ${backend.model}: budgets of money do not count it`] : []),
      ...credentialFailure === undefined ? [] : field('fails', [`502 as the Secrets are now: ${credentialFailure}`]),
    ]),
  ];
}

/** A label and its values below one another; none: no line. */
function field(label: string, values: readonly string[]): string[] {
  return values.map((value, index) => `${(index === 0 ? label : '').padEnd(LABEL_WIDTH)}${value}`);
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
