import { FakeProvider, startFakeProvider } from './fake-provider';
import { answerOpenAi } from './openai-endpoints';

export type FakeOpenAi = FakeProvider;

/** An OpenAI-compatible server below `/v1`: checks each request's shape, answers with the wire bytes of its API. */
export function startFakeOpenAi(options: { readonly host?: string; readonly port?: number } = {}): Promise<FakeOpenAi> {
  return startFakeProvider(options, (request, response) => answerOpenAi(/^\/v1\/(.+)$/.exec(request.path)?.[1], request, response));
}
