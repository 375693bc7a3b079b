import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import { BackendConfiguration } from './configuration';
import { Sigv4Signer } from './credentials/sigv4-signer';
import { RequestHeaderCredential, SecretKeyReference } from '../resources/llm-backend';

export type HeaderPairs = ReadonlyArray<readonly [name: string, value: string]>;

/** The upstream request as a signature covers it. */
export interface SignableRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body: Uint8Array;
  /** A header of the client's request. */
  clientHeader(name: string): string | undefined;
}

/** No valid credential can be added. The message names the object and field, never a value. */
export class CredentialError extends Error {
  constructor(
    message: string,
    /** 401: the client did not bring what the backend demands; 502: the gateway's own credential is missing or unusable. */
    readonly status: 401 | 502,
  ) {
    super(message);
    this.name = 'CredentialError';
  }
}

/** The key of a Secret for Azure or GCP whose value is a bearer token that somebody else rotates. */
export const ACCESS_TOKEN_KEY = 'access_token';

/** Credentials for upstream requests: API keys at once, AWS signatures by the SDK's own signer. */
export class Credentials {
  private readonly defaultChains = new Map<string, AwsCredentialIdentityProvider>();
  /** Signers by the bytes of the Secret's key, so that a rotated Secret gets a signer of its own. */
  private readonly signers = new WeakMap<Uint8Array, Map<string, Sigv4Signer>>();

  constructor(private readonly now: () => Date = () => new Date()) {}

  /** Headers to set, or a promise where something must be signed. Throws (or rejects with) `CredentialError`. */
  headers(backend: BackendConfiguration, request: SignableRequest): HeaderPairs | Promise<HeaderPairs> {
    const { credential, outputSchema } = backend.resource.spec;
    if (credential === undefined) return [];
    const { fromRequestHeader } = credential;
    if (credential.aws !== undefined || fromRequestHeader?.prefix !== undefined) return this.signed(backend, request);
    const own = fromRequestHeader?.name === undefined ? '' : (request.clientHeader(fromRequestHeader.name.toLowerCase()) ?? '').replace(/^Bearer(\s+|$)/i, '').trim();
    if (own !== '') return apiKeyHeaders(outputSchema.schema, own);
    refuseMissing(fromRequestHeader);
    const reference = credential.apiKey?.secretRef ?? credential.azure?.secretRef ?? credential.gcp?.secretRef;
    // What stands under another key (a client secret, a service account) signs in for a token, and must never be sent as one.
    if ((credential.azure ?? credential.gcp) !== undefined && reference?.key !== ACCESS_TOKEN_KEY) {
      throw new CredentialError(`LLMBackend ${backend.key}: this version does not sign in to Azure or GCP by itself; give a secretRef with key ${ACCESS_TOKEN_KEY}`, 502);
    }
    if (reference === undefined) return [];
    const value = Buffer.from(secretBytes(backend, reference)).toString('utf8').trim();
    if (value === '' || /[\r\n\0]/.test(value)) {
      throw new CredentialError(`LLMBackend ${backend.key}: key ${reference.key} of Secret ${reference.name} is empty or has more than one line`, 502);
    }
    return credential.apiKey ? apiKeyHeaders(outputSchema.schema, value) : [['authorization', `Bearer ${value}`]];
  }

  private signed(backend: BackendConfiguration, { method, path: pathAndQuery, body, clientHeader }: SignableRequest): HeaderPairs | Promise<HeaderPairs> {
    if (backend.endpoint === undefined) throw new CredentialError(`LLMBackend ${backend.key}: its Backend was not found, so there is no host to sign for`, 502);
    const [path, search] = pathAndQuery.split('?', 2);
    const query = search === undefined ? {} : Object.fromEntries(new URLSearchParams(search));
    const failed = (error: unknown): never => {
      // The SDK's messages name providers and files; its details may hold more, so they stay here.
      throw new CredentialError(`LLMBackend ${backend.key}: no AWS credential could be had (${(error as Error).name})`, 502);
    };
    const signer = this.signer(backend, clientHeader);
    try {
      const headers = signer.sign({ method, path, query, host: upstreamHost(backend), body }, this.now());
      return headers instanceof Promise ? headers.catch(failed) : headers;
    } catch (error) {
      return failed(error);
    }
  }

