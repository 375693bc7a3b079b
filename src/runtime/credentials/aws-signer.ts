import type { AwsCredentialIdentity } from '@smithy/types';
import { CredentialError } from './credential-error';
import { HeaderPairs } from './header-pairs';
import { SignableRequest } from './signable-request';
import { Sigv4Signer } from './sigv4-signer';
import { BackendConfiguration } from '../configuration';

export function newSigner(region: string, identity: AwsCredentialIdentity): Sigv4Signer {
  return new Sigv4Signer('bedrock', region, identity);
}

/** The region to sign for: the credential's, or what the endpoint's name says. */
export function signingRegion(backend: BackendConfiguration): string {
  return backend.resource.spec.credential?.aws?.region ?? /\.([a-z]{2}(?:-[a-z]+)+-\d)\./.exec(`.${upstreamHost(backend)}`)?.[1] ?? 'us-east-1';
}

/** The host that the upstream request carries: a pinned rule of the HTTPRoute rewrites `:authority` to it. */
function upstreamHost({ endpoint }: BackendConfiguration): string {
  return endpoint === undefined ? '' : endpoint.serverName ?? new URL(endpoint.origin).host;
}

/** Signs requests to this backend. */
export type RequestSigning = (signer: Sigv4Signer, request: SignableRequest, date: Date) => HeaderPairs | Promise<HeaderPairs>;

/** What is returned throws `CredentialError` where the backend's address is not known. */
export function requestSigning(backend: BackendConfiguration): RequestSigning {
  const host = upstreamHost(backend);
  return (signer, { method, path: pathAndQuery, body }, date) => {
    if (host === '') throw new CredentialError(`LLMBackend ${backend.key}: its Backend was not found, so there is no host to sign for`, 502);
    const [path, search] = pathAndQuery.split('?', 2);
    const query = search === undefined ? {} : Object.fromEntries(new URLSearchParams(search));
    return signer.sign({ method, path, query, host, body }, date);
  };
}
