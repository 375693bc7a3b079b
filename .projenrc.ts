import { cdk8s, javascript } from 'projen';

const nodeMinimum = '20.18.1';

const project = new cdk8s.ConstructLibraryCdk8s({
  name: 'cdk8s-llm-gateway',
  description: 'Typed cdk8s constructs for an LLM gateway on stock Envoy Gateway, and the ExtProc server that they deploy',
  author: 'The cdk8s-llm-gateway authors',
  authorAddress: 'cdk8s-llm-gateway@users.noreply.github.com',
  repositoryUrl: 'https://github.com/cdk8s-llm-gateway/cdk8s-llm-gateway.git',
  license: 'Apache-2.0',
  copyrightOwner: 'The cdk8s-llm-gateway authors',
  keywords: ['cdk8s', 'kubernetes', 'constructs', 'llm', 'llm-gateway', 'ai-gateway', 'envoy', 'envoy-gateway', 'gateway-api', 'openai', 'bedrock'],
  defaultReleaseBranch: 'main',
  packageManager: javascript.NodePackageManager.NPM,
  minNodeVersion: nodeMinimum,
  projenrcTs: true,
  publishToPypi: { distName: 'cdk8s-llm-gateway', module: 'cdk8s_llm_gateway' },

  cdk8sVersion: '2.70.0',
  constructsVersion: '10.4.0',
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.3',
  peerDeps: ['cdk8s-plus-28@^2.5.6'],
  integrationTestAutoDiscover: false,

  // What consumers of the constructs never install: llmgw is bundled into one file.
  devDeps: [
    'cdk8s-cli', 'cdk8s-plus-28@2.5.6', 'esbuild', 'fast-check',
    '@aws-sdk/client-bedrock-runtime', '@aws-sdk/credential-providers', '@smithy/signature-v4',
    '@smithy/eventstream-codec', '@smithy/types', '@smithy/util-utf8', '@smithy/node-http-handler', '@smithy/shared-ini-file-loader',
    '@azure/identity@^4', 'google-auth-library@^10',
    '@kubernetes/client-node@^1', 'openai@^6.30.1', 'undici@^7', 'ajv@^8', 'commander@^14', 'yaml@^2', 'pino@^10', 'prom-client@^15', 're2js@^2',
    'fflate', 'chokidar@^4',
    // Types of the dialects, and data of the model catalog.
    '@anthropic-ai/sdk', '@google/genai', 'cohere-ai', '@pydantic/genai-prices',
    // Oracles and callers in the tests.
    'ai', '@ai-sdk/openai', '@langchain/core', '@langchain/openai',
    '@grpc/grpc-js', '@grpc/proto-loader',
    '@types/node@^20', 'eslint-plugin-import',
  ],

  bin: { llmgw: 'dist/llmgw.js' },
  sampleCode: false,
  github: false,
  release: false,
  depsUpgrade: false,
  buildWorkflow: false,
  pullRequestTemplate: false,
  docgenFilePath: 'API.md',
  tsconfig: {
    compilerOptions: { rootDir: '.' },
    include: ['imports/**/*.ts'],
  },
  tsconfigDevFile: 'tsconfig.dev.json',
  tsconfigDev: {
    compilerOptions: { rootDir: '.', noEmit: true },
    include: ['src/**/*.ts', 'imports/**/*.ts', 'test/**/*.ts', 'examples/**/*.ts', 'bench/**/*.ts', 'projenrc/**/*.ts', '.projenrc.ts'],
    exclude: ['node_modules', 'lib', 'dist', '.cache'],
  },
  excludeTypescript: ['test/**', 'examples/**', 'bench/**', 'src/runtime/**', 'src/extproc/**', 'src/cli/**', 'coverage/**', '.cache/**'],
  jestOptions: {
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    jestVersion: '^30',
    junitReporting: false,
    jestConfig: {
      collectCoverage: false,
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '/test/e2e/'],
      modulePathIgnorePatterns: ['<rootDir>/lib/', '<rootDir>/dist/', '<rootDir>/.cache/'],
    },
  },
  eslintOptions: { dirs: ['src'], devdirs: ['test', 'examples', 'bench', 'projenrc'], fileExtensions: ['.ts'] },
  gitignore: ['/.cache/', '/examples/*/dist/', '/bench/out/', '*.tgz', '.jsii.tabl.json', '/dist/', '/lib/', '.jsii', 'tsconfig.json', '/.k8slab/'],
});

