import { SentBody } from '../body-pieces';
import { jsonBody } from '../json-bytes';
import { MultipartRequestBody } from '../multipart/multipart-request-body';
import { RequestBody } from '../request-body';
import { requestFields } from '../scan-request-body';
import { Splice, spliceBytes } from '../splice-bytes';
import { ByteRange } from '../top-level-scanner';

/** What the provider gets instead of the client's own bytes. */
export interface PassThroughRequest {
  /** Absent: the client's own bytes. */
  readonly body?: SentBody;
  /** Whether `include_usage` was put in for the client, who must not see what it brings. */
  readonly usageAdded: boolean;
}

const INCLUDE_USAGE = '{"include_usage":true}';

/**
 * Changes as few bytes as it can: the value of `model` where the target has another name for it, and with `wantsUsage` `stream_options`,
 * so that a stream's usage can be metered.
 *
 * Where the scan of the bytes does not know (a member twice, an escape in its name or value) the body is written anew from what
 * JSON.parse read: left as it is, the provider could read another model than the one that was routed.
 */
export function passThroughRequest(body: RequestBody, upstreamModel: string, wantsUsage: boolean): PassThroughRequest {
  const fields = requestFields(body);
  if (!fields) {
    const json = body.json();
    const usage = wantsUsage ? usageOption(json.stream_options) : undefined;
    return {
      body: jsonBody({ ...json, model: upstreamModel, ...usage && { stream_options: usage } }),
      usageAdded: usage !== undefined,
    };
  }
  const splices: Splice[] = [];
  if (body.model !== upstreamModel) {
    splices.push({ ...fields.model, text: JSON.stringify(upstreamModel) });
  }
  let usageAdded = false;
  if (wantsUsage && !fields.streamOptions) {
    usageAdded = true;
    splices.push({ start: fields.model.end, end: fields.model.end, text: `,"stream_options":${INCLUDE_USAGE}` });
  } else if (wantsUsage && fields.streamOptions) {
    const usage = usageOption(valueAt(body.bytes, fields.streamOptions));
    if (usage) {
      usageAdded = true;
      splices.push({ ...fields.streamOptions, text: JSON.stringify(usage) });
    }
  }
  return splices.length === 0 ? { usageAdded } : { body: spliceBytes(body.bytes, splices), usageAdded };
}

/** A form keeps every byte but those of its model's name; `undefined`: those as well. */
export function passThroughForm(body: MultipartRequestBody, upstreamModel: string): SentBody | undefined {
  return body.model === upstreamModel ? undefined : spliceBytes(body.bytes, [{ ...body.modelRange, text: upstreamModel }]);
}

/** `stream_options` with usage; `undefined` when the client's own says so already, or is something that the provider has to refuse. */
function usageOption(options: unknown): Readonly<Record<string, unknown>> | undefined {
  if (options === undefined || options === null) {
    return { include_usage: true };
  }
  if (typeof options !== 'object' || Array.isArray(options)) {
    return undefined;
  }
  const usage = (options as Readonly<Record<string, unknown>>).include_usage ?? false;
  return usage === false ? { ...options, include_usage: true } : undefined;
}

/** What the scan found may still be no JSON inside; the provider says so to the client. */
function valueAt(bytes: Uint8Array, range: ByteRange): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(range.start, range.end)));
  } catch {
    return 'not JSON';
  }
}
