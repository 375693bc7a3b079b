import { awsLibrary } from './libraries';
import { SignInDefect } from './sign-in';

type Profile = Readonly<Record<string, string | undefined>>;
type Profiles = Readonly<Record<string, Profile>>;
/** For the SDK's reader of files. */
interface ProfilePaths {
  readonly filepath: string;
  readonly configFilepath: string;
  readonly ignoreCache: true;
}

/** What a profile out of a Secret may not do: run programs, or use a login that somebody made on a terminal. */
const REFUSED = ['credential_process', 'sso_session', 'sso_start_url', 'login_session', 'mfa_serial'] as const;

/** Why the profile, or one that it goes back to, gives no credential; `undefined`: it may. */
function profileDefect(profiles: Profiles, name: string): string | undefined {
  const visited = new Set<string>();
  for (let current = name; ;) {
    if (visited.has(current)) return `profiles ${[...visited].join(', ')} name each other as source_profile`;
    visited.add(current);
    const profile = Object.hasOwn(profiles, current) ? profiles[current] : undefined;
    if (profile === undefined) return `there is no profile [${current}]`;
    const refused = REFUSED.find((field) => profile[field] !== undefined);
    if (refused !== undefined) return `profile [${current}] has ${refused}, which a server cannot use`;
    if (profile.role_arn === undefined || profile.web_identity_token_file !== undefined || profile.credential_source !== undefined) return keysDefect(current, profile);
    if (profile.source_profile === undefined) return `profile [${current}] has a role_arn, but no source_profile, credential_source or web_identity_token_file`;
    // A profile may be its own source.
    if (profile.source_profile === current) return keysDefect(current, { ...profile, role_arn: undefined });
    current = profile.source_profile;
  }
}

function keysDefect(name: string, profile: Profile): string | undefined {
  if (profile.role_arn !== undefined || profile.credential_source !== undefined) return undefined;
  if (profile.aws_access_key_id && profile.aws_secret_access_key) return undefined;
  return `profile [${name}] must have aws_access_key_id and aws_secret_access_key, or a role_arn`;
}

let files = 0;

/**
 * Lets the SDK, which takes profiles from files alone, read this text; `use` gets the names to read it by. Throws `SignInDefect` where the
 * profile cannot give a credential.
 */
export async function withProfiles<T>(text: string, profile: string, where: string, use: (paths: ProfilePaths) => Promise<T> | T): Promise<T> {
  const { externalDataInterceptor, parseKnownFiles } = awsLibrary();
  files += 1;
  const path = `/llmgw-secret/${files}`;
  externalDataInterceptor.interceptFile(path, text);
  try {
    // As either kind of file: one writes [name], the other [profile name].
    const paths: ProfilePaths = { filepath: path, configFilepath: path, ignoreCache: true };
    const defect = profileDefect(await parseKnownFiles(paths), profile);
    if (defect !== undefined) throw new SignInDefect(`${where} must be an AWS credentials file: ${defect}`);
    return await use(paths);
  } finally {
    delete externalDataInterceptor.getFileRecord()[path];
  }
}
