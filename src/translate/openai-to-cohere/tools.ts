import { withoutCacheMark } from './content-parts';
import { CohereChatBody, CohereTool } from '../cohere/cohere-wire';
import { wantedTools } from '../openai/tool-choice';
import { ToolHistory } from '../openai/tool-history';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

const FUNCTIONS_ONLY = 'Cohere takes functions only';
const ANY_OBJECT = { type: 'object', properties: {} };

interface Definition {
  readonly name: string;
  /** Where the function says that it is strict. */
  readonly strict?: RequestValue;
  readonly tool: CohereTool;
}

/** Tools, and the choice among them. Cohere knows no choice of one function: it is the same to send no other, and to require one. */
export function convertTools(request: RequestValue, history: ToolHistory, losses: Losses): Pick<CohereChatBody, 'tools' | 'tool_choice' | 'strict_tools'> {
  const defined = definitions(request.member('tools'), history, losses);
  const choiceValue = request.member('tool_choice');
  const { choice, allowed } = wantedTools(choiceValue, losses, FUNCTIONS_ONLY);
  if (choice.kind === 'function' && defined.length > 0 && !defined.some(({ name }) => name === choice.name)) {
    throw choiceValue.invalid(`'tools' has no function '${choice.name.slice(0, 64)}'`);
  }
  const sent = defined.filter(({ name }) => (choice.kind !== 'function' || name === choice.name) && (!allowed || allowed.has(name)));
  const requires = choice.kind === 'required' || choice.kind === 'function';
  if (sent.length === 0) {
    if (requires) {
      losses.advisory(choiceValue.path, 'the request has no tools to choose from');
    }
    return {};
  }
  const isStrict = sent.every(({ strict }) => strict !== undefined);
  for (const { strict } of isStrict ? [] : sent) {
    if (strict) {
      losses.advisory(strict.path, 'Cohere keeps to the schema of every function, or of none; make all of them strict');
    }
  }
  return {
    tools: sent.map(({ tool }) => tool),
    ...requires && { tool_choice: 'REQUIRED' as const },
    ...choice.kind === 'none' && { tool_choice: 'NONE' as const },
    ...isStrict && { strict_tools: true },
  };
}

function definitions(tools: RequestValue, history: ToolHistory, losses: Losses): Definition[] {
  const names = new Set<string>();
  const found: Definition[] = [];
  for (const tool of tools.present ? tools.items() : []) {
    if (tool.member('type').string() !== 'function') {
      losses.semantic(tool.path, FUNCTIONS_ONLY);
      continue;
    }
    withoutCacheMark(tool, losses);
    const definition = tool.member('function');
    const name = definition.member('name');
    if (names.has(name.nonEmptyString())) {
      throw name.invalid('another function of this request has the same name');
    }
    names.add(name.string());
    const strict = definition.member('strict');
    const description = definition.member('description').present ? definition.member('description').string() : '';
    const parameters = definition.member('parameters');
    found.push({
      name: name.string(),
      ...strict.present && strict.boolean() && { strict },
      tool: {
        type: 'function',
        function: {
          name: history.names.restricted(name.string()),
          ...description.trim() !== '' && { description },
          // The schema of a function is an object's, also where the client left that out.
          parameters: parameters.present ? { type: 'object', ...parameters.object() } : ANY_OBJECT,
        },
      },
    });
  }
  return found;
}
