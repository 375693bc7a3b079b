import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsKeys, startFakePodIdentity, startFakeSts } from './fake-aws';
import { ENTRA_HOST, startFakeEntra } from './fake-entra';
import { GOOGLE_HOSTS, startFakeGoogle, startFakeGoogleMetadata } from './fake-google';
import { LoopbackInternet, startLoopbackInternet } from './loopback-internet';
import { FakeCloud } from './token-endpoint';
import { CertificateAuthority } from '../certificate';

const TENANT = '11111111-2222-3333-4444-555555555555';
const CLIENT = '66666666-7777-8888-9999-000000000000';
const SERVICE_ACCOUNT = 'gateway@planted-project.iam.gserviceaccount.com';
const AUDIENCE = '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/cluster';

/** The clouds' token endpoints on loopback, with what there is to sign in with: keys, tokens and files as a pod has them. */
export class CloudLab {
  static async start(): Promise<CloudLab> {
    const folder = mkdtempSync(join(tmpdir(), 'llmgw-clouds-'));
    const authority = new CertificateAuthority();
    const keys: AwsKeys = new Map([['AKIAPLANTEDSTATIC', { secretAccessKey: 'planted-aws-secret-key' }], ['AKIAPLANTEDPROD', { secretAccessKey: 'planted-aws-prod-secret-key' }]]);
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048, privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
    const files = {
      authority: join(folder, 'ca.crt'),
      webIdentity: join(folder, 'aws-token'),
      podIdentity: join(folder, 'pod-token'),
      federated: join(folder, 'azure-token'),
      subject: join(folder, 'gcp-token'),
      googleCredentials: join(folder, 'adc.json'),
    };
    const secrets = {
      clientSecret: 'planted-client-secret', webIdentityToken: 'planted.aws.jwt', podIdentityToken: 'planted-pod-identity-jwt', federatedToken: 'planted.azure.jwt', subjectToken: 'planted.gcp.jwt', privateKey,
    };
    const federation = JSON.stringify({
      type: 'external_account',
      audience: AUDIENCE,
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: 'https://sts.googleapis.com/v1/token',
      service_account_impersonation_url: `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${SERVICE_ACCOUNT}:generateAccessToken`,
      credential_source: { file: files.subject },
    });
    const contents = [authority.certificate, secrets.webIdentityToken, secrets.podIdentityToken, secrets.federatedToken, secrets.subjectToken, federation];
    Object.values(files).forEach((file, index) => writeFileSync(file, contents[index]));
    const entra = await startFakeEntra(
      { tenantId: TENANT, clientId: CLIENT, clientSecret: secrets.clientSecret, federatedToken: secrets.federatedToken, scope: 'https://cognitiveservices.azure.com/.default' },
      authority.issue([ENTRA_HOST]),
    );
    const google = await startFakeGoogle(
      { serviceAccount: SERVICE_ACCOUNT, privateKey, audience: AUDIENCE, subjectToken: secrets.subjectToken }, authority.issue(GOOGLE_HOSTS),
    );
    const clouds = {
      entra,
      google,
      googleMetadata: await startFakeGoogleMetadata(),
      sts: await startFakeSts({ keys, webIdentityToken: secrets.webIdentityToken }),
      podIdentity: await startFakePodIdentity({ keys, tokenFile: files.podIdentity }),
    };
    const internet = await startLoopbackInternet({ [ENTRA_HOST]: entra.port, ...Object.fromEntries(GOOGLE_HOSTS.map((host) => [host, google.port])) });
    return new CloudLab(folder, files, secrets, federation, keys, clouds, internet);
  }

  private constructor(
    private readonly folder: string,
    private readonly files: Readonly<Record<'authority' | 'webIdentity' | 'podIdentity' | 'federated' | 'subject' | 'googleCredentials', string>>,
    private readonly secrets: Readonly<Record<'clientSecret' | 'webIdentityToken' | 'podIdentityToken' | 'federatedToken' | 'subjectToken' | 'privateKey', string>>,
    /** JSON of workload identity federation. */
    readonly federation: string,
    readonly keys: AwsKeys,
    readonly clouds: Readonly<Record<'entra' | 'google' | 'googleMetadata' | 'sts' | 'podIdentity', FakeCloud>>,
    private readonly internet: LoopbackInternet,
  ) {}

  readonly tenantId = TENANT;
  readonly clientId = CLIENT;

  get clientSecret(): string {
    return this.secrets.clientSecret;
  }

  /** As Google gives it for download. */
  get serviceAccountKey(): string {
    return JSON.stringify({
      type: 'service_account',
      project_id: 'planted-project',
      private_key_id: 'k1',
      private_key: this.secrets.privateKey,
      client_email: SERVICE_ACCOUNT,
      client_id: '1',
      auth_uri: 'https://accounts.google.com/o/oauth2/auth',
      token_uri: 'https://oauth2.googleapis.com/token',
      universe_domain: 'googleapis.com',
    });
  }

  /** What every pod has. */
  get environment(): Record<string, string> {
    return {
      HTTPS_PROXY: this.internet.url, NO_PROXY: '127.0.0.1', NODE_EXTRA_CA_CERTS: this.files.authority, AWS_ENDPOINT_URL_STS: `http://127.0.0.1:${this.clouds.sts.port}`, AWS_EC2_METADATA_DISABLED: 'true',
    };
  }

  /** What EKS puts into a pod for IRSA, and AKS for workload identity; GOOGLE_APPLICATION_CREDENTIALS for federation. */
  get federatedEnvironment(): Record<string, string> {
    return {
      ...this.environment,
      AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/irsa',
      AWS_WEB_IDENTITY_TOKEN_FILE: this.files.webIdentity,
      AZURE_TENANT_ID: TENANT,
      AZURE_CLIENT_ID: CLIENT,
      AZURE_FEDERATED_TOKEN_FILE: this.files.federated,
      AZURE_AUTHORITY_HOST: `https://${ENTRA_HOST}/`,
      GOOGLE_APPLICATION_CREDENTIALS: this.files.googleCredentials,
    };
  }

  /** What EKS puts into a pod for Pod Identity; a metadata server as on GKE. */
  get podIdentityEnvironment(): Record<string, string> {
    return {
      ...this.environment,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${this.clouds.podIdentity.port}/v1/credentials`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: this.files.podIdentity,
      GCE_METADATA_HOST: `127.0.0.1:${this.clouds.googleMetadata.port}`,
    };
  }

  /** Everything that no output may hold. */
  get planted(): string[] {
    const { privateKey, ...secrets } = this.secrets;
    return [
      ...Object.values(secrets), ...privateKey.split('\n').filter((line) => line.length > 40), ...[...this.keys.values()].flatMap(({ secretAccessKey, sessionToken }) => [secretAccessKey, ...sessionToken === undefined ? [] : [sessionToken]]),
      ...Object.values(this.clouds).flatMap(({ given }) => given),
    ];
  }

  /** What callers of the clouds did wrong. */
  get complaints(): string[] {
    return [...Object.values(this.clouds).flatMap(({ complaints }) => complaints), ...this.internet.unknown.map((name) => `unknown name ${name}`)];
  }

  async close(): Promise<void> {
    await Promise.all([...Object.values(this.clouds), this.internet].map((one) => one.close()));
    rmSync(this.folder, { recursive: true });
  }
}
