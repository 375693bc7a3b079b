import { Secret } from 'cdk8s-plus-28';
import { llmGateway, manifestOf } from './attachment-stand-in';
import { ExtProcProxy } from '../src';
import { proxyEnvironment } from '../src/ext-proc-proxy-environment';
import { proxySettings } from '../src/runtime/proxy-settings';

interface Variable {
  readonly name: string;
  readonly value?: string;
}

function environmentOf(proxy?: ExtProcProxy): Variable[] | undefined {
  return manifestOf(llmGateway({ gatewayClassName: 'eg', extProc: proxy && { proxy } }), 'Deployment').spec.template.spec.containers[0].env;
}

const CLUSTER = 'localhost,127.0.0.1,.svc,.svc.cluster.local,169.254.169.254,169.254.170.23,metadata.google.internal';

test('without a proxy there is no environment', () => {
  expect(environmentOf()).toBeUndefined();
});

test('both proxies, and hosts that are called directly after those of the cluster', () => {
  expect(environmentOf({ httpsProxy: 'http://proxy.example.com:3128', httpProxy: 'http://plain.example.com', noProxy: ['internal.example.com', '10.0.0.7:8080'] })).toEqual([
    { name: 'HTTPS_PROXY', value: 'http://proxy.example.com:3128' },
    { name: 'HTTP_PROXY', value: 'http://plain.example.com' },
    { name: 'NO_PROXY', value: `${CLUSTER},internal.example.com,10.0.0.7:8080` },
  ]);
});

test('a URL with user and password comes from a Secret', () => {
  // GIVEN
  const gateway = llmGateway({ gatewayClassName: 'eg' });
  const secret = Secret.fromSecretName(gateway, 'Proxy', 'proxy');

  // THEN
  expect(environmentOf({ httpsProxySecret: { secret, key: 'url' } })).toEqual([
    { name: 'HTTPS_PROXY', valueFrom: { secretKeyRef: { name: 'proxy', key: 'url' } } },
    { name: 'NO_PROXY', value: CLUSTER },
  ]);
});

test('ExtProc reads it as it was meant', () => {
  const read = (proxy: ExtProcProxy) => proxySettings(Object.fromEntries(proxyEnvironment(proxy).map(({ name, value }) => [name, value])));
  expect(read({ httpsProxy: 'http://proxy.example.com:3128', noProxy: ['a'] })).toEqual({ httpsProxy: 'http://proxy.example.com:3128', noProxy: `${CLUSTER},a` });
  expect(read({ httpProxy: 'https://plain.example.com' })).toEqual({ httpProxy: 'https://plain.example.com', noProxy: CLUSTER });
});

test('no NetworkPolicy keeps ExtProc from the proxy', () => {
  const { spec } = manifestOf(llmGateway({ gatewayClassName: 'eg', extProc: { proxy: { httpsProxy: 'http://proxy.example.com:3128' } } }), 'NetworkPolicy');
  expect([spec.policyTypes, spec.egress]).toEqual([['Ingress'], undefined]);
});
