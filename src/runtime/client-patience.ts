/** What the official client libraries, and an Envoy in front of this one, say of their own timeouts: the header and milliseconds of its unit. */
const HEADERS: ReadonlyArray<readonly [name: string, unit: number]> = [
  // openai-node and anthropic-sdk-typescript, client.ts: seconds to the head of the answer.
  ['x-stainless-timeout', 1_000],
  // openai-python and anthropic-sdk-python, _base_client.py: seconds between two pieces of the answer.
  ['x-stainless-read-timeout', 1_000],
  // https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-expected-rq-timeout-ms
  ['x-envoy-expected-rq-timeout-ms', 1],
];

/** Milliseconds for which a client waits for an answer to begin; `undefined`: it does not say. */
export function clientPatience(header: (name: string) => string | undefined): number | undefined {
  let shortest: number | undefined;
  for (const [name, unit] of HEADERS) {
    const value = Number(header(name)) * unit;
    // Timeouts below a second are cut to 0 by some.
    if (value > 0 && value < (shortest ?? Infinity)) shortest = value;
  }
  return shortest;
}
