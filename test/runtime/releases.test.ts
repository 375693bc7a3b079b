import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { parseObjects } from '../../src/resources/parse';
import { buildConfiguration } from '../../src/runtime/build-configuration';
import { Configuration } from '../../src/runtime/configuration';

/** Objects written by the constructs of releases are read by this version: clusters are not upgraded in one moment. */
const RELEASES = join(__dirname, '..', 'fixtures', 'releases');

/** LLMBackends that an app imports: somebody else's charts have them. */
const IMPORTED: Readonly<Record<string, readonly string[]>> = { 'all-options.yaml': ['llm/imported'] };

const files = readdirSync(RELEASES, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  .flatMap(({ name: release }) => readdirSync(join(RELEASES, release)).map((file) => [release, file] as const));

/** With a value for each key of a Secret that is referred to: Secrets are no part of what is synthesized. */
function load(release: string, file: string): Configuration {
  const documents = parseAllDocuments(readFileSync(join(RELEASES, release, file), 'utf8')).map((document) => ({ source: file, value: document.toJS() as unknown }));
  const resources = parseObjects(documents);
  const secretOverrides = new Map([...resources.llmBackends.values()].flatMap(({ metadata, spec: { credential } }) => (['apiKey', 'aws', 'azure', 'gcp'] as const).flatMap((kind) => {
    const reference = credential?.[kind]?.secretRef;
    return reference === undefined ? [] : [[`${metadata.namespace}/${reference.name}/${reference.key}`, Buffer.from('value')] as const];
  })));
  return buildConfiguration(resources, 1, { secretOverrides });
}

test('the first release is among them', () => {
  expect(files.filter(([release]) => release === '0.1').map(([, file]) => file).sort()).toEqual(['all-options.yaml', 'cross-namespace.yaml', 'http-route-mode.yaml', 'quickstart.yaml']);
});

test.each(files)('%s/%s: no problem, every model has its backends, every HTTPRoute its LLMRoute', (release, file) => {
  const { problems, routes, backends, routeOfHttpRoute } = load(release, file);
  const imported = IMPORTED[file] ?? [];
  expect(problems.filter(({ message }) => !imported.some((key) => message.startsWith(`there is no usable LLMBackend ${key};`)))).toEqual([]);
  expect([routes.size, backends.size > 0]).toEqual([1, true]);
  for (const route of routes.values()) {
    expect(routeOfHttpRoute(route.key)).toBe(route);
    expect(route.models.length).toBeGreaterThan(0);
    for (const { id } of route.models) {
      const headers: Readonly<Record<string, string>> = { 'x-tenant': 'a', 'x-plan': 'gold-1', 'x-region': 'eu-west-1' };
      const shares = route.shares(id, { method: 'POST', path: '/v1/chat/completions', authority: 'llm.example.com', header: (name) => headers[name] });
      expect(shares?.targets.length).toBeGreaterThan(0);
      for (const { target } of shares?.targets ?? []) expect([target.key, target.backend?.endpoint?.origin]).toEqual([target.key, expect.stringMatching(/^https?:\/\//)]);
    }
  }
});
