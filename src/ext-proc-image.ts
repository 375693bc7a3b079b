import { existsSync, readFileSync } from 'fs';
import { join } from 'path';

const PACKAGE_JSON = 'package.json';

/** The image of ExtProc that was built from this very version of the package: what the constructs write is what it reads. */
export const EXT_PROC_IMAGE = `ghcr.io/cdk8s-llm-gateway/llmgw:${packageVersion()}`;

function packageVersion(): string {
  // This file is src/ext-proc-image.ts in a checkout and lib/src/ext-proc-image.js in the package.
  const manifest = [join(__dirname, '..', PACKAGE_JSON), join(__dirname, '..', '..', PACKAGE_JSON)].find((path) => existsSync(path));
  if (manifest === undefined) throw new Error(`cdk8s-llm-gateway: no ${PACKAGE_JSON} above ${__dirname}; install the package anew`);
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}
