import { MessageInspector } from './message-inspector';
import { StreamOpening } from './stream-opening';
import { anthropicErrorEvent } from '../anthropic/error-body';
import { HostedEvent, hostedStream } from '../anthropic/hosted-stream';
import { concatBytes } from '../concat-bytes';
import { brokenAnswer } from '../response-failure';
import { encodeSseEvent } from '../sse/sse-event';
import { ResponseFailure, ResponseHead, ResponseTranslator, UpstreamResponseHead } from '../translator';
import { Usage } from '../usage';

const NOTHING = new Uint8Array(0);

/** The frames of InvokeModelWithResponseStream as server-sent events; each event's JSON passes as it is. */
export class InvokeResponse implements ResponseTranslator {
  failure: ResponseFailure | undefined;
  private readonly stream = hostedStream('AWSAnthropic');
  private readonly inspector = new MessageInspector();
  private readonly opening = new StreamOpening();

  constructor(private readonly requestId: string | undefined) {}

  get usage(): Usage | undefined {
    return this.inspector.usage;
  }

  head({ status }: UpstreamResponseHead): ResponseHead {
    return { status, setHeaders: [['content-type', 'text/event-stream']], removeHeaders: [], bodyUnchanged: false };
  }

  push(chunk: Uint8Array): Uint8Array {
    if (this.failure) {
      return NOTHING;
    }
    const output = this.stream.push(chunk).map((event) => this.written(event));
    if (this.stream.failure) {
      output.push(this.failed(this.stream.failure));
    }
    return output.length === 0 ? NOTHING : concatBytes(output);
  }

  end(): Uint8Array {
    this.stream.end();
    return this.stream.complete || this.failure ? NOTHING : this.failed(brokenAnswer('the provider ended the stream before the answer was complete'));
  }

  fail(message: string): Uint8Array {
    this.stream.end();
    // A connection that breaks after the last event takes nothing away.
    return this.stream.complete || this.failure ? NOTHING : this.failed(brokenAnswer(message));
  }

  private written(event: HostedEvent): Uint8Array {
    this.inspector.read(event.event, event.data);
    return this.opening.pass(encodeSseEvent(event), [event.event]);
  }

  private failed(failure: ResponseFailure & { readonly type?: string; readonly requestId?: string }): Uint8Array {
    this.failure = failure;
    return anthropicErrorEvent(failure, failure.requestId ?? this.requestId);
  }
}
