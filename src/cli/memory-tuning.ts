import { versions } from 'node:process';
import { setFlagsFromString } from 'node:v8';

/** Percent of what lives in old space that may come to it before all of it is marked again. */
const OLD_SPACE_GROWTH = 150;
/** Bytes; eight times Node's. */
const BUFFER_POOL = 64 * 1024;

/**
 * For processes that live long and answer many small requests:
 * - V8 sizes old space by how fast memory is asked for. Streams ask for little of it, so that a configuration of thousands of routes would be marked
 *   every few seconds, which took some 5 % of all CPU; with a fixed share of room it is marked every half minute.
 * - Node cuts small buffers from pools that two translated requests fill. Each pool is memory outside of the heap that the collector looks after: larger
 *   ones took 6 % off a small request.
 * - V8 marks old space whenever 64 MB came to be outside of the heap, such as bodies of a megabyte that are in use for milliseconds: half of the CPU of a
 *   large body. Node 24's V8 can count them with the rest instead.
 */
export function tuneMemory(): void {
  setFlagsFromString(`--heap-growing-percent=${OLD_SPACE_GROWTH}`);
  // Others do not know it, and say so on stderr.
  if (versions.v8.startsWith('13.')) setFlagsFromString('--external-memory-accounted-in-global-limit');
  Buffer.poolSize = BUFFER_POOL;
}
