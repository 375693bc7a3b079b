import { CohereChatBody } from '../cohere/cohere-wire';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

type Sampling = Pick<CohereChatBody, 'temperature' | 'p' | 'seed' | 'frequency_penalty' | 'presence_penalty' | 'stop_sequences'>;

/** Ranges of https://docs.cohere.com/reference/chat; that of temperature is what Cohere's errors say (https://docs.cohere.com/reference/errors). */
export function sampling(request: RequestValue, losses: Losses): Sampling {
  const temperature = within(request.member('temperature'), [0, 2], [0, 1], losses);
  const p = within(request.member('top_p'), [0, 1], [0.01, 0.99], losses);
  // Several models refuse to have both, so one that does nothing is not sent.
  const frequency = within(request.member('frequency_penalty'), [-2, 2], [0, 1], losses) || undefined;
  const presence = within(request.member('presence_penalty'), [-2, 2], [0, 1], losses) || undefined;
  const seed = seedFrom(request.member('seed'), losses);
  const stop = stops(request.member('stop'), losses);
  return {
    ...temperature !== undefined && { temperature },
    ...p !== undefined && { p },
    ...seed !== undefined && { seed },
    ...frequency !== undefined && { frequency_penalty: frequency },
    ...presence !== undefined && { presence_penalty: presence },
    ...stop.length > 0 && { stop_sequences: stop },
  };
}

type Range = readonly [lowest: number, highest: number];

function within(value: RequestValue, taken: Range, sent: Range, losses: Losses): number | undefined {
  if (!value.present) {
    return undefined;
  }
  const asked = value.number(...taken);
  const nearest = Math.min(Math.max(asked, sent[0]), sent[1]);
  // 1 of top_p is what OpenAI does without it: nothing that a client would miss.
  if (nearest !== asked && !(value.path === 'top_p' && asked === 1)) {
    losses.changed(value.path, `sent as ${nearest}: Cohere takes ${sent[0]} to ${sent[1]}`);
  }
  return nearest;
}

function seedFrom(value: RequestValue, losses: Losses): number | undefined {
  if (!value.present) {
    return undefined;
  }
  const seed = value.number(-(2 ** 63), 2 ** 63);
  if (!Number.isInteger(seed)) {
    throw value.invalid('it must be a whole number');
  }
  if (seed < 0) {
    losses.advisory(value.path, 'Cohere takes none below 0');
    return undefined;
  }
  return seed;
}

function stops(value: RequestValue, losses: Losses): string[] {
  if (!value.present) {
    return [];
  }
  const all = typeof value.value === 'string' ? [value.value] : value.items().map((item) => item.string());
  const sent = all.filter((text) => text !== '');
  if (sent.length < all.length) {
    losses.changed(value.path, 'empty stop sequences are not sent');
  }
  return sent;
}
