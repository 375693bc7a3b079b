import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ts from 'typescript';
import { stringify } from 'yaml';
import { crdManifests } from '../../src/resources/crd/crd-manifests';

jest.setTimeout(60_000);

const ROOT = join(__dirname, '..', '..');

let source: ts.SourceFile;

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'crds-'));
  try {
    writeFileSync(join(folder, 'crds.yaml'), crdManifests().map((manifest) => stringify(manifest)).join('---\n'));
    execFileSync(join(ROOT, 'node_modules', '.bin', 'cdk8s'), ['import', 'crds.yaml', '--language', 'typescript', '--output', 'out', '--no-save'], {
      cwd: folder, stdio: 'pipe', env: { ...process.env, CDK8S_CHECK_UPGRADE: 'false' },
    });
    const file = 'aigateway.envoyproxy.io.ts';
    source = ts.createSourceFile(file, readFileSync(join(folder, 'out', file), 'utf8'), ts.ScriptTarget.Latest, true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

function members(name: string): Record<string, string> {
  const found = source.statements.find((statement): statement is ts.InterfaceDeclaration => ts.isInterfaceDeclaration(statement) && statement.name.text === name);
  return Object.fromEntries([...found?.members ?? []].filter((member): member is ts.PropertySignature => ts.isPropertySignature(member)).map((member) => [
    `${member.name.getText(source)}${member.questionToken ? '?' : ''}`, member.type?.getText(source) ?? '',
  ]));
}

test('cdk8s import reads our CRDs: both kinds become constructs', () => {
  const classes = source.statements.filter(ts.isClassDeclaration).map((declaration) => declaration.name?.text);
  expect(classes).toEqual(expect.arrayContaining(['LlmBackend', 'LlmRoute']));
});

test('what the types say is what the schema says', () => {
  expect(members('LlmRouteSpec')).toEqual({
    'inputSchema': 'LlmRouteSpecInputSchema',
    'httpRouteRef': 'LlmRouteSpecHttpRouteRef',
    'rules?': 'LlmRouteSpecRules[]',
    'costs?': 'LlmRouteSpecCosts[]',
    'timeouts?': 'LlmRouteSpecTimeouts',
    'failover?': 'LlmRouteSpecFailover',
    'modelAccess?': 'LlmRouteSpecModelAccess[]',
    'limitKeys?': 'LlmRouteSpecLimitKeys[]',
  });
  expect(members('LlmRouteSpecRulesBackendRefs')).toEqual({ 'name': 'string', 'namespace?': 'string', 'weight?': 'number', 'priority?': 'number', 'model?': 'string' });
  expect(Object.keys(members('LlmBackendSpec'))).toEqual(expect.arrayContaining(['outputSchema', 'backendRef', 'credential?', 'headers?', 'body?']));
  expect(Object.keys(members('LlmBackendSpecCredential'))).toEqual(expect.arrayContaining(['apiKey?', 'aws?', 'azure?', 'gcp?', 'fromRequestHeader?']));
});

test('enums of the schema are enums of the types', () => {
  const enums = new Map(source.statements.filter(ts.isEnumDeclaration).map((declaration) => [
    declaration.name.text, declaration.members.map((member) => (member.initializer as ts.StringLiteral).text),
  ]));
  expect(enums.get('LlmBackendSpecOutputSchemaSchema')).toEqual(['OpenAI', 'AzureOpenAI', 'Anthropic', 'AWSBedrock', 'AWSAnthropic', 'GCPVertexAI', 'GCPAnthropic', 'Cohere']);
  expect(enums.get('LlmRouteSpecRulesUnsupportedParameters')).toEqual(['Strict', 'Safe', 'Lenient']);
});
