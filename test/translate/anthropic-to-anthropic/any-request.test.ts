import * as fc from 'fast-check';
import { bodyOf, countedBody, countTokens, HOSTS, messages, sent } from './messages';
import { UnsupportedParameters } from '../../../src/resources/llm-route';
import { messagesComplaint } from '../../providers/messages-complaint';
import { expectBodyOr400, expectNoRefusalUnderLenient } from '../any-request';
import { refusalIfAny } from '../replay';

type Host = typeof HOSTS[number];

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const text = fc.string({ minLength: 1, maxLength: 10 });
const mark = maybe(fc.constantFrom({ type: 'ephemeral' }, { type: 'ephemeral', ttl: '1h' }));
const block = fc.oneof(
  fc.record({ type: fc.constant('text'), text, cache_control: mark }),
  fc.record({ type: fc.constant('image'), source: fc.constantFrom({ type: 'base64', media_type: 'image/png', data: 'iVBO' }, { type: 'url', url: 'https://a.test/b.png' }) }),
  fc.record({ type: fc.constant('thinking'), thinking: text, signature: text }),
  fc.record({ type: fc.constant('tool_use'), id: text, name: text, input: fc.dictionary(text, fc.jsonValue(), { noNullPrototype: true }) }),
  fc.record({ type: fc.constant('tool_result'), tool_use_id: text, content: text }),
);
const message = fc.record({ role: fc.constantFrom('user', 'assistant', 'system'), content: fc.oneof(text, fc.array(block, { minLength: 1, maxLength: 3 })) });
const counted = {
  model: fc.constantFrom('claude-sonnet-4-5', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'claude-sonnet-4-5@20250929', 'a/b "c"'),
  messages: fc.array(message, { minLength: 1, maxLength: 3 }),
  system: maybe(text),
  tools: maybe(fc.array(fc.record({ name: text, input_schema: fc.constant({ type: 'object' }) }), { maxLength: 2 })),
  tool_choice: maybe(fc.constantFrom({ type: 'auto' }, { type: 'any', disable_parallel_tool_use: true })),
  thinking: maybe(fc.constantFrom({ type: 'enabled', budget_tokens: 1024 }, { type: 'adaptive' }, { type: 'disabled' })),
  speed: maybe(fc.constantFrom('standard', 'fast')),
  cache_control: mark,
};
const valid = fc.record({
  ...counted,
  max_tokens: fc.integer({ min: 2000, max: 64000 }),
  stream: maybe(fc.boolean()),
  temperature: maybe(fc.double({ min: 0, max: 1, noNaN: true })),
  top_k: maybe(fc.integer({ min: 0, max: 500 })),
  stop_sequences: maybe(fc.array(text, { maxLength: 3 })),
  metadata: maybe(fc.record({ user_id: text })),
  service_tier: maybe(fc.constantFrom('auto', 'standard_only')),
  inference_geo: maybe(fc.constantFrom('us', 'global', null)),
  container: maybe(fc.constantFrom('container_1', null)),
  diagnostics: maybe(fc.constantFrom({ previous_message_id: null }, null)),
}, { requiredKeys: ['model', 'messages', 'max_tokens'] });
const validCount = fc.record(counted, { requiredKeys: ['model', 'messages'] });

function checked(host: Host, request: object, unsupportedParameters: UnsupportedParameters): void {
  const out = messages(host, request, { unsupportedParameters, upstreamModel: 'theirs' }, { 'anthropic-beta': 'a,b' });
  bodyOf(host, out);
}

test.each(HOSTS)('G17 G21 to %s: any valid request gives a body that it takes, or a 400', (host) => {
  expectBodyOr400(valid, (request, unsupportedParameters) => checked(host, request, unsupportedParameters), 150);
});

test.each(HOSTS)('G21 to %s: under Lenient nothing is refused', (host) => {
  expectNoRefusalUnderLenient(valid, (request, unsupportedParameters) => checked(host, request, unsupportedParameters), 100);
});

test.each(HOSTS)('G17 to %s: any valid count of tokens gives a body that it takes', (host) => {
  fc.assert(fc.property(validCount, (request) => {
    const out = countTokens(host, request, { upstreamModel: 'theirs' });
    if (host === 'AWSAnthropic') {
      countedBody(out);
    } else {
      expect(messagesComplaint(JSON.parse(sent(out)), host, true)).toBeUndefined();
    }
  }), { numRuns: 150 });
});

test.each(HOSTS)('G17 to %s: any JSON at all gives a body or a 400, never another error', (host) => {
  const junk = fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom('model', 'messages', 'thinking', 'stream', 'speed', 'container', 'anthropic_beta', 'anthropic_version'), fc.jsonValue()));
  fc.assert(fc.property(junk, (request) => {
    expect([undefined, 400]).toContain(refusalIfAny(() => messages(host, JSON.stringify(request)))?.status);
    expect([undefined, 400]).toContain(refusalIfAny(() => countTokens(host, JSON.stringify(request)))?.status);
  }), { numRuns: 200 });
});
