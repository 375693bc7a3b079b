import { credentialSource } from './credential-source';
import { RequestHeaderCredential } from '../resources/llm-backend';
import { BackendConfiguration } from '../runtime/configuration';
import { apiKeyHeaders, bearerHeaders } from '../runtime/credentials/api-key-headers';
import { newSigner, requestSigning, signingRegion } from '../runtime/credentials/aws-signer';
import { broughtHeaders, broughtIdentity, missingCredential } from '../runtime/credentials/caller-credential';
import { Credentials } from '../runtime/credentials/credentials';
import { HeaderPairs } from '../runtime/credentials/header-pairs';
import { SignableRequest } from '../runtime/credentials/signable-request';

/** Nobody: the signature by it is not shown. */
const NOBODY = { accessKeyId: 'A', secretAccessKey: 'A' };

/** The headers of `Credentials`, with the place that each value comes from instead of the value, which is never read; nothing signs in anywhere. */
export class ExplainedCredentials extends Credentials {
  override headers(backend: BackendConfiguration, request: SignableRequest): HeaderPairs | Promise<HeaderPairs> {
    const { credential, outputSchema } = backend.resource.spec;
    if (credential === undefined) return [];
    const caller = credential.fromRequestHeader;
    const brought = caller && explainBrought(backend, caller, request);
    if (brought !== undefined) return brought;
    if (caller?.required === true) throw missingCredential(caller);
    const source = credentialSource(credential, backend.resource.metadata.namespace);
    if (source === undefined) return [];
    if (credential.aws !== undefined) return signed(backend, request, source, credential.aws.assumeRole !== undefined);
    return credential.apiKey === undefined ? bearerHeaders(`<${source}>`) : apiKeyHeaders(outputSchema.schema, `<${source}>`);
  }
}

function explainBrought(
  backend: BackendConfiguration, { name, prefix }: RequestHeaderCredential, request: SignableRequest,
): HeaderPairs | Promise<HeaderPairs> | undefined {
  if (name !== undefined) {
    const lowerName = name.toLowerCase();
    return broughtHeaders(backend.resource, lowerName, request) && broughtHeaders(backend.resource, lowerName, { ...request, clientHeader: () => `<from request header ${lowerName}>` });
  }
  const lowerPrefix = (prefix ?? '').toLowerCase();
  const identity = broughtIdentity(lowerPrefix, request);
  return identity && signed(backend, request, `signed with request headers ${lowerPrefix}*`, identity.sessionToken !== undefined);
}

async function signed(backend: BackendConfiguration, request: SignableRequest, source: string, session: boolean): Promise<HeaderPairs> {
  const signer = newSigner(signingRegion(backend), { ...NOBODY, ...session ? { sessionToken: 'A' } : {} });
  const pairs = await requestSigning(backend)(signer, request, new Date());
  return pairs.map(([name, value]) => {
    switch (name) {
      case 'authorization': return [name, `AWS4-HMAC-SHA256 <${source}>`] as const;
      case 'x-amz-date': return [name, '<time of the request>'] as const;
      case 'x-amz-security-token': return [name, `<${source.replace(/^signed with/, 'from')}>`] as const;
      default: return [name, value] as const;
    }
  });
}
