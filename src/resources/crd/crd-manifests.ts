import { API_GROUP } from '../object-meta';
import { LLM_BACKEND_SPEC } from './llm-backend-schema';
import { LLM_ROUTE_SPEC } from './llm-route-schema';
import { object, status, string, StructuralSchema } from './schema';

/** A CustomResourceDefinition as plain data. */
export interface CrdManifest {
  readonly apiVersion: 'apiextensions.k8s.io/v1';
  readonly kind: 'CustomResourceDefinition';
  readonly metadata: { readonly name: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly jsonPath: string;
  readonly priority?: number;
}

const ACCEPTED: PrinterColumn = { name: 'Accepted', type: 'string', jsonPath: ".status.conditions[?(@.type=='Accepted')].status" };
const AGE: PrinterColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };

function crd(kind: string, plural: string, shortName: string, spec: StructuralSchema, columns: readonly PrinterColumn[]): CrdManifest {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${API_GROUP}` },
    spec: {
      group: API_GROUP,
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase(), shortNames: [shortName], categories: ['llm-gateway'] },
      scope: 'Namespaced',
      versions: [{
        name: 'v1alpha1',
        served: true,
        storage: true,
        additionalPrinterColumns: [...columns, ACCEPTED, AGE],
        schema: {
          openAPIV3Schema: object(spec.description ?? kind, {
            apiVersion: string('Version of this schema.'), kind: string('Kind of this object.'), metadata: { type: 'object' }, spec, status,
          }, ['spec']),
        },
        subresources: { status: {} },
      }],
    },
  };
}

/** The CRDs of LLMRoute and LLMBackend. */
export function crdManifests(): readonly CrdManifest[] {
  return [
    crd('LLMRoute', 'llmroutes', 'llmr', LLM_ROUTE_SPEC, [
      { name: 'Input', type: 'string', jsonPath: '.spec.inputSchema.schema' },
      { name: 'HTTPRoute', type: 'string', jsonPath: '.spec.httpRouteRef.name' },
    ]),
    crd('LLMBackend', 'llmbackends', 'llmb', LLM_BACKEND_SPEC, [
      { name: 'Output', type: 'string', jsonPath: '.spec.outputSchema.schema' },
      { name: 'Backend', type: 'string', jsonPath: '.spec.backendRef.name' },
    ]),
  ];
}
