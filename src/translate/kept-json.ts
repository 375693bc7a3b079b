/** A value of JSON that is kept as it was written, in an object that JSON.stringify asks what it stands for. */
export abstract class KeptJson {
  abstract toJSON(): string | number;
}
