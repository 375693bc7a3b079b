import { assistantParts } from './assistant-parts';
import { ContentContext, loseCacheMark, textParts, userParts } from './content-parts';
import { functionResponse } from './function-response';
import { GeminiCalls } from './gemini-calls';
import { GeminiContent, GeminiPart } from '../gemini/gemini-wire';
import { RequestValue } from '../request/request-value';

const ROLES = ['system', 'developer', 'user', 'assistant', 'tool', 'function'] as const;

export interface Conversation {
  readonly system?: GeminiContent;
  readonly contents: readonly GeminiContent[];
}

/** Messages as Gemini takes them: system text apart, and the results of all calls of one turn in one content. */
export function conversation(messages: RequestValue, calls: GeminiCalls, context: ContentContext): Conversation {
  const system: GeminiPart[] = [];
  const turns = new Turns();
  let leading = true;
  for (const message of messages.items()) {
    const role = message.member('role').oneOf(ROLES);
    const content = message.member('content');
    if (message.object().name !== undefined && role !== 'function' && role !== 'tool' && message.has('name')) {
      context.losses.advisory(message.member('name').path, 'Gemini has no names of participants');
    }
    loseCacheMark(message, context.losses);
    leading &&= role === 'system' || role === 'developer';
    switch (role) {
      case 'system':
      case 'developer': {
        const parts = textParts(required(content), context);
        if (leading) {
          parts.forEach((part) => system.push(part));
          break;
        }
        context.losses.changed(message.member('role').path, 'system and developer messages after the first other message are sent as user messages');
        turns.add('user', parts);
        break;
      }
      case 'user':
        turns.add('user', userParts(required(content), context));
        break;
      case 'assistant':
        turns.add('model', assistantParts(message, calls, context));
        break;
      case 'tool':
        required(content);
        turns.addResult(functionResponse(message, calls.answered(message.member('tool_call_id')), context));
        break;
      case 'function':
        required(content);
        turns.addResult(functionResponse(message, calls.answeredByName(message.member('name')), context));
        break;
    }
  }
  return { ...system.length > 0 && { system: { parts: system } }, contents: turns.finished(messages) };
}

function required(content: RequestValue): RequestValue {
  if (!content.present) {
    // Says what is missing.
    content.string();
  }
  return content;
}

interface Turn {
  readonly kind: 'user' | 'model' | 'results';
  readonly parts: GeminiPart[];
  readonly results: Array<{ readonly order: number; readonly part: GeminiPart }>;
}

/** Collects parts into turns: neighbours of the same kind become one, and what has no parts is no turn. */
class Turns {
  private readonly turns: Turn[] = [];

  add(kind: 'user' | 'model', parts: readonly GeminiPart[]): void {
    if (parts.length > 0) {
      const turn = this.turn(kind);
      // One by one: arguments of one call have a limit that a long list meets.
      parts.forEach((part) => turn.parts.push(part));
    }
  }

  /** `beside`: media of the result that its own part cannot hold. */
  addResult({ order, part, beside }: { readonly order: number; readonly part: GeminiPart; readonly beside: readonly GeminiPart[] }): void {
    const turn = this.turn('results');
    turn.results.push({ order, part });
    beside.forEach((media) => turn.parts.push(media));
  }

  /** Throws `RequestError` where Gemini would have nothing to answer. */
  finished(messages: RequestValue): GeminiContent[] {
    if (this.turns.length === 0) {
      throw messages.invalid('this model\'s provider (Google Gemini) needs a message with content beside the system messages');
    }
    return this.turns.map(({ kind, parts, results }) => ({
      role: kind === 'model' ? 'model' : 'user',
      parts: [...results.sort((one, other) => one.order - other.order).map(({ part }) => part), ...parts],
    }));
  }

  private turn(kind: Turn['kind']): Turn {
    const last = this.turns.at(-1);
    if (last?.kind === kind) {
      return last;
    }
    const turn: Turn = { kind, parts: [], results: [] };
    this.turns.push(turn);
    return turn;
  }
}
