import { version } from '../package.json';
import { EXT_PROC_IMAGE } from '../src/ext-proc-image';

test('is the image of this version of the package', () => {
  expect(EXT_PROC_IMAGE).toBe(`ghcr.io/cdk8s-llm-gateway/llmgw:${version}`);
});
