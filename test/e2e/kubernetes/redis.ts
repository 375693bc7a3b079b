import { connect } from 'node:net';
import { list } from './cluster';

/** Everything that the rate limit service has counted, by its keys. */
export async function counters(): Promise<Map<string, number>> {
  const [pod] = list('pods', '-n', 'redis').filter(({ status }) => status?.podIP !== undefined);
  const host = String(pod.status?.podIP);
  const keys = await ask(host, ['KEYS', '*']) as string[];
  const values = keys.length === 0 ? [] : await ask(host, ['MGET', ...keys]) as string[];
  return new Map(keys.map((key, place) => [key, Number(values[place])]));
}

/** One command on a connection of its own; the reply is a list of strings. */
function ask(host: string, command: readonly string[]): Promise<Array<string | undefined>> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(6379, host);
    socket.setTimeout(5_000, () => socket.destroy(new Error('Redis does not answer')));
    socket.on('error', reject);
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      const reply = readList(Buffer.concat(chunks).toString('utf8'));
      if (reply === undefined) return;
      socket.destroy();
      resolve(reply);
    });
    socket.write(`*${command.length}\r\n${command.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`);
  });
}

/** RESP; `undefined`: it is not all there yet. */
function readList(text: string): Array<string | undefined> | undefined {
  const lines = text.split('\r\n');
  if (!/^\*\d+$/.test(lines[0])) throw new Error(`Redis says ${lines[0]}`);
  const words: Array<string | undefined> = [];
  let line = 1;
  for (let left = Number(lines[0].slice(1)); left > 0; left -= 1) {
    if (lines[line] === '$-1') {
      words.push(undefined);
      line += 1;
    } else {
      words.push(lines[line + 1]);
      line += 2;
    }
  }
  return line < lines.length ? words : undefined;
}
