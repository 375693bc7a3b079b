import assert from 'node:assert/strict';
import { Received } from './http-request';

/** What a client reads of a whole answer, plain or streamed. */
export function contentOf({ text, whole, headers }: Received, stream: boolean): string {
  assert.ok(whole);
  assert.match(headers['content-type'] ?? '', stream ? /^text\/event-stream/ : /^application\/json/);
  if (!stream) return (JSON.parse(text) as { choices: Array<{ message: { content: string } }> }).choices[0].message.content;
  assert.ok(text.endsWith('data: [DONE]\n\n'), text);
  return text.split('\n').filter((line) => line.startsWith('data: {'))
    .map((line) => (JSON.parse(line.slice(6)) as { choices: Array<{ delta: { content?: string } }> }).choices[0]?.delta.content ?? '').join('');
}
