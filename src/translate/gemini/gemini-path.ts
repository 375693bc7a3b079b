import { RequestError } from '../request-error';

/** A Google Cloud project's models, or (absent) those of the Gemini API, which has API keys. */
export type GoogleCloud = { readonly project: string; readonly region: string } | undefined;

/**
 * Path of a method of a Google model: Vertex AI's, or the Gemini API's. Beside a model's name it takes what the official SDK takes and what stays
 * in the same project: `models/<name>`, `google/<name>`, `publishers/google/models/<name>` and a tuned model's `endpoints/<number>`.
 */
export function geminiPath(model: string, method: string, cloud: GoogleCloud): string {
  const tuned = /^endpoints\/(\d{1,30})$/.exec(model);
  if (cloud && tuned) {
    return `${locationPath(cloud)}/endpoints/${tuned[1]}:${method}`;
  }
  const name = model.replace(/^(?:publishers\/google\/models\/|models\/|google\/)/, '');
  return `${cloud ? `${locationPath(cloud)}/publishers/google` : '/v1beta'}/models/${segment(name)}:${method}`;
}

function locationPath({ project, region }: NonNullable<GoogleCloud>): string {
  return `/v1/projects/${encodeURIComponent(project)}/locations/${encodeURIComponent(region)}`;
}

/** The name may come from the client; these would lead elsewhere. */
function segment(name: string): string {
  if (name === '' || name === '.' || name === '..' || /\p{Surrogate}/u.test(name)) {
    throw new RequestError(400, 'invalid value for \'model\': it is no name of a model', 'invalid_value', 'model');
  }
  return encodeURIComponent(name);
}
