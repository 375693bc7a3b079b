import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { namespaceOf } from '../src/namespace-of';

test('is the namespace of the closest chart, or default', () => {
  const app = new App();
  expect(namespaceOf(new Construct(new Chart(app, 'a', { namespace: 'llm' }), 'Child'))).toBe('llm');
  expect(namespaceOf(new Construct(new Chart(app, 'b'), 'Child'))).toBe('default');
});
