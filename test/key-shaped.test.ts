import { isKeyShaped, keyShapedPaths } from '../src/key-shaped';

const JWT = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiJ4In0abc', 'c2ln'].join('.');
const KEYS = ['sk-proj-abcdefghijklmnop', 'sk-ant-api03-0123456789abcdef', 'AKIAIOSFODNN7EXAMPLE', `AIza${'x'.repeat(35)}`, JWT, `Bearer ${JWT}`, `gsk_${'a'.repeat(40)}`];

test.each(KEYS)('%s looks like a key', (key) => {
  expect(isKeyShaped(key)).toBe(true);
  expect(isKeyShaped(`before ${key}`)).toBe(true);
});

test.each([
  'meta.llama3-70b-instruct-v1:0', 'us.anthropic.claude-sonnet-4-20250514-v1:0', 'vpce-0a1b2c3d-abcdefgh.bedrock-runtime.us-east-1.vpce.amazonaws.com', 'sk-model',
  'task-abcdefghijklmnopqrstuvwxyz', 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdefghijkl', 'ft:gpt-4o-2024-08-06:org:custom:abcdefgh',
])('%s does not', (name) => {
  expect(isKeyShaped(name)).toBe(false);
});

test('finds the path of values and of field names, and never says the key', () => {
  const paths = keyShapedPaths({ a: [{ b: KEYS[0] }, 'x', null, 3], [KEYS[1]]: 1, c: { d: 'e' } }, '');

  expect(paths).toEqual(['a[0].b', '']);
});
