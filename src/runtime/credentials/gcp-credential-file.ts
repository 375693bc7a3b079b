import { SignInDefect } from './sign-in';

/** What is read of a credential file of Google Cloud; the library reads the rest. */
export interface GcpCredentialFile {
  readonly type: 'service_account' | 'external_account';
  readonly [field: string]: unknown;
}

const SERVICE_ACCOUNT_FIELDS = ['client_email', 'private_key'] as const;
/** Where the library sends what it signs in with. */
const URL_FIELDS = ['token_url', 'token_info_url', 'service_account_impersonation_url'] as const;

/**
 * A credential file out of a Secret. Who writes it may be somebody else than who runs the pod, and the library sends a file or an answer of the
 * metadata server to the addresses in it, so these have to be Google's own: https://cloud.google.com/docs/authentication/external/externally-sourced-credentials.
 * Throws `SignInDefect`.
 */
export function readGcpCredentialFile(text: string, where: string): GcpCredentialFile {
  const file = parse(text);
  const type = file?.type;
  if (file === undefined || (type !== 'service_account' && type !== 'external_account')) {
    throw new SignInDefect(`${where} must be the JSON of a service account key ("type": "service_account") or of workload identity federation ("type": "external_account")`);
  }
  if (type === 'service_account') {
    const missing = SERVICE_ACCOUNT_FIELDS.filter((field) => typeof file[field] !== 'string' || file[field] === '');
    if (missing.length > 0) throw new SignInDefect(`${where} has no ${missing.join(' and no ')}; download the service account key anew`);
  } else {
    if (typeof file.audience !== 'string' || typeof file.token_url !== 'string') {
      throw new SignInDefect(`${where} has no audience or no token_url; make it by: gcloud iam workload-identity-pools create-cred-config`);
    }
    if (typeof file.credential_source === 'object' && file.credential_source !== null && 'executable' in file.credential_source) {
      throw new SignInDefect(`${where} has a credential_source.executable, and programs named by a Secret are not run; use a file or a URL`);
    }
  }
  for (const field of URL_FIELDS) {
    if (file[field] !== undefined && !isGoogleUrl(file[field])) throw new SignInDefect(`${where}: ${field} must be an https URL of googleapis.com`);
  }
  return { ...file, type };
}

/** Why it is none; without its text. `undefined`: it is one. */
export function gcpCredentialFileDefect(text: string, where: string): string | undefined {
  try {
    readGcpCredentialFile(text, where);
    return undefined;
  } catch (error) {
    if (error instanceof SignInDefect) return error.message;
    throw error;
  }
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : undefined;
  } catch {
    return undefined;
  }
}

function isGoogleUrl(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, hostname, username, port } = new URL(value);
  return protocol === 'https:' && hostname.endsWith('.googleapis.com') && username === '' && port === '';
}
