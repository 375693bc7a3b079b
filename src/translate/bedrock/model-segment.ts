import { remembered } from '../remembered';
import { RequestError } from '../request-error';

/** A model id or ARN as one path segment, in the encoding that SigV4 and the AWS SDK use, which is stricter than `encodeURIComponent`. */
export const modelSegment = remembered((modelId: string): string => {
  // The name may come from the client; as a segment these would lead out of /model/.
  if (modelId === '.' || modelId === '..' || /\p{Surrogate}/u.test(modelId)) {
    throw new RequestError(400, 'invalid value for \'model\': it is no name of a model', 'invalid_value', 'model');
  }
  return encodeURIComponent(modelId).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
});

/**
 * The foundation model behind a cross-region inference profile. CountTokens takes foundation models only.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CountTokens.html
 */
export function foundationModel(modelId: string): string {
  return modelId.replace(/^(?:us|us-gov|eu|apac|jp|au|ca|global)\.(?=[a-z0-9]+\.)/, '');
}
