import { BodyEdits } from '../resources/llm-backend';
import { joinedBody, SentBody } from '../translate/body-pieces';
import { readJson } from '../translate/exact-json';
import { jsonBytes } from '../translate/json-bytes';
import { isMultipartForm } from '../translate/multipart/boundary';
import { RequestError } from '../translate/request-error';

/**
 * Applies edits to a JSON object body, those of the rule and then those of the LLMBackend; none: the very same bytes. Throws `RequestError` where the
 * body is no JSON: an edit that was left out would be a limit or a label that does not hold.
 */
export function editBody(body: SentBody, edits: readonly BodyEdits[], contentType?: string): SentBody {
  if (edits.length === 0) return body;
  if (isMultipartForm(contentType)) {
    throw new RequestError(400, 'this model\'s route or backend changes fields of request bodies, which works for JSON only; it takes no multipart/form-data', 'unsupported_content_type');
  }
  const json = parseBody(joinedBody(body));
  for (const one of edits) apply(json, one);
  return jsonBytes(json);
}

function apply(json: Record<string, unknown>, edits: BodyEdits): void {
  for (const path of edits.remove ?? []) {
    const [parent, name] = locate(json, path, false);
    if (parent !== undefined) delete parent[name];
  }
  for (const { path, value } of edits.set ?? []) {
    const [parent, name] = locate(json, path, true);
    if (parent !== undefined) parent[name] = readJson(value);
  }
}

/** A body that passes as it is has only been looked at as far as its model, so this may be the first to see that the rest is broken. */
function parseBody(body: Uint8Array): Record<string, unknown> {
  try {
    return readJson(Buffer.from(body).toString('utf8')) as Record<string, unknown>;
  } catch {
    throw new RequestError(400, 'the request body is not valid JSON; send one JSON object', 'invalid_json');
  }
}

/** The object that holds the path's last name; made on the way where `create`. */
function locate(json: Record<string, unknown>, path: string, create: boolean): [parent: Record<string, unknown> | undefined, name: string] {
  const names = path.split('.');
  const last = names.pop() ?? '';
  let parent = json;
  for (const name of names) {
    const next = Object.hasOwn(parent, name) ? parent[name] : undefined;
    if (typeof next === 'object' && next !== null) {
      parent = next as Record<string, unknown>;
    } else if (create && next === undefined && name !== '__proto__') {
      const made: Record<string, unknown> = {};
      parent[name] = made;
      parent = made;
    } else {
      return [undefined, last];
    }
  }
  return [last === '__proto__' ? undefined : parent, last];
}
