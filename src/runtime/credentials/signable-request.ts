import { SentBody } from '../../translate/body-pieces';
/** The upstream request as a signature covers it, and the client's request that may bring a credential. */
export interface SignableRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body: SentBody;
  /** A header of the client's request. */
  clientHeader(name: string): string | undefined;
}
