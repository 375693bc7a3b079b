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
