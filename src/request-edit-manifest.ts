import { BodyEdits, HeaderEdits } from './request-edits';
import * as resources from './resources/llm-backend';

export function headerEditsManifest({ set, remove }: HeaderEdits): resources.HeaderEdits {
  return { set: set && Object.entries(set).map(([name, value]) => ({ name, value })), remove };
}

export function bodyEditsManifest({ set, remove }: BodyEdits): resources.BodyEdits {
  return { set: set && Object.entries(set).map(([path, value]) => ({ path, value: JSON.stringify(value) })), remove };
}

/** Values that JSON has no word for, by the path that they are given for. */
export function bodyEditDefects(edits: BodyEdits | undefined, field: string): string[] {
  return Object.entries(edits?.set ?? {}).filter(([, value]) => JSON.stringify(value) === undefined)
    .map(([path]) => `${field}.set ${JSON.stringify(path)} must be a JSON value; to remove a field, name it in ${field}.remove`);
}
