import { join } from 'node:path';
import { loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import * as fc from 'fast-check';
import { Reply, setHeaders } from './envoy-client';
import { BodyBudget } from '../../src/extproc/body-budget';
import { MessageReader } from '../../src/extproc/message-reader';
import { decodeProcessingRequest } from '../../src/extproc/processing-request';
import { ProcessingResponseEncoder } from '../../src/extproc/processing-response';
import { httpRouteOf } from '../../src/extproc/route-name';
import { WireError } from '../../src/extproc/wire-reader';
import { Framed } from '../../src/extproc/wire-writer';

// The official library, from the same field numbers.
interface Method { requestSerialize(value: object): Buffer; responseDeserialize(bytes: Buffer): Reply }
const definition = loadPackageDefinition(loadSync(join(__dirname, 'ext_proc.proto'), { keepCase: false, longs: Number, defaults: true, oneofs: true })) as unknown as {
  envoy: { service: { ext_proc: { v3: { ExternalProcessor: { service: { Process: Method } } } } } };
};
const method = definition.envoy.service.ext_proc.v3.ExternalProcessor.service.Process;
const encoder = new ProcessingResponseEncoder('ns');
const decode = (pieces: Framed) => {
  const framed = Buffer.concat(pieces);
  expect(framed[0]).toBe(0);
  expect(framed.readUInt32BE(1)).toBe(framed.length - 5);
  return method.responseDeserialize(framed.subarray(5));
};

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 });
const headers = fc.array(fc.tuple(fc.stringMatching(/^[a-z-]{1,20}$/), text), { maxLength: 12 });
const body = fc.uint8Array({ maxLength: 200_000, size: 'xlarge' });
const metadata = fc.dictionary(fc.stringMatching(/^[a-z_]{1,12}$/), fc.oneof(text, fc.double({ noNaN: true })), { maxKeys: 5 });
const fieldsOf = (reply: Reply) => Object.fromEntries(Object.entries(reply.dynamicMetadata?.fields.ns?.structValue.fields ?? {}).map(
  ([name, value]) => [name, value.stringValue ?? value.numberValue],
));

test('replies are what the official decoder reads: request body', () => {
  fc.assert(fc.property(headers, fc.array(fc.stringMatching(/^[a-z-]{1,20}$/), { maxLength: 5 }), fc.option(body, { nil: undefined }), metadata, (set, remove, replacement, values) => {
    const reply = decode(encoder.requestBody({ set, remove }, replacement, values));
    const { response } = reply.requestBody!;
    expect(response.clearRouteCache).toBe(true);
    expect((response.headerMutation?.setHeaders ?? []).map(({ header }) => [header.key, header.rawValue.toString('utf8')])).toEqual(set);
    expect(response.headerMutation?.removeHeaders ?? []).toEqual(remove);
    expect(response.bodyMutation?.body).toEqual(replacement && Buffer.from(replacement));
    expect(fieldsOf(reply)).toEqual({ ...values });
  }), { numRuns: 150 });
});

test('replies are what the official decoder reads: response head, response body, immediate', () => {
  fc.assert(fc.property(headers, body, metadata, fc.boolean(), (set, bytes, values, last) => {
    const head = decode(encoder.responseHeaders({ set, remove: ['a'] }, bytes, values));
    expect(head.responseHeaders!.response).toMatchObject({ status: 1, clearRouteCache: false, bodyMutation: { body: Buffer.from(bytes) } });
    expect(decode(encoder.responseHeaders({ set, remove: [] }, undefined, undefined)).responseHeaders!.response).toMatchObject({ status: 0, bodyMutation: null });
    const piece = decode(encoder.responseBody(bytes, last, values));
    expect(piece.responseBody!.response.bodyMutation!.streamedResponse).toMatchObject({ body: Buffer.from(bytes), endOfStream: last });
    expect(fieldsOf(piece)).toEqual({ ...values });
    const immediate = decode(encoder.immediate({ status: 429, headers: set, body: bytes, details: 'why' }));
    expect(immediate.immediateResponse).toMatchObject({ status: { code: 429 }, body: Buffer.from(bytes), details: 'why' });
    expect(setHeaders(immediate.immediateResponse!.headers)).toEqual(Object.fromEntries(set));
  }), { numRuns: 100 });
});

