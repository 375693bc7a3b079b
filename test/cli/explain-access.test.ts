import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explainCommand } from '../../src/cli/explain-command';
import { Explanation } from '../../src/cli/explanation';
import { claimHeader, CLIENT_ID_HEADER } from '../../src/resources/client-identity';
import { accessApp } from '../apps/access';
import { TestIssuer } from '../apps/test-issuer';

let folder: string;
let exitCode: typeof process.exitCode;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'llmgw-explain-access-'));
  writeFileSync(join(folder, 'app.yaml'), accessApp(new TestIssuer().jwks).synthYaml());
});

beforeEach(() => {
  exitCode = process.exitCode;
});

afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = exitCode;
});

afterAll(() => rmSync(folder, { recursive: true }));

async function explain(hostname: string, model: string, header: readonly string[], ...more: readonly string[]): Promise<string> {
  const write = jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
  const headers = header.flatMap((one) => ['--header', one]);
  await explainCommand().exitOverride().parseAsync([folder, '--hostname', hostname, '--model', model, ...headers, ...more], { from: 'user' });
  const text = write.mock.calls.map(([chunk]) => String(chunk)).join('');
  write.mockRestore();
  return text;
}

const explained = async (hostname: string, model: string, ...header: readonly string[]) => JSON.parse(await explain(hostname, model, header, '--json')) as Explanation;

test('the rules that are for the client, and that one of them allows the model', async () => {
  const { access, backends, answer } = await explained('keys.example.com', 'gpt-large', `${CLIENT_ID_HEADER}=team-b`);
  expect(access).toEqual({ allowed: true, rules: [{ rule: 1, allows: true, clients: ['team-b'] }], others: 2 });
  expect(backends.map(({ backend }) => backend)).toEqual(['llm/main']);
  expect(answer).toBeUndefined();
  expect(process.exitCode).toBe(0);
});

test('a model that none of the rules allows: 403, and no backend gets the request', async () => {
  const { access, backends, answer, limits } = await explained('keys.example.com', 'gpt-large', `${CLIENT_ID_HEADER}=team-a`);
  expect(access).toMatchObject({ allowed: false, rules: [{ rule: 0, allows: false, clients: ['team-a'] }], others: 2 });
  expect({ backends, limits, answer }).toEqual({ backends: [], limits: [], answer: { status: 403, message: 'this caller may not use this model' } });
  expect(process.exitCode).toBe(1);
});

test('a client that no rule names', async () => {
  const { access, answer } = await explained('keys.example.com', 'gpt-large');
  expect(access).toEqual({ allowed: false, rules: [], others: 3 });
  expect(answer?.status).toBe(403);
});

test('claims, one of them a list as Envoy writes it', async () => {
  const groups = Buffer.from(JSON.stringify(['users', 'admins'])).toString('base64url');
  const { access } = await explained('tokens.example.com', 'mistral-7b', `${claimHeader('groups')}=${groups}`, `${claimHeader('org.team')}=sales`);
  expect(access).toMatchObject({ allowed: true, rules: [{ rule: 0, allows: false }, { rule: 1, allows: true }], others: 0 });
});

test('as people read it', async () => {
  const allowed = await explain('keys.example.com', 'llama-8b', [`${CLIENT_ID_HEADER}=team-a`]);
  expect(allowed).toMatch(/^access {5}rule 0 of spec\.modelAccess allows it: clients team-a; models gpt-small, edited, edited-takeover, llama-\*$/m);
  const refused = await explain('tokens.example.com', 'mistral-7b', [`${claimHeader('org.team')}=sales`]);
  expect(refused).toMatch(/^access {5}rule 0 of spec\.modelAccess does not allow it: claim org\.team is research or sales; models gpt-small$/m);
  expect(refused).toMatch(/^ {11}no rule of spec\.modelAccess allows it; 1 rule is for other clients$/m);
  expect(refused).toMatch(/^answered {3}403 this caller may not use this model$/m);
});

test('a route without such rules says nothing of access', async () => {
  expect(await explained('open.example.com', 'gpt-small')).not.toHaveProperty('access');
});

test('what the gateway refuses by itself is not put down to access', async () => {
  const { answer } = await explained('keys.example.com', 'unknown', `${CLIENT_ID_HEADER}=team-b`);
  expect(answer?.status).toBe(404);
});
