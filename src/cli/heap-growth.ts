import { setFlagsFromString } from 'node:v8';

/** Percent of what lives in old space that may come to it before all of it is marked again. */
const GROWTH = 150;

/**
 * V8 sizes old space by how fast memory is asked for. Streams ask for little of it, so that a configuration of thousands of routes would be marked
 * every few seconds, which took some 5 % of all CPU; with a fixed share of room it is marked every half minute. For processes that live long.
 */
export function leaveRoomInOldSpace(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH}`);
}