test('requests of the official encoder are read in place', () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'bb', ':path', 'x-envoy-ai-gateway-llm-model'), text), { maxLength: 8 }), fc.boolean(), text, (pairs, endOfStream, route) => {
    const bytes = method.requestSerialize({
      requestHeaders: { headers: { headers: pairs.map(([key, value]) => ({ key, rawValue: Buffer.from(value) })) }, endOfStream },
      attributes: { 'any.name': { fields: { 'other': { numberValue: 1 }, 'xds.route_name': { stringValue: route }, 'response.code_details': { stringValue: 'via_upstream' } } } },
      protocolConfig: { requestBodyMode: 2, responseBodyMode: 4 },
    });
    const message = decodeProcessingRequest(bytes);
    if (message.kind !== 'requestHeaders') throw new Error(message.kind);
    expect(message).toMatchObject({ endOfStream, attributes: { routeName: route, codeDetails: 'via_upstream' }, bodyModes: { request: 2, response: 4 } });
    for (const name of ['a', 'bb', ':path', 'x-envoy-ai-gateway-llm-model', 'absent']) {
      const values = pairs.filter(([key]) => key === name).map(([, value]) => value);
      expect(message.headers.get(name)).toBe(values.length === 0 ? undefined : values.join(', '));
    }
  }), { numRuns: 200 });
  const piece = decodeProcessingRequest(method.requestSerialize({ responseBody: { body: Buffer.from('abc'), endOfStream: true } }));
  expect(piece).toMatchObject({ kind: 'responseBody', body: Buffer.from('abc'), endOfStream: true });
});

test('any bytes are a message or a WireError', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
    try {
      decodeProcessingRequest(Buffer.from(bytes));
    } catch (error) {
      expect(error).toBeInstanceOf(WireError);
    }
  }), { numRuns: 3_000 });
});

test('messages come whole, however the bytes are cut; room is taken for large ones only, and given back', () => {
  const budget = new BodyBudget({ message: 400_000, connection: 500_000, process: 500_000 });
  const sizes = fc.array(fc.constantFrom(0, 1, 4, 5, 6, 1_000, 65_535, 65_536, 200_000, 500_000), { maxLength: 6 });
  fc.assert(fc.property(sizes, fc.array(fc.integer({ min: 1, max: 300_000 }), { minLength: 1, maxLength: 20 }), (lengths, steps) => {
    const framed = Buffer.concat(lengths.map((length, index) => {
      const message = Buffer.alloc(length + 5, index + 1);
      message[0] = 0;
      message.writeUInt32BE(length, 1);
      return message;
    }));
    const seen: string[] = [];
    const reader = new MessageReader({
      message: (bytes) => { seen.push(`${bytes.length}:${bytes.every((byte) => byte === bytes[0]) ? bytes[0] ?? '' : 'mixed'}`); },
      refused: () => { seen.push('refused'); },
      broken: (reason) => { throw new Error(reason); },
    }, budget.connection());
    for (let position = 0, step = 0; position < framed.length; position += steps[step++ % steps.length]) {
      reader.push(framed.subarray(position, Math.min(framed.length, position + steps[step % steps.length])));
    }
    expect(seen).toEqual(lengths.map((length, index) => (length > 400_000 ? 'refused' : `${length}:${length === 0 ? '' : index + 1}`)));
    expect(budget.inUse).toBe(0);
  }), { numRuns: 200 });
});

test('compressed messages and other protocols break the stream', () => {
  for (const [first, reason] of [[1, /compressed/], [0x50, /not a gRPC message/]] as const) {
    const reasons: string[] = [];
    const budget = new BodyBudget({ message: 9, connection: 9, process: 9 });
    const reader = new MessageReader({ message: () => undefined, refused: () => undefined, broken: (said) => reasons.push(said) }, budget.connection());
    reader.push(Buffer.from([first, 0, 0, 0, 0, 0, 0]));
    expect(reasons).toEqual([expect.stringMatching(reason)]);
  }
});

test('the HTTPRoute of a route name', () => {
  expect(httpRouteOf('httproute/llm/chat/rule/0/match/0/*')).toBe('llm/chat');
  expect(httpRouteOf('httproute/llm/chat')).toBe('llm/chat');
  for (const other of [undefined, '', 'httproute/llm', 'httproute//chat/rule', 'httproute/llm//rule', 'httproute/', 'grpcroute/llm/chat/rule/0', 'default/http/1']) expect(httpRouteOf(other)).toBeUndefined();
});
