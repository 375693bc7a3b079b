import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explainCommand } from '../../src/cli/explain-command';
import { Explanation } from '../../src/cli/explanation';
import { limitKeyDigest } from '../../src/runtime/limit-keys';
import { limitsApp } from '../apps/limits';
import { TestIssuer } from '../apps/test-issuer';

let folder: string;
let exitCode: typeof process.exitCode;

beforeEach(() => {
  exitCode = process.exitCode;
  folder = mkdtempSync(join(tmpdir(), 'llmgw-explain-limits-'));
  writeFileSync(join(folder, 'app.yaml'), limitsApp(new TestIssuer().jwks).synthYaml());
});

afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = exitCode;
  rmSync(folder, { recursive: true });
});

async function explain(...args: readonly string[]): Promise<string> {
  const write = jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
  await explainCommand().exitOverride().parseAsync([folder, ...args], { from: 'user' });
  const text = write.mock.calls.map(([chunk]) => String(chunk)).join('');
  write.mockRestore();
  return text;
}

const limitsOf = async (...args: readonly string[]) => (JSON.parse(await explain(...args, '--json')) as Explanation).limits;

test('the budgets that count a request, whose they are, and what it begins with', async () => {
  const by = [{ header: 'x-ai-gateway-limit-key-x-tenant', value: limitKeyDigest('alice') }];
  const charged = expect.any(Number);
  expect(await limitsOf('--model', 'big.2', '--header', 'x-tenant=alice')).toEqual([
    { policy: 'llm/chat', rule: 0, budget: 6_000, unit: 'Year', metadataKey: 'total_tokens', by, charged },
    { policy: 'llm/chat', rule: 1, budget: 40, unit: 'Year', metadataKey: 'output_tokens', by, charged: 0 },
    { policy: 'llm/chat', rule: 2, budget: 1_000_000, unit: 'Year', metadataKey: 'total_tokens', by: [], charged },
  ]);
  expect((await limitsOf('--model', 'bigger', '--header', 'x-tenant=alice')).map(({ rule }) => rule)).toEqual([0, 2]);
});

test('money, in dollars', async () => {
  const text = await explain('--model', 'claude-sonnet-4-6', '--path', '/v1/messages', '--header', 'x-tenant=alice');
  expect(text).toMatch(/^limits {5}\$0\.0005 a year for x-ai-gateway-limit-key-x-tenant 2bd806c97f0e00af, rule 0 of BackendTrafficPolicy llm\/claude; this request begins with about \$0\.0000\d+$/m);
});

test('a model without a price, where money is counted', async () => {
  const file = join(folder, 'app.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('claude-sonnet-4-6', 'claude-made-up'));
  const text = await explain('--model', 'claude-made-up', '--path', '/v1/messages', '--header', 'x-tenant=alice');
  expect(text).toMatch(/^ {2}cost {7}neither spec.models nor a price list has a price of model claude-made-up: budgets of money do not count it$/m);
  expect(text).toMatch(/^limits {5}\$0\.0005 a year .*begins with about \$0$/m);
});

test('a request without the key is refused, and none counts it', async () => {
  const text = await explain('--model', 'big');
  expect(text).toContain('400 the request needs the header x-tenant: limits are counted by it');
  expect(text).not.toMatch(/^limits/m);
});
