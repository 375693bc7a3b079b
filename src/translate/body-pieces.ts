/**
 * The bytes of a body that lie in several places, because long texts stay where the client's request has them. To copy a megabyte into new memory costs
 * more than all else that is done with it.
 */
export class BodyPieces {
  readonly length: number;
  private whole: Uint8Array | undefined;

  constructor(readonly pieces: readonly Uint8Array[]) {
    this.length = pieces.reduce((length, piece) => length + piece.length, 0);
  }

  joined(): Uint8Array {
    this.whole ??= Buffer.concat(this.pieces, this.length);
    return this.whole;
  }
}

/** A body that goes to a provider. */
export type SentBody = Uint8Array | BodyPieces;

export function piecesOf(body: SentBody): readonly Uint8Array[] {
  return body instanceof BodyPieces ? body.pieces : [body];
}

export function joinedBody(body: SentBody): Uint8Array {
  return body instanceof BodyPieces ? body.joined() : body;
}
