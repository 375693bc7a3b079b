import { GatewayRef } from '../src';

test('holds what it is given, and nothing else', () => {
  expect({ ...GatewayRef.named('shared') }).toEqual({ name: 'shared', namespace: undefined, sectionName: undefined, port: undefined });
  expect({ ...GatewayRef.named('shared', 'infra', { sectionName: 'https', port: 443 }) }).toEqual({ name: 'shared', namespace: 'infra', sectionName: 'https', port: 443 });
});
