import { Chart, Duration, Size, Testing } from 'cdk8s';
import { Cpu, Secret } from 'cdk8s-plus-28';
import { ExtProcOptions } from '../src';
import { extProcSettings } from '../src/ext-proc-settings';

const PROXY_URL = { secret: Secret.fromSecretName(new Chart(Testing.app(), 'llm'), 'Proxy', 'proxy'), key: 'url' };

const refused: ReadonlyArray<readonly [string, ExtProcOptions, RegExp]> = [
  ['replicas with autoscaling', { replicas: 2, autoscaling: { maxReplicas: 3 } }, /^llm\/Gateway: extProc\.replicas and extProc\.autoscaling are both given, .*; leave one of them out$/],
  ['no replica', { replicas: 0 }, /^llm\/Gateway: extProc\.replicas 0 is not allowed; allowed: whole numbers from 1; /],
  ['half a replica', { replicas: 1.5 }, /extProc\.replicas 1\.5 is not allowed/],
  ['no least replica', { autoscaling: { minReplicas: 0, maxReplicas: 3 } }, /extProc\.autoscaling\.minReplicas 0 is not allowed/],
  ['most replicas below the least', { autoscaling: { minReplicas: 4, maxReplicas: 3 } }, /extProc\.autoscaling\.maxReplicas 3 is not allowed; allowed: whole numbers from minReplicas, which is 4/],
  ['most replicas below the default of the least', { autoscaling: { maxReplicas: 1 } }, /maxReplicas 1 is not allowed; allowed: whole numbers from minReplicas, which is 2/],
  ['a target of 0', { autoscaling: { maxReplicas: 3, targetCpuUtilizationPercent: 0 } }, /targetCpuUtilizationPercent 0 is not allowed; allowed: whole numbers from 1 to 100/],
  ['a target of 101', { autoscaling: { maxReplicas: 3, targetCpuUtilizationPercent: 101 } }, /targetCpuUtilizationPercent 101 is not allowed/],
  ['autoscaling without a CPU request', { autoscaling: { maxReplicas: 3 }, resources: { cpu: { limit: Cpu.units(1) } } }, /extProc\.autoscaling goes by the use of the CPU request.*; give resources\.cpu\.request$/],
  ['an empty image', { image: '' }, /extProc\.image "" is not allowed/],
  ['an image with a space', { image: 'llmgw: 1' }, /extProc\.image "llmgw: 1" is not allowed/],
  ['a label that selects', { podLabels: { 'app.kubernetes.io/instance': 'x' } }, /extProc\.podLabels sets "app\.kubernetes\.io\/instance", which selects the pods of ExtProc/],
  ['a toleration of a value without key', { tolerations: [{}, { value: 'x' }] }, /extProc\.tolerations\[1\] has a value without a key/],
  ['a toleration of half a second', { tolerations: [{ key: 'a', evictAfter: Duration.millis(500) }] }, /extProc\.tolerations\[0\]\.evictAfter is not a whole number of seconds/],
  ['a body limit of 0', { bodyLimit: Size.mebibytes(0) }, /extProc\.bodyLimit of 0 KiB is not allowed/],
  ['a body limit of half a KiB', { bodyLimit: Size.kibibytes(0.5) }, /extProc\.bodyLimit of 0\.5 KiB is not allowed/],
  ['no time to drain', { drainTimeout: Duration.seconds(0) }, /extProc\.drainTimeout of 0 seconds is not allowed/],
  ['half a second to drain', { drainTimeout: Duration.millis(500) }, /extProc\.drainTimeout of 0\.5 seconds is not allowed/],
  ['a bad namespace of Envoy', { envoyNamespace: 'Envoy_System' }, /extProc\.envoyNamespace "Envoy_System" is not the name of a namespace/],
  ['a proxy without a proxy', { proxy: { noProxy: ['a.example'] } }, /extProc\.proxy names no proxy; give httpsProxy or httpProxy, or leave proxy out$/],
  ['a proxy that is no URL', { proxy: { httpsProxy: 'proxy:3128' } }, /extProc\.proxy\.httpsProxy must be a URL such as http:\/\/proxy\.example\.com:3128; allowed: http, https, no path$/],
  ['a proxy of another kind', { proxy: { httpProxy: 'socks5://proxy:1080' } }, /extProc\.proxy\.httpProxy must be a URL such as/],
  ['a proxy with a path', { proxy: { httpProxy: 'http://proxy:3128/x' } }, /extProc\.proxy\.httpProxy must be a URL such as/],
  ['a proxy given twice', { proxy: { httpProxy: 'http://proxy:3128', httpProxySecret: PROXY_URL } }, /extProc\.proxy\.httpProxy and extProc\.proxy\.httpProxySecret are both given; leave one of them out$/],
  ['a range of addresses', { proxy: { httpProxy: 'http://proxy:3128', noProxy: ['10.0.0.0/8'] } }, /extProc\.proxy\.noProxy "10\.0\.0\.0\/8" is not allowed; allowed: .*; ranges of addresses are not understood, so name each host$/],
  ['several hosts in one', { proxy: { httpProxy: 'http://proxy:3128', noProxy: ['a,b'] } }, /extProc\.proxy\.noProxy "a,b" is not allowed/],
  ['all hosts', { proxy: { httpProxy: 'http://proxy:3128', noProxy: ['*'] } }, /extProc\.proxy\.noProxy "\*" is not allowed/],
  ['a bad namespace of scrapers', { metricsFrom: ['monitoring', ''] }, /extProc\.metricsFrom "" is not the name of a namespace/],
];

test.each(refused)('refuses %s', (_, options, message) => {
  expect(() => extProcSettings('llm/Gateway', options)).toThrow(message);
});

test.each(['http://user:planted@proxy:3128', 'user:planted@proxy:3128', 'http://planted@proxy'])('refuses a proxy with a credential, and does not show it: %s', (httpsProxy) => {
  const refusal = () => extProcSettings('llm/Gateway', { proxy: { httpsProxy } });
  expect(refusal).toThrow(/^llm\/Gateway: extProc\.proxy\.httpsProxy holds a user or a password, .*; put the whole URL into a Secret and give its key as httpsProxySecret: \{ secret, key \}$/);
  expect(refusal).not.toThrow(/planted/);
});

test.each<[string, ExtProcOptions]>([
  ['proxies', { proxy: { httpsProxy: 'https://proxy.example.com', httpProxySecret: PROXY_URL, noProxy: ['.corp.example', '*.b.example', 'c:8080', '10.0.0.7'] } }],
  ['one replica', { replicas: 1 }],
  ['as many replicas at most as at least', { autoscaling: { minReplicas: 1, maxReplicas: 1, targetCpuUtilizationPercent: 100 } }],
  ['half a MiB', { bodyLimit: Size.mebibytes(0.5) }],
  ['further labels', { podLabels: { 'app.kubernetes.io/part-of': 'x' } }],
])('takes %s', (_, options) => {
  expect(() => extProcSettings('llm/Gateway', options)).not.toThrow();
});