  private signer(backend: BackendConfiguration, clientHeader: SignableRequest['clientHeader']): Sigv4Signer {
    const { aws, fromRequestHeader } = backend.resource.spec.credential ?? {};
    const region = aws?.region ?? /\.([a-z]{2}(?:-[a-z]+)+-\d)\./.exec(`.${upstreamHost(backend)}`)?.[1] ?? 'us-east-1';
    const brought = fromRequestHeader?.prefix === undefined ? undefined : broughtIdentity(fromRequestHeader.prefix.toLowerCase(), clientHeader);
    if (brought !== undefined) return newSigner(region, brought);
    refuseMissing(fromRequestHeader);
    if (aws?.secretRef === undefined) {
      let chain = this.defaultChains.get(region);
      if (chain === undefined) {
        chain = fromNodeProviderChain({ clientConfig: { region } });
        this.defaultChains.set(region, chain);
      }
      return newSigner(region, chain);
    }
    const bytes = secretBytes(backend, aws.secretRef);
    const byRegion = this.signers.get(bytes) ?? new Map<string, Sigv4Signer>();
    this.signers.set(bytes, byRegion);
    let signer = byRegion.get(region);
    if (signer === undefined) {
      signer = newSigner(region, identityOf(backend, aws.secretRef, Buffer.from(bytes).toString('utf8')));
      byRegion.set(region, signer);
    }
    return signer;
  }
}

/** The host that the upstream request carries: a pinned rule of the HTTPRoute rewrites `:authority` to it. */
export function upstreamHost(backend: BackendConfiguration): string {
  const { endpoint } = backend;
  if (endpoint === undefined) return '';
  const url = new URL(endpoint.origin);
  return endpoint.serverName ?? url.host;
}

function newSigner(region: string, credentials: AwsCredentialIdentity | AwsCredentialIdentityProvider): Sigv4Signer {
  return new Sigv4Signer('bedrock', region, credentials);
}

/** How each dialect's provider takes an API key. */
function apiKeyHeaders(schema: string, key: string): HeaderPairs {
  switch (schema) {
    case 'AzureOpenAI': return [['api-key', key]];
    case 'Anthropic': return [['x-api-key', key]];
    case 'GCPVertexAI': return [['x-goog-api-key', key]];
    default: return [['authorization', `Bearer ${key}`]];
  }
}

function refuseMissing(fromRequestHeader: RequestHeaderCredential | undefined): void {
  if (fromRequestHeader?.required !== true) return;
  throw new CredentialError(`this model needs the caller's own credential in header ${fromRequestHeader.name ?? `${fromRequestHeader.prefix ?? ''}access-key-id`}`, 401);
}

function broughtIdentity(prefix: string, clientHeader: SignableRequest['clientHeader']): AwsCredentialIdentity | undefined {
  const accessKeyId = clientHeader(`${prefix}access-key-id`);
  const secretAccessKey = clientHeader(`${prefix}secret-access-key`);
  const sessionToken = clientHeader(`${prefix}session-token`);
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}

function secretBytes(backend: BackendConfiguration, reference: SecretKeyReference): Uint8Array {
  const bytes = backend.secret(reference.name, reference.key);
  if (bytes === undefined) throw new CredentialError(`LLMBackend ${backend.key}: Secret ${reference.name} has no key ${reference.key}, or there is no such Secret`, 502);
  return bytes;
}

/** The `[default]` profile of an AWS shared credentials file. */
function identityOf(backend: BackendConfiguration, reference: SecretKeyReference, file: string): AwsCredentialIdentity {
  const values = new Map<string, string>();
  let profile = 'default';
  for (const line of file.split(/\r?\n/)) {
    // As in the SDKs, a comment begins at the line's start or after white space.
    const text = line.replace(/(^|\s)[#;].*$/, '');
    const section = /^\s*\[\s*([^\]]+?)\s*\]\s*$/.exec(text);
    if (section) profile = section[1];
    const pair = /^\s*(aws_access_key_id|aws_secret_access_key|aws_session_token)\s*=\s*(\S+)\s*$/.exec(text);
    if (pair && profile === 'default') values.set(pair[1], pair[2]);
  }
  const accessKeyId = values.get('aws_access_key_id');
  const secretAccessKey = values.get('aws_secret_access_key');
  const sessionToken = values.get('aws_session_token');
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new CredentialError(
      `LLMBackend ${backend.key}: key ${reference.key} of Secret ${reference.name} must be an AWS credentials file whose [default] profile has aws_access_key_id and aws_secret_access_key`, 502,
    );
  }
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}
