/** The part of Kubernetes' structural OpenAPI schema that our CRDs use; the runtime validation reads the same value. */
export interface StructuralSchema {
  readonly 'type': 'object' | 'array' | 'string' | 'integer' | 'boolean';
  readonly 'description'?: string;
  readonly 'properties'?: Readonly<Record<string, StructuralSchema>>;
  readonly 'required'?: readonly string[];
  readonly 'items'?: StructuralSchema;
  readonly 'enum'?: readonly string[];
  readonly 'pattern'?: string;
  readonly 'format'?: string;
  readonly 'default'?: unknown;
  readonly 'minimum'?: number;
  readonly 'maximum'?: number;
  readonly 'minLength'?: number;
  readonly 'maxLength'?: number;
  readonly 'minItems'?: number;
  readonly 'maxItems'?: number;
  readonly 'x-kubernetes-validations'?: readonly ValidationRule[];
  readonly 'x-kubernetes-list-type'?: 'map' | 'set' | 'atomic';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
}

/** A CEL rule for the API server, and the same check in TypeScript for directories; both say `message`. */
export interface ValidationRule {
  readonly rule: string;
  readonly message: string;
}

export const string = (description: string, more: Partial<StructuralSchema> = {}): StructuralSchema => ({ type: 'string', description, ...more });
export const integer = (description: string, more: Partial<StructuralSchema> = {}): StructuralSchema => ({ type: 'integer', format: 'int32', description, ...more });
export const boolean = (description: string, more: Partial<StructuralSchema> = {}): StructuralSchema => ({ type: 'boolean', description, ...more });
export const list = (description: string, items: StructuralSchema, more: Partial<StructuralSchema> = {}): StructuralSchema =>
  ({ type: 'array', description, items, ...more });
export const object = (
  description: string, properties: Readonly<Record<string, StructuralSchema>>, required: readonly string[] = [], more: Partial<StructuralSchema> = {},
): StructuralSchema => ({ type: 'object', description, properties, ...(required.length > 0 ? { required } : {}), ...more });

/** A Kubernetes object name. */
export const objectName = (description: string): StructuralSchema => string(description, { minLength: 1, maxLength: 253, pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$' });

const condition = object('One condition.', {
  type: string('Accepted, ResolvedRefs or Programmed.', { maxLength: 316 }),
  status: string('Whether the condition holds.', { enum: ['True', 'False', 'Unknown'] }),
  observedGeneration: { type: 'integer', format: 'int64', description: 'Generation of the object that this is about.' },
  lastTransitionTime: string('When the status last changed.', { format: 'date-time' }),
  reason: string('One word for programs.', { maxLength: 1024 }),
  message: string('What a person should know and do.', { maxLength: 32768 }),
}, ['type', 'status', 'lastTransitionTime', 'reason', 'message']);

export const status = object('What became of the object.', {
  conditions: list('Accepted, ResolvedRefs and Programmed.', condition, {
    'maxItems': 8, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['type'],
  }),
});
