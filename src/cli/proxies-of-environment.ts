import { ProxySettings, proxySettings } from '../runtime/proxy-settings';

/** The proxies that this process's environment names; ends it by `fail` when one of them is no URL. */
export function proxiesOfEnvironment(fail: (message: string) => never): ProxySettings {
  try {
    return proxySettings(process.env);
  } catch (error) {
    return fail((error as Error).message);
  }
}
