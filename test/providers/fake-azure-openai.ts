import { FakeProvider, startFakeProvider } from './fake-provider';
import { answerOpenAi } from './openai-endpoints';
import { fail } from './openai-failure';

/** The deployments that there are. */
export const DEPLOYMENTS: readonly string[] = ['my-deployment', 'my whisper'];

/** Azure OpenAI: checks path, version, key and deployment as it does, and answers as OpenAI would. */
export function startFakeAzureOpenAi(options: { readonly host?: string; readonly port?: number } = {}): Promise<FakeProvider> {
  return startFakeProvider(options, (request, response) => {
    const refuse = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.headers['api-key'] === undefined && !(request.headers.authorization ?? '').startsWith('Bearer ')) {
      return refuse(401, { statusCode: 401, message: 'Unauthorized. Access token is missing, invalid, audience is incorrect, or have expired.' });
    }
    const url = new URL(request.path, 'http://azure.test');
    const version = url.searchParams.get('api-version');
    const v1 = /^\/openai\/v1\/(.+)$/.exec(url.pathname);
    if (v1) {
      return version === null || version === 'preview'
        ? answerOpenAi(v1[1], request, response)
        : refuse(400, { error: { code: 'BadRequest', message: 'api-version query parameter is not allowed when using /v1 path' } });
    }
    const path = /^\/openai\/deployments\/([^/]+)\/(.+)$/.exec(url.pathname);
    if (!path || version === null || !/^\d{4}-\d{2}-\d{2}(?:-preview)?$/.test(version)) return refuse(404, { error: { code: '404', message: 'Resource not found' } });
    if (!DEPLOYMENTS.includes(decodeURIComponent(path[1]))) {
      return refuse(404, { error: { code: 'DeploymentNotFound', message: 'The API deployment for this resource does not exist.' } });
    }
    if (version < '2024-08-01' && request.body.includes('"stream_options"')) return fail(response, 400, 'Unrecognized request argument supplied: stream_options', 'invalid_request_error');
    return answerOpenAi(path[2], request, response);
  });
}
