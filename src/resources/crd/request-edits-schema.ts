import { list, object, string, StructuralSchema } from './schema';

export const headerName = (description: string): StructuralSchema => string(description, { minLength: 1, maxLength: 256, pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$" });

/** Edits of a request's headers. */
export const headerEdits = (description: string): StructuralSchema => object(description, {
  set: list('Headers to set.', object('One header.', {
    name: headerName('Name.'), value: string('Value.', { maxLength: 4096 }),
  }, ['name', 'value']), { maxItems: 32 }),
  remove: list('Headers to remove.', headerName('Name.'), { maxItems: 32 }),
});

/** Edits of a request's JSON body. */
export const bodyEdits = (description: string): StructuralSchema => object(description, {
  set: list('Fields to set.', object('One field.', {
    path: string('Dot-separated path.', { minLength: 1, maxLength: 256 }), value: string('JSON text.', { minLength: 1, maxLength: 4096 }),
  }, ['path', 'value']), { maxItems: 32 }),
  remove: list('Paths to remove.', string('Dot-separated path.', { minLength: 1, maxLength: 256 }), { maxItems: 32 }),
});
