import { OUTPUT_SCHEMAS } from '../schema-name';
import { MODEL_ENTRIES } from './model-entry-schema';
import { bodyEdits, headerEdits, headerName } from './request-edits-schema';
import { boolean, integer, object, objectName, string, StructuralSchema } from './schema';

const secretRef = (description: string) => object(description, {
  name: objectName('Name of a Secret in this namespace.'),
  key: string('Key inside the Secret.', { minLength: 1, maxLength: 253 }),
}, ['name', 'key']);

/** These are checked by `parseObjects` as well, with the same words. */
export const AWS_PROFILE_RULE = { rule: '!has(self.profile) || has(self.secretRef)', message: 'profile needs a secretRef, the file that has the profile' };
export const AZURE_CLIENT_RULE = {
  rule: "!has(self.secretRef) || self.secretRef.key == 'access_token' || (has(self.tenantId) && has(self.clientId))",
  message: 'a client secret needs tenantId and clientId; a ready bearer token has to be under the key access_token',
};
export const REQUEST_HEADER_RULE = { rule: 'has(self.name) != has(self.prefix)', message: 'exactly one of name and prefix has to be set' };
export const PREFIX_SCHEMA_RULE = {
  rule: "!has(self.credential) || !has(self.credential.fromRequestHeader) || !has(self.credential.fromRequestHeader.prefix) || self.outputSchema.schema in ['AWSBedrock', 'AWSAnthropic']",
  message: 'fromRequestHeader.prefix is for AWSBedrock and AWSAnthropic; give fromRequestHeader.name',
};

/** `LLMBackend.spec`. */
export const LLM_BACKEND_SPEC: StructuralSchema = object('One provider endpoint: where it is, which dialect it speaks, whose credential it takes.', {
  outputSchema: object('The dialect that the provider speaks.', {
    schema: string('Name of the dialect.', { enum: [...OUTPUT_SCHEMAS] }),
    version: string('OpenAI, Anthropic: path prefix (default v1); AzureOpenAI: api-version; AWSAnthropic, GCPAnthropic: anthropic_version.', { maxLength: 128 }),
  }, ['schema']),
  backendRef: object('Where the provider is: an Envoy Gateway Backend or a Service in this namespace.', {
    group: string('API group: gateway.envoyproxy.io for a Backend, empty for a Service.', { enum: ['gateway.envoyproxy.io', ''] }),
    kind: string('Backend or Service.', { enum: ['Backend', 'Service'], default: 'Backend' }),
    name: objectName('Name of the Backend or Service.'),
    port: integer('Port of the Service.', { minimum: 1, maximum: 65535 }),
  }, ['name'], {
    'x-kubernetes-validations': [
      { rule: "self.kind != 'Service' || has(self.port)", message: 'a Service needs a port' },
      {
        rule: "!has(self.group) || (self.kind == 'Service') == (self.group == '')",
        message: 'group must be "" for a Service and gateway.envoyproxy.io for a Backend; leave it out to have it filled in',
      },
    ],
  }),
  credential: object('What is added to the upstream request; omitted: nothing.', {
    apiKey: object('An API key; the header follows from the dialect.', { secretRef: secretRef('Where the key is.') }, ['secretRef']),
    aws: object('AWS Signature Version 4.', {
      region: string('Region of the endpoint, such as us-east-1.', { minLength: 1, maxLength: 64, pattern: '^[a-z0-9-]+$' }),
      secretRef: secretRef('An AWS shared credentials file; omitted: the SDK\'s default chain (Pod Identity, IRSA, environment).'),
      profile: string('Profile of that file; omitted: default.', { minLength: 1, maxLength: 128 }),
      assumeRole: object('A role to take on with this credential (sts:AssumeRole).', {
        roleArn: string('The role.', { maxLength: 2048, pattern: '^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$' }),
        externalId: string('What the role\'s trust policy may ask for.', { maxLength: 1224, pattern: '^[A-Za-z0-9_+=,.@:/-]{2,}$' }),
        sessionName: string('Name of the session, for audit logs; omitted: llm-gateway.', { maxLength: 64, pattern: '^[A-Za-z0-9_+=,.@-]{2,}$' }),
      }, ['roleArn']),
    }, ['region'], {
      'x-kubernetes-validations': [AWS_PROFILE_RULE],
    }),
    azure: object('Microsoft Entra ID.', {
      tenantId: string('Tenant.', { maxLength: 128 }),
      clientId: string('Application.', { maxLength: 128 }),
      secretRef: secretRef('Client secret; key access_token: a ready bearer token; omitted: workload identity.'),
    }, [], { 'x-kubernetes-validations': [AZURE_CLIENT_RULE] }),
    gcp: object('Google Cloud.', {
      project: string('Project id.', { minLength: 1, maxLength: 128 }),
      region: string('Location.', { minLength: 1, maxLength: 64 }),
      secretRef: secretRef('Service account or workload identity federation JSON; key access_token: a ready bearer token; omitted: application default credentials.'),
    }, ['project', 'region']),
    fromRequestHeader: object('A credential that the client brings with each request.', {
      name: headerName('Header that holds it.'),
      prefix: string('AWS: prefix of the headers access-key-id, secret-access-key and session-token.', { minLength: 1, maxLength: 128 }),
      required: boolean('401 without it; otherwise the credential beside it is used.', { default: false }),
    }, [], { 'x-kubernetes-validations': [REQUEST_HEADER_RULE] }),
  }, [], {
    'x-kubernetes-validations': [
      {
        rule: '[has(self.apiKey), has(self.aws), has(self.azure), has(self.gcp)].filter(x, x).size() <= 1',
        message: 'at most one of apiKey, aws, azure, gcp may be set',
      },
    ],
  }),
  headers: headerEdits('Edits of the upstream request\'s headers, after translation.'),
  body: bodyEdits('Edits of the upstream request\'s JSON body, after translation.'),
  models: MODEL_ENTRIES,
}, ['outputSchema', 'backendRef'], { 'x-kubernetes-validations': [PREFIX_SCHEMA_RULE] });
