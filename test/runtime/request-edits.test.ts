import { requestEdits } from '../../src/runtime/request-edits';

test('those of the backend come after those of the rule, and win', () => {
  expect(requestEdits({
    requestHeaders: { set: [{ name: 'X-Both', value: 'rule' }, { name: 'x-rule', value: 'a' }, { name: 'x-dropped', value: 'b' }], remove: ['X-Client'] },
    requestBody: { set: [{ path: 'user', value: '"rule"' }] },
  }, { headers: { set: [{ name: 'x-both', value: 'backend' }], remove: ['X-Dropped'] }, body: { remove: ['user'] } })).toEqual({
    setHeaders: [['x-rule', 'a'], ['x-both', 'backend']],
    removeHeaders: ['x-client', 'x-dropped'],
    body: [{ set: [{ path: 'user', value: '"rule"' }] }, { remove: ['user'] }],
  });
});

test('without any there is nothing to do', () => {
  expect(requestEdits({}, undefined)).toEqual({ setHeaders: [], removeHeaders: [], body: [] });
  expect(requestEdits({ requestBody: { set: [] } }, { body: { remove: [] } }).body).toEqual([]);
});
