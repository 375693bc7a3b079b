import { setTimeout as sleep } from 'node:timers/promises';
import { FakeProvider, startFakeProvider, wish } from './fake-provider';
import { geminiComplaint } from './gemini-complaint';
import { geminiShapeComplaint } from './gemini-shape';
import { GeminiBody } from '../../src/translate/gemini/gemini-wire';

export type FakeGemini = FakeProvider;

const VERTEX = /^\/v1\/projects\/[^/]+\/locations\/[^/]+\/(?:publishers\/google\/models\/([^/:]+)|endpoints\/(\d+)):(\w+)(\?alt=sse)?$/;
const GEMINI_API = /^\/v1beta\/models\/([^/:]+):(\w+)(\?alt=sse)?$/;
const USAGE = { promptTokenCount: 12, candidatesTokenCount: 5, thoughtsTokenCount: 3, totalTokenCount: 20 };
const STATUS: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT', 401: 'UNAUTHENTICATED', 403: 'PERMISSION_DENIED', 404: 'NOT_FOUND', 429: 'RESOURCE_EXHAUSTED', 500: 'INTERNAL', 503: 'UNAVAILABLE', 504: 'DEADLINE_EXCEEDED',
};
const SIGNATURE = 'c2lnbmF0dXJl';

/** Vertex AI's and the Gemini API's generateContent and embeddings: checks path, credential and body, answers with the real wire bytes. */
export function startFakeGemini(options: { readonly host?: string; readonly port?: number } = {}): Promise<FakeGemini> {
  return startFakeProvider(options, async (request, response) => {
    const [vertex, api] = [VERTEX.exec(request.path), GEMINI_API.exec(request.path)];
    const [model, method, sse] = vertex ? [vertex[1] ?? vertex[2], vertex[3], vertex[4]] : api ? [api[1], api[2], api[3]] : [];
    const fail = (status: number, message: string) => {
      const error = { error: { code: status, message, status: STATUS[status] ?? 'UNKNOWN' } };
      response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' }).end(JSON.stringify(method === 'streamGenerateContent' ? [error] : error, null, 2));
    };
    if (request.method !== 'POST' || model === undefined || method === undefined) return fail(404, `no such path ${request.path}`);
    if (vertex ? !/^Bearer \S+$/.test(request.headers.authorization ?? '') : !request.headers['x-goog-api-key']) {
      return fail(401, 'Request is missing required authentication credential.');
    }
    let body: GeminiBody & { readonly instances?: readonly unknown[]; readonly requests?: readonly unknown[] };
    try {
      body = JSON.parse(request.body.toString('utf8')) as GeminiBody;
    } catch {
      return fail(400, 'Invalid JSON payload received.');
    }
    const json = (value: unknown) => void response.writeHead(200, { 'content-type': 'application/json; charset=UTF-8' }).end(JSON.stringify(value, null, 2));
    const embedding = { values: [0.25, -0.5, 1] };
    switch (method) {
      case 'predict': {
        const wrong = geminiShapeComplaint(body, 'PredictRequest');
        if (wrong !== undefined) return fail(400, wrong);
        const prediction = { embeddings: { ...embedding, statistics: { truncated: false, token_count: 4 } } };
        return json({ predictions: body.instances?.map(() => prediction), metadata: { billableCharacterCount: 2 } });
      }
      case 'embedContent': {
        const wrong = geminiShapeComplaint(body, 'EmbedContentRequest');
        return wrong === undefined ? json({ embedding, usageMetadata: { promptTokenCount: 4, totalTokenCount: 4 }, truncated: false }) : fail(400, wrong);
      }
      case 'batchEmbedContents': {
        const wrong = geminiShapeComplaint(body, 'BatchEmbedContentsRequest');
        return wrong === undefined ? json({ embeddings: body.requests?.map(() => embedding) }) : fail(400, wrong);
      }
      case 'countTokens':
        return json({ totalTokens: 12, totalBillableCharacters: 40 });
      case 'generateContent':
      case 'streamGenerateContent':
        break;
      default:
        return fail(404, `no such method ${method}`);
    }
    const complaint = geminiComplaint(body, model, vertex !== null);
    if (complaint !== undefined) return fail(400, complaint);
    const text = String(body.contents.at(-1)?.parts.at(-1)?.text ?? '');
    const { error, slowSeconds } = wish(text);
    if (error !== undefined) return fail(error, `as asked: ${error}`);
    const mode = body.toolConfig?.functionCallingConfig.mode;
    const tool = mode === 'NONE' || body.contents.at(-1)?.parts.some((part) => part.functionResponse) ? undefined : body.tools?.[0]?.functionDeclarations[0];
    const call = tool && { functionCall: { name: tool.name, args: { city: 'Paris' } }, thoughtSignature: SIGNATURE };
    const common = { modelVersion: model, createTime: '2026-03-10T14:54:45.066123Z', responseId: 'tTCwacuEBMvnitYP06qsgQY' };
    const said = body.generationConfig?.responseMimeType === 'application/json' ? '{"city":"Paris"}' : 'Hello from Gemini.';
    const indexes = Array.from({ length: body.generationConfig?.candidateCount ?? 1 }, (_, index) => index);
    if (method === 'generateContent') {
      const parts = [call ?? { text: said }];
      return json({ candidates: indexes.map((index) => ({ content: { role: 'model', parts }, finishReason: 'STOP', avgLogprobs: -0.2, index })), usageMetadata: USAGE, ...common });
    }
    if (sse === undefined) return fail(400, 'this fake streams with alt=sse only');
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const event = (candidates: unknown, usageMetadata: unknown) => response.write(`data: ${JSON.stringify({ candidates, usageMetadata, ...common })}\r\n\r\n`);
    const words = call ? [] : slowSeconds === undefined ? said.split(/(?<= )/) : Array.from({ length: slowSeconds }, (_, index) => `${index} `);
    for (const word of words) {
      if (slowSeconds !== undefined) await sleep(1_000);
      if (response.destroyed) return;
      event(indexes.map((index) => ({ content: { role: 'model', parts: [{ text: word }] }, index })), { trafficType: 'ON_DEMAND' });
    }
    event(
      indexes.map((index) => ({ content: { role: 'model', parts: [call ?? { text: '', thoughtSignature: SIGNATURE }] }, finishReason: 'STOP', index })),
      { ...USAGE, trafficType: 'ON_DEMAND' },
    );
    response.end();
  });
}
