import { Duration } from 'cdk8s';
import { gatewayDuration } from '../src/gateway-duration';

test.each([
  [Duration.minutes(10), '10m'], [Duration.seconds(90), '1m30s'], [Duration.millis(1500), '1s500ms'], [Duration.hours(25), '25h'], [Duration.seconds(0), '0s'], [Duration.days(1), '24h'],
])('%s is %s', (duration, text) => {
  expect(gatewayDuration(duration)).toBe(text);
  expect(text).toMatch(/^([0-9]{1,5}(h|m|s|ms)){1,4}$/);
});
