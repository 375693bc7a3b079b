import { SecretKeyReference } from '../resources/llm-backend';
import { BackendConfiguration } from '../runtime/configuration';
import { CredentialError, Credentials, HeaderPairs, SignableRequest } from '../runtime/credentials';

/** Any file with the form that is asked for: the signature over it is not shown. */
const ANY_PROFILE = Buffer.from('[default]\naws_access_key_id = A\naws_secret_access_key = A\n');

/** The headers of `Credentials` by the same code, with the place that each value comes from instead of the value, which is never read. */
export class ExplainedCredentials extends Credentials {
  override headers(backend: BackendConfiguration, request: SignableRequest): HeaderPairs | Promise<HeaderPairs> {
    const { credential } = backend.resource.spec;
    if (credential?.aws !== undefined || credential?.fromRequestHeader?.prefix !== undefined) return this.signedBySource(backend, request);
    return super.headers({ ...backend, secret: (name, key) => Buffer.from(fromSecret(backend, { name, key })) }, {
      ...request, clientHeader: (name) => (request.clientHeader(name)?.trim() ? `<from request header ${name}>` : undefined),
    });
  }

  /** Why requests of this backend fail as the Secrets are now; `undefined`: they have a credential, or that cannot be told from here. */
  async failure(backend: BackendConfiguration, request: SignableRequest): Promise<string | undefined> {
    const { credential } = backend.resource.spec;
    const brought = credential?.fromRequestHeader?.prefix !== undefined;
    if (credential === undefined || brought || (credential.aws !== undefined && credential.aws.secretRef === undefined)) return undefined;
    try {
      await super.headers(backend, request);
      return undefined;
    } catch (error) {
      return error instanceof CredentialError ? error.message : 'the credential cannot be read';
    }
  }

  private async signedBySource(backend: BackendConfiguration, request: SignableRequest): Promise<HeaderPairs> {
    const { credential } = backend.resource.spec;
    const { aws, fromRequestHeader } = credential ?? {};
    const prefix = fromRequestHeader?.prefix?.toLowerCase();
    const brought = prefix !== undefined && ['access-key-id', 'secret-access-key'].every((name) => request.clientHeader(`${prefix}${name}`) !== undefined);
    const source = brought ? `request headers ${prefix}*` : aws?.secretRef === undefined ? 'the default chain of the AWS SDK' : secretName(backend, aws.secretRef);
    const withProfile: BackendConfiguration = {
      ...backend,
      resource: { ...backend.resource, spec: { ...backend.resource.spec, credential: { ...credential, aws: { region: aws?.region ?? 'us-east-1', secretRef: { name: '-', key: '-' } } } } },
      secret: () => ANY_PROFILE,
    };
    const pairs = await super.headers(withProfile, request);
    return pairs.map(([name, value]) => {
      switch (name) {
        case 'authorization': return [name, `AWS4-HMAC-SHA256 <signed with ${source}>`] as const;
        case 'x-amz-date': return [name, '<time of the request>'] as const;
        case 'x-amz-security-token': return [name, `<from ${source}>`] as const;
        default: return [name, value] as const;
      }
    });
  }
}

function fromSecret(backend: BackendConfiguration, reference: SecretKeyReference): string {
  return `<from ${secretName(backend, reference)}>`;
}

function secretName(backend: BackendConfiguration, { name, key }: SecretKeyReference): string {
  return `Secret ${backend.resource.metadata.namespace}/${name} key ${key}`;
}
