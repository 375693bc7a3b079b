import { apiKeyHeaders, bearerHeaders } from './api-key-headers';
import { awsSignIn } from './aws-sign-in';
import { newSigner, requestSigning, signingRegion } from './aws-signer';
import { azureSignIn } from './azure-sign-in';
import { broughtHeaders, broughtIdentity, missingCredential } from './caller-credential';
import { CredentialError } from './credential-error';
import { gcpSignIn } from './gcp-sign-in';
import { HeaderPairs } from './header-pairs';
import { Renewal, SignInError } from './renewal';
import { secretLine } from './secret-value';
import { SignIn } from './sign-in';
import { SignableRequest } from './signable-request';
import { ACCESS_TOKEN_KEY } from '../../resources/llm-backend';
import { BackendConfiguration } from '../configuration';

/** What one backend's requests get, worked out when the configuration is loaded. */
export interface BackendCredential {
  /** Throws (or rejects with) `CredentialError`. */
  headers(request: SignableRequest): HeaderPairs | Promise<HeaderPairs>;
  /** What is to be kept fresh for it. */
  readonly renewal?: Renewal<unknown>;
}

export interface CredentialServices {
  now(): Date;
  /** The renewal of this sign-in, the same for the same `id`. */
  renewal<T>(signIn: SignIn<T>): Renewal<T>;
}

const NO_HEADERS: HeaderPairs = [];

export function backendCredential(backend: BackendConfiguration, services: CredentialServices): BackendCredential {
  const { credential } = backend.resource.spec;
  const caller = credential?.fromRequestHeader;
  if (caller === undefined) return ownCredential(backend, services);
  const brought = broughtBy(backend, services);
  // Never used, so never signed in for.
  const own: BackendCredential = caller.required ? { headers: () => { throw missingCredential(caller); } } : ownCredential(backend, services);
  return { ...own, headers: (request) => brought(request) ?? own.headers(request) };
}

/** What the client brought. */
function broughtBy(backend: BackendConfiguration, { now }: CredentialServices): (request: SignableRequest) => HeaderPairs | Promise<HeaderPairs> | undefined {
  const { name, prefix } = backend.resource.spec.credential?.fromRequestHeader ?? {};
  const lowerName = name?.toLowerCase();
  if (lowerName !== undefined) return (request) => broughtHeaders(backend.resource, lowerName, request);
  const lowerPrefix = (prefix ?? '').toLowerCase();
  const region = signingRegion(backend);
  const sign = requestSigning(backend);
  return (request) => {
    const identity = broughtIdentity(lowerPrefix, request);
    return identity && sign(newSigner(region, identity), request, now());
  };
}

function ownCredential(backend: BackendConfiguration, services: CredentialServices): BackendCredential {
  const { credential: { apiKey, aws, azure, gcp } = {}, outputSchema } = backend.resource.spec;
  try {
    if (apiKey !== undefined) return constant(apiKeyHeaders(outputSchema.schema, secretLine(backend, apiKey.secretRef)));
    const token = [azure?.secretRef, gcp?.secretRef].find((reference) => reference?.key === ACCESS_TOKEN_KEY);
    if (token !== undefined) return constant(bearerHeaders(secretLine(backend, token)));
    if (azure !== undefined) return bearer(backend, azureSignIn(backend, azure), services);
    if (gcp !== undefined) return bearer(backend, gcpSignIn(backend, gcp), services);
    if (aws === undefined) return constant(NO_HEADERS);
    const signIn = awsSignIn(backend, aws);
    const sign = requestSigning(backend);
    return renewed(backend, signIn, services, (signer, request) => sign(signer, request, services.now()));
  } catch (error) {
    if (!(error instanceof CredentialError)) throw error;
    const { message, status } = error;
    return { headers: () => { throw new CredentialError(message, status); } };
  }
}

function constant(headers: HeaderPairs): BackendCredential {
  return { headers: () => headers };
}

function bearer(backend: BackendConfiguration, signIn: SignIn<string>, services: CredentialServices): BackendCredential {
  const pairs: SignIn<HeaderPairs> = {
    ...signIn,
    async fetch(signal) {
      const grant = await signIn.fetch(signal);
      return { ...grant, value: bearerHeaders(grant.value) };
    },
  };
  return renewed(backend, pairs, services, (headers) => headers);
}

function renewed<T>(
  backend: BackendConfiguration, signIn: SignIn<T>, services: CredentialServices, use: (value: T, request: SignableRequest) => HeaderPairs | Promise<HeaderPairs>,
): BackendCredential {
  const renewal = services.renewal(signIn);
  return {
    renewal,
    headers(request) {
      const { current } = renewal;
      return current === undefined ? late(request) : use(current, request);
    },
  };

  async function late(request: SignableRequest): Promise<HeaderPairs> {
    try {
      return await use(await renewal.wait(), request);
    } catch (error) {
      if (!(error instanceof SignInError)) throw error;
      throw new CredentialError(`LLMBackend ${backend.key}: no ${signIn.what} could be had: ${error.message}; check ${signIn.advice}`, 502);
    }
  }
}
