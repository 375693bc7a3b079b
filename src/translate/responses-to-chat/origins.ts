import { RequestValue } from '../request/request-value';

/** A path, or the value whose path it is. */
export type Place = string | RequestValue;

/** Tails of a chat path and what stands for them, the longer ones first; `''` stands for the value itself. */
export type Renames = ReadonlyArray<readonly [chat: string, responses: Place]>;

interface Origin {
  readonly place: Place;
  readonly renames: Renames;
}

const SAME: Renames = [];

/**
 * Where in a Responses request the parts of the chat request that was made of it came from, so that what a chat translator says of a chat
 * path can be said of the client's own. Nothing is worked out before somebody asks.
 */
export class Origins {
  /** Three for each mark: an object of its own for each costs more than all the rest of a mark that nobody asks for. */
  private readonly marks: Array<object | Place | Renames> = [];
  private byObject: ReadonlyMap<object, Origin> = new Map();

  /** `place`: of what `made` was made of. */
  mark<Made extends object>(made: Made, place: Place, renames: Renames = SAME): Made {
    this.marks.push(made, place, renames);
    return made;
  }

  /** `chatPath` such as `messages[2].content[0].image_url.url`; without numbers (`messages[].content[].text`) the first place of that form is meant. */
  original(chat: object, chatPath: string): string {
    this.byObject = this.origins();
    const segments = chatPath.match(/\[\d*\]|[^.[\]]+/g) ?? [];
    const found = this.walk(chat, segments, 0, { origin: { place: '', renames: SAME }, position: 0, depth: 0 });
    const path = renamed(found.origin, written(segments.slice(found.position)));
    return chatPath.includes('[]') ? path.replace(/\[\d+\]/g, '[]') : path;
  }

  private origins(): ReadonlyMap<object, Origin> {
    const origins = new Map<object, Origin>();
    for (let index = 0; index < this.marks.length; index += 3) {
      const [made, place, renames] = this.marks.slice(index, index + 3) as [object, Place, Renames];
      origins.set(made, { place, renames });
    }
    return origins;
  }

  private walk(value: unknown, segments: readonly string[], position: number, above: Found): Found {
    if (typeof value !== 'object' || value === null) {
      return { ...above, depth: position };
    }
    const origin = this.byObject.get(value);
    const here: Found = origin ? { origin, position, depth: position } : { ...above, depth: position };
    const segment = segments[position];
    if (segment === '[]') {
      return this.anyItem(value, segments, position, here);
    }
    const key = segment?.replace(/^\[|\]$/g, '');
    return key !== undefined && Object.hasOwn(value, key) ? this.walk((value as Readonly<Record<string, unknown>>)[key], segments, position + 1, here) : here;
  }

  private anyItem(list: object, segments: readonly string[], position: number, here: Found): Found {
    let deepest = here;
    for (const item of Array.isArray(list) ? list : []) {
      const found = this.walk(item, segments, position + 1, here);
      if (found.depth > deepest.depth) {
        deepest = found;
      }
      if (deepest.depth === segments.length) {
        break;
      }
    }
    return deepest;
  }
}

interface Found {
  readonly origin: Origin;
  /** In the path, of the value that `origin` is of. */
  readonly position: number;
  /** How far the path led. */
  readonly depth: number;
}

function written(segments: readonly string[]): string {
  return segments.reduce((path, segment) => joined(path, segment), '');
}

function joined(path: string, tail: string): string {
  return path === '' || tail === '' || tail.startsWith('[') ? `${path}${tail}` : `${path}.${tail}`;
}

function renamed({ place, renames }: Origin, tail: string): string {
  for (const [chat, responses] of renames) {
    const rest = tail.slice(chat.length);
    if (tail.startsWith(chat) && (chat === '' || rest === '' || rest.startsWith('.') || rest.startsWith('['))) {
      return joined(joined(pathOf(place), pathOf(responses)), rest.replace(/^\./, ''));
    }
  }
  return joined(pathOf(place), tail);
}

function pathOf(place: Place): string {
  return typeof place === 'string' ? place : place.path;
}
