import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

test('examples/quickstart, as a whole', () => {
  const folder = mkdtempSync(join(tmpdir(), 'llmgw-quickstart-'));
  const outdir = process.env.CDK8S_OUTDIR;
  process.env.CDK8S_OUTDIR = folder;
  try {
    jest.requireActual('../examples/quickstart/main');
    const files = readdirSync(folder).filter((name) => name.endsWith('.yaml')).sort();

    expect(files).toHaveLength(2);
    // The CRDs have tests of their own; here only that they are the first to be applied.
    expect(readFileSync(join(folder, files[0]), 'utf8').match(/^kind: .*/gm)).toEqual(['kind: CustomResourceDefinition', 'kind: CustomResourceDefinition']);
    expect(readFileSync(join(folder, files[1]), 'utf8')).toMatchSnapshot();
  } finally {
    if (outdir === undefined) delete process.env.CDK8S_OUTDIR;
    else process.env.CDK8S_OUTDIR = outdir;
    rmSync(folder, { recursive: true });
  }
});