// jsii wants source maps inline; they are two thirds of the package, so they stay out.
project.tsconfig?.file.addOverride('compilerOptions.inlineSourceMap', false);
project.tsconfig?.file.addOverride('compilerOptions.inlineSources', false);
project.package.addField('main', 'lib/src/index.js');
project.package.addField('types', 'lib/src/index.d.ts');
// Later versions name platform packages that not every npm mirror has, and npm then writes a lock file that `npm ci` refuses.
project.package.addPackageResolutions('unrs-resolver@1.11.1');
project.package.addEngine('node', `>= ${nodeMinimum}`);
project.npmignore?.addPatterns('/.ci/', '/bench/', '/docs/', '/examples/', '/imports/', '/test/', 'API.md', '/projenrc/', '.projenrc.ts', '/.cache/',
  '/lib/src/runtime/', '/lib/src/extproc/', '/lib/src/cli/', 'Dockerfile', '.dockerignore', 'tsconfig.json', '.jsii.tabl.json');
// With the folder itself left out, npm takes all of it for the sake of one file.
project.npmignore?.addPatterns('/dist/*');
project.npmignore?.include('/dist/llmgw.js');
project.tasks.addEnvironment('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', '20');
project.tasks.addEnvironment('JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION', '20');
project.tasks.addEnvironment('CDK8S_CHECK_UPGRADE', 'false');
// What providers send is kept byte for byte, line ends too.
project.gitattributes.addAttributes('/test/fixtures/**', '-text');


// Imports point one way: constructs -> {resources, routing, translate}; cli -> extproc -> runtime -> {routing, translate, resources}.
const zone = (target: string[], from: string[], message: string) => ({ target, from, message });
const constructs = './src/*.ts';
project.eslint?.addRules({
  'import/no-restricted-paths': ['error', {
    zones: [
      zone(['./src/resources/**'], ['./src/routing/**', './src/translate/**', './src/runtime/**', './src/extproc/**', './src/cli/**', constructs, './imports/**'], 'resources is the bottom layer: it imports nothing of ours'),
      zone(['./src/routing/**'], ['./src/translate/**', './src/runtime/**', './src/extproc/**', './src/cli/**', constructs, './imports/**'], 'routing may import resources only'),
      zone(['./src/translate/**'], ['./src/routing/**', './src/runtime/**', './src/extproc/**', './src/cli/**', constructs, './imports/**'], 'translate may import resources only'),
      zone(['./src/runtime/**'], ['./src/extproc/**', './src/cli/**', constructs, './imports/**'], 'runtime may import routing, translate and resources only'),
      zone(['./src/extproc/**'], ['./src/cli/**', constructs, './imports/**'], 'extproc stands on runtime, not on cli or the constructs'),
      zone(['./src/cli/**'], [constructs, './imports/**'], 'llmgw does not load the constructs'),
      zone([constructs], ['./src/runtime/**', './src/extproc/**', './src/cli/**'], 'constructs load no server code'),
    ],
  }],
  '@typescript-eslint/member-ordering': 'off',
  'no-bitwise': 'off', // checksums and binary framing
  '@stylistic/max-len': ['error', { code: 170, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreComments: true, ignoreRegExpLiterals: true }],
  'max-lines': ['warn', { max: 400, skipBlankLines: true, skipComments: true }],
});
project.eslint?.addRules({ '@typescript-eslint/no-explicit-any': ['error'] });
project.eslint?.addIgnorePattern('imports/**');
project.eslint?.addRules({
  '@typescript-eslint/no-floating-promises': ['error', {
    allowForKnownSafeCalls: [{ from: 'package', package: 'node:test', name: ['test', 'describe'] }],
  }],
});
const eslintConfig = project.tryFindObjectFile('.eslintrc.json');
eslintConfig?.addDeletionOverride('parserOptions.projectService');
eslintConfig?.addOverride('parserOptions.project', './tsconfig.dev.json');
eslintConfig?.addOverride('settings.import/resolver.typescript.project', './tsconfig.dev.json');

