import { SecretValue } from 'cdk8s-plus-28';

/** A header in which callers bring a credential of their own. It never goes on as it came, and to this backend's provider alone. */
export interface CredentialFromRequest {
  /** Name of the header, such as `x-openai-key`. Its value may begin with `Bearer `. */
  readonly header: string;

  /**
   * Whether a request without it is refused with 401; else it gets the gateway's own credential.
   *
   * @default - true where the provider has no other credential, false where it has one
   */
  readonly required?: boolean;
}

/** Headers in which callers bring AWS credentials of their own: `<prefix>access-key-id`, `<prefix>secret-access-key` and, where there is one, `<prefix>session-token`. */
export interface AwsCredentialFromRequest {
  /** What the names begin with, such as `x-aws-`. */
  readonly headerPrefix: string;

  /**
   * Whether a request without them is refused with 401; else it is signed with the gateway's own credentials.
   *
   * @default false
   */
  readonly required?: boolean;
}

/** A role of AWS to take on (`sts:AssumeRole`). */
export interface AwsRoleOptions {
  /** ARN of the role, such as `arn:aws:iam::123456789012:role/bedrock`. */
  readonly roleArn: string;

  /**
   * What the role's trust policy asks for.
   *
   * @default - none
   */
  readonly externalId?: string;

  /**
   * Name of the session, as it appears in CloudTrail.
   *
   * @default llm-gateway
   */
  readonly sessionName?: string;
}

/** An application of Microsoft Entra ID. */
export interface EntraIdOptions {
  /**
   * Tenant id.
   *
   * @default - with workload identity, what the pod says (`AZURE_TENANT_ID`); with a client secret it is needed
   */
  readonly tenantId?: string;

  /**
   * Client (application) id.
   *
   * @default - with workload identity, what the pod says (`AZURE_CLIENT_ID`); with a client secret it is needed
   */
  readonly clientId?: string;

  /**
   * A client secret, in a Secret of the backend's namespace.
   *
   * @default - workload identity: the token that AKS puts into the ExtProc pod
   */
  readonly clientSecret?: SecretValue;
}
