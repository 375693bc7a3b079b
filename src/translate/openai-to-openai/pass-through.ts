import {
  CHAT_COMPLETIONS_PARAMETERS, COMPLETIONS_PARAMETERS, EMBEDDINGS_PARAMETERS, IMAGE_GENERATIONS_PARAMETERS, RESPONSE_INPUT_TOKENS_PARAMETERS,
  RESPONSES_PARAMETERS, SPEECH_PARAMETERS, TRANSCRIPTIONS_PARAMETERS, TRANSLATIONS_PARAMETERS,
} from './parameters';
import { passThroughForm, passThroughRequest } from './request';
import { PassThroughResponse } from './response';
import { StreamErrors } from './stream-response';
import { OutputSchemaName } from '../../resources/schema-name';
import { MultipartRequestBody } from '../multipart/multipart-request-body';
import { openAiErrorEvent } from '../openai/error-body';
import { responsesErrorEvent } from '../openai/responses-error-event';
import { ParameterTable } from '../parameter-table';
import { RequestBody } from '../request-body';
import { Endpoint, TranslationContext, Translator } from '../translator';

/** An endpoint of OpenAI's API, as every server that speaks it has it. */
export interface OpenAiEndpoint {
  readonly endpoint: Endpoint;
  /** Path below the API's prefix. */
  readonly resource: string;
  readonly parameters: ParameterTable;
  streams(body: RequestBody): boolean;
  /** A stream tells its usage only when `stream_options` ask for it. */
  readonly usageOnRequest?: boolean;
  /** Takes multipart/form-data. */
  readonly form?: boolean;
  /** May answer with sound or plain text. */
  readonly opaque?: boolean;
  readonly errors: StreamErrors;
}

/** What is OpenAI's and what is a server's own. */
export interface PassThroughServer {
  readonly output: OutputSchemaName;
  path(resource: string, context: TranslationContext): string;
  /** Whether it knows `stream_options`. */
  knowsStreamOptions?(context: TranslationContext): boolean;
}

const byStreamField = (body: RequestBody): boolean => body.stream;
const never = (): boolean => false;
const plain = { errors: { numbered: false, event: openAiErrorEvent } };
const numbered = { errors: { numbered: true, event: responsesErrorEvent } };

export const CHAT_COMPLETIONS: OpenAiEndpoint = {
  ...plain, endpoint: 'ChatCompletions', resource: 'chat/completions', parameters: CHAT_COMPLETIONS_PARAMETERS, streams: byStreamField, usageOnRequest: true,
};
export const COMPLETIONS: OpenAiEndpoint = {
  ...plain, endpoint: 'Completions', resource: 'completions', parameters: COMPLETIONS_PARAMETERS, streams: byStreamField, usageOnRequest: true,
};
export const EMBEDDINGS: OpenAiEndpoint = { ...plain, endpoint: 'Embeddings', resource: 'embeddings', parameters: EMBEDDINGS_PARAMETERS, streams: never };
export const RESPONSES: OpenAiEndpoint = { ...numbered, endpoint: 'Responses', resource: 'responses', parameters: RESPONSES_PARAMETERS, streams: byStreamField };
export const RESPONSE_INPUT_TOKENS: OpenAiEndpoint = {
  ...plain, endpoint: 'ResponseInputTokens', resource: 'responses/input_tokens', parameters: RESPONSE_INPUT_TOKENS_PARAMETERS, streams: never,
};
export const IMAGE_GENERATIONS: OpenAiEndpoint = {
  ...plain, endpoint: 'ImageGenerations', resource: 'images/generations', parameters: IMAGE_GENERATIONS_PARAMETERS, streams: byStreamField,
};
export const SPEECH: OpenAiEndpoint = {
  ...plain, endpoint: 'Speech', resource: 'audio/speech', parameters: SPEECH_PARAMETERS, streams: (body) => body.json().stream_format === 'sse', opaque: true,
};
export const TRANSCRIPTIONS: OpenAiEndpoint = {
  ...plain, endpoint: 'Transcriptions', resource: 'audio/transcriptions', parameters: TRANSCRIPTIONS_PARAMETERS, streams: byStreamField, form: true, opaque: true,
};
export const TRANSLATIONS: OpenAiEndpoint = {
  ...plain, endpoint: 'Translations', resource: 'audio/translations', parameters: TRANSLATIONS_PARAMETERS, streams: never, form: true, opaque: true,
};

/** The translator of an endpoint for a server that speaks it itself. */
export function passThrough(to: OpenAiEndpoint, server: PassThroughServer): Translator {
  return {
    input: 'OpenAI',
    output: server.output,
    endpoint: to.endpoint,
    parameters: to.parameters,
    translate(body, context) {
      const stream = to.streams(body);
      const form = to.form === true && body instanceof MultipartRequestBody;
      const wantsUsage = stream && to.usageOnRequest === true && (server.knowsStreamOptions?.(context) ?? true);
      const { body: changed, usageAdded } = form
        ? { body: passThroughForm(body, context.upstreamModel), usageAdded: false }
        : passThroughRequest(body, context.upstreamModel, wantsUsage);
      return {
        method: 'POST',
        path: server.path(to.resource, context),
        ...changed && { body: changed },
        // The client's own names the form's boundary.
        setHeaders: form ? [] : [['content-type', 'application/json']],
        removeHeaders: [],
        stream,
        dropped: [],
        response: new PassThroughResponse({ stream, usageAdded, opaque: to.opaque === true, errors: to.errors }),
      };
    },
  };
}
