/** The part of an object's metadata that its mark is made of. */
interface MarkedObject {
  readonly metadata?: {
    readonly generation?: number;
    readonly resourceVersion?: string;
    readonly uid?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

/** Differs when anything but the status does, which controllers write all the time. Kinds without a generation have no status here. */
export function markOf({ metadata }: MarkedObject): string {
  return metadata?.generation === undefined ? metadata?.resourceVersion ?? '' : `${metadata.generation} ${metadata.uid ?? ''} ${JSON.stringify(metadata.labels ?? {})}`;
}
