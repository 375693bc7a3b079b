import { GeminiCalls } from './gemini-calls';
import { candidateCount, generationConfig } from './generation-config';
import { labels } from './labels';
import { conversation } from './messages';
import { GEMINI_EXTENSIONS, GEMINI_PARAMETERS } from './parameters';
import { serviceTier } from './service-tier';
import { convertTools } from './tools';
import { FunctionNames } from '../gemini/function-names';
import { GoogleCloud } from '../gemini/gemini-path';
import { geminiTraits } from '../gemini/gemini-traits';
import { GeminiBody } from '../gemini/gemini-wire';
import { includesUsage } from '../openai/stream-options';
import { usedToolNames } from '../openai/tool-history';
import { Losses } from '../request/losses';
import { applyParameterPolicy } from '../request/parameter-policy';
import { RequestValue } from '../request/request-value';

/** Anthropic's own field, for models that have a budget of tokens as its models do. */
const EXTENSIONS = [...GEMINI_EXTENSIONS, 'thinking'];

export interface ConvertedRequest {
  readonly body: GeminiBody;
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>;
  readonly functionNames: FunctionNames;
  readonly includeUsage: boolean;
  readonly choices: number;
}

/** A chat completion request as a body of generateContent. Throws `RequestError` for what the client must change. */
export function geminiRequest(json: Readonly<Record<string, unknown>>, model: string, cloud: GoogleCloud, losses: Losses): ConvertedRequest {
  applyParameterPolicy(json, GEMINI_PARAMETERS, losses, 'no field of OpenAI\'s chat completions', EXTENSIONS);
  const request = new RequestValue(json, '');
  const traits = geminiTraits(model);
  const { definedNames, calledNames } = usedToolNames(request);
  const functionNames = new FunctionNames([...definedNames, ...calledNames]);
  const { system, contents } = conversation(request.member('messages'), new GeminiCalls(functionNames), { losses, traits });
  const config = generationConfig(request, traits, losses);
  const callLabels = labels(request.member('metadata'), cloud, losses);
  const tier = serviceTier(request.member('service_tier'), cloud, losses);
  // Assigned one by one: of conditional spreads, each costs as much as a message.
  const body: GeminiBody = { contents };
  if (system) {
    body.systemInstruction = system;
  }
  Object.assign(body, convertTools(request, functionNames, traits, losses));
  if (config) {
    body.generationConfig = config;
  }
  if (callLabels) {
    body.labels = callLabels;
  }
  Object.assign(body, tier.body);
  return {
    body,
    headers: tier.headers,
    functionNames,
    includeUsage: includesUsage(request.member('stream_options')),
    choices: candidateCount(request.member('n')),
  };
}
