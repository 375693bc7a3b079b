import { Writable } from 'node:stream';
import { pino } from 'pino';
import { logRecord } from '../../src/cli/log-record';
import { RequestRecord } from '../../src/runtime/request-record';

const RECORD: RequestRecord = { modelKnown: true, stream: true, status: 200, outcome: 'completed', unpriced: false, droppedParameters: [], duration: 1 };
const ATTEMPTS = [{ backend: 'llm/a', reason: 'connect-failure' }, { backend: 'llm/b', status: 200, reason: 'answered' }] as const;

function logged(record: Partial<RequestRecord>): Array<readonly [level: string, message: string]> {
  const lines: string[] = [];
  const sink = new Writable({
    write(line: Buffer, _encoding, done) {
      lines.push(line.toString());
      done();
    },
  });
  logRecord(pino({ level: 'info', formatters: { level: (level) => ({ level }) } }, sink), { ...RECORD, ...record });
  return lines.map((line) => JSON.parse(line) as { level: string; msg: string }).map(({ level, msg }) => [level, msg] as const);
}

test.each<[string, Partial<RequestRecord>, ReturnType<typeof logged>]>([
  ['an answer', {}, []],
  ['a refusal', { status: 404, errorCode: 'model_not_found' }, []],
  ['a failure', { status: 503, errorCode: 'upstream_unreachable' }, [['warn', 'request failed']]],
  ['no answer', { status: 0 }, [['warn', 'request failed']]],
  ['a stream that broke off after its 200', { errorCode: 'upstream_broke_off' }, [['warn', 'request failed']]],
  ['an answer after failover', { attempts: ATTEMPTS }, [['info', 'request answered after failover']]],
  ['a client that left', { outcome: 'aborted' }, [['info', 'request aborted']]],
])('%s', (_what, record, lines) => {
  expect(logged(record)).toEqual(lines);
});
