import { join } from 'node:path';
import { RunningServe } from './running-serve';
import { FakeProvider } from '../providers/fake-provider';

/** As in a Secret that Bedrock's backends name. */
export const AWS_CREDENTIALS = '[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = plantedAwsSecretAccessKey000000000000000\n';

/** `llmgw serve` on one of test/fixtures/gateway, whose objects are in namespace demo, with stand-ins in its providers' place. */
export class ServedFixture {
  /** `upstreams`: by LLMBackend, one provider may stand for several; `secrets`: by `<name>/<key>` of a Secret. */
  static async start(fixture: string, upstreams: Readonly<Record<string, FakeProvider>>, secrets: Readonly<Record<string, string>>): Promise<ServedFixture> {
    const providers = [...new Set(Object.values(upstreams))];
    const variables = Object.entries(secrets).map(([key, value], index) => ({ key, value, variable: `SECRET_${index}` }));
    const serve = await RunningServe.start([
      join(__dirname, '..', 'fixtures', 'gateway', fixture),
      ...variables.flatMap(({ key, variable }) => ['--secret', `demo/${key}=env:${variable}`]),
      ...Object.entries(upstreams).flatMap(([name, { port }]) => ['--upstream', `demo/${name}=http://127.0.0.1:${port}`]),
    ], Object.fromEntries(variables.map(({ variable, value }) => [variable, value]))).catch(async (error: unknown) => {
      await Promise.all(providers.map((provider) => provider.close()));
      throw error;
    });
    return new ServedFixture(serve, await serve.says(/listening on (\S+)/), providers);
  }

  private constructor(readonly serve: RunningServe, readonly url: string, private readonly providers: readonly FakeProvider[]) {}

  /** Ends the stand-ins too. */
  async stop(): Promise<void> {
    await this.serve.stop();
    await Promise.all(this.providers.map((provider) => provider.close()));
  }
}