for (const folder of ['runtime', 'extproc', 'cli']) project.eslint?.allowDevDeps(`src/${folder}/**`);

const bundle = project.addTask('bundle', {
  description: 'Bundle the llmgw command into dist/llmgw.js',
  exec: 'ts-node -T -P tsconfig.dev.json projenrc/bundle.ts',
});
const typecheck = project.addTask('typecheck', { description: 'Type-check everything, the server and the tests included', exec: 'tsc --noEmit -p tsconfig.dev.json' });
const snippets = project.addTask('snippets', {
  description: 'Compile the snippets of README, docs and docstrings',
  // The snippets import the package by its name, as its users do.
  steps: [
    { exec: 'ln -sfn .. node_modules/cdk8s-llm-gateway' },
    { exec: 'jsii-rosetta extract --strict --compile --directory .' },
    { exec: 'ts-node -T -P tsconfig.dev.json projenrc/docs-snippets.ts' },
  ],
});
project.addTask('import', {
  description: 'Regenerate imports/ (L1 constructs) from the CRDs of Gateway API, Envoy Gateway and ours',
  exec: 'ts-node -T -P tsconfig.dev.json projenrc/import.ts',
});
project.addTask('translation-docs', {
  description: 'Write docs/translation.md from the parameter tables of the translators',
  exec: 'ts-node -T -P tsconfig.dev.json projenrc/translation-docs.ts',
});
project.addTask('models-docs', {
  description: 'Write the tables of docs/models.md from the catalog of servers that imitate OpenAI\'s API',
  exec: 'ts-node -T -P tsconfig.dev.json projenrc/models-docs.ts',
});
project.addTask('demo', { description: 'Build, synthesize examples/quickstart and call it locally', steps: [{ spawn: 'bundle' }, { exec: 'ts-node -T -P tsconfig.dev.json examples/quickstart/demo.ts' }] });
project.addTask('e2e', { description: 'End to end on real Envoy and Envoy Gateway (fetched when missing)', steps: [{ spawn: 'bundle' }, { exec: 'ts-node -T -P tsconfig.dev.json test/e2e/run.ts', receiveArgs: true }] });
project.addTask('e2e:k8s', { description: 'End to end on a real API server, with Envoy Gateway\'s Kubernetes provider (built when missing; needs root)', steps: [{ spawn: 'bundle' }, { exec: 'ts-node -T -P tsconfig.dev.json test/e2e/run-kubernetes.ts', receiveArgs: true }] });
const python = project.addTask('python', { description: 'The constructs from Python: the same YAML to the byte (fetches what the package depends on)' });
python.spawn(project.compileTask);
python.spawn(bundle);
python.exec('ts-node -T -P tsconfig.dev.json test/python/run.ts');
project.addTask('bench', { description: 'CPU, latency and memory beside plain Envoy and a no-op ext_proc', steps: [{ spawn: 'bundle' }, { exec: 'ts-node -T -P tsconfig.dev.json bench/run.ts', receiveArgs: true }] });

project.testTask.reset();
project.testTask.spawn(project.compileTask);
project.testTask.spawn(bundle);
project.testTask.spawn(typecheck);
project.testTask.exec('jest --ci', { receiveArgs: true });
const lint = project.addTask('lint', { description: 'ESLint without changing a file', env: { ESLINT_USE_FLAT_CONFIG: 'false', NODE_NO_WARNINGS: '1' }, exec: 'eslint --ext .ts --max-warnings 0 --no-error-on-unmatched-pattern src test examples bench projenrc .projenrc.ts' });
project.testTask.spawn(lint);
project.testTask.spawn(snippets);

project.synth();
