import { pathPrefix } from '../path-prefix';

/** Path of a resource of Cohere's API; `version`: its prefix, for those who serve it elsewhere. */
export function coherePath(resource: 'chat' | 'embed' | 'rerank', version = 'v2'): string {
  return `${pathPrefix(version)}/${resource}`;
}
