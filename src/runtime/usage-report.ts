import { AnswerEstimate, promptTokens } from './token-estimate';
import { CostValues, Pricing, usageMetadata } from './usage-metadata';
import { RouteCost } from '../resources/llm-route';
import { Endpoint } from '../translate/translator';
import { Usage } from '../translate/usage';

const NO_USAGE: Usage = { inputTokens: 0, cachedInputTokens: 0, cacheCreationInputTokens: 0, outputTokens: 0, reasoningTokens: 0, totalTokens: 0 };

/** What a model reads and says on these is paid for by tokens; of others only what the provider says is counted. */
const BY_TOKENS: ReadonlySet<Endpoint> = new Set(['ChatCompletions', 'Responses', 'Completions', 'Messages', 'Embeddings']);

/** An answer that has grown by this much is reported anew: at most a fifth of it is not counted when a client leaves, in some 25 reports of 1,000 chunks. */
const GROWTH = 1.25;

/** The request that is reported about. */
export interface ReportedRequest {
  readonly endpoint: Endpoint;
  /** The answer comes in pieces, and is estimated while it does. */
  readonly stream: boolean;
  /** The client's. */
  readonly body: Uint8Array;
}

/**
 * What Envoy's rate limits hear of one attempt of a request. A client that leaves ends the exchange without a last message, so they hear of it as it
 * goes: an estimate of the prompt with the request, what the provider counted as soon as it says so, estimates of a growing answer in between, and at
 * the end the exact values, which replace all before.
 */
export class UsageReport {
  private readonly estimate = new AnswerEstimate();
  private readonly estimates: boolean;
  private readonly prompt: number;
  /** What was reported last, where it is what the provider counted. */
  private exact: Usage | undefined;
  private answerBytes = 0;
  private reportAt = 0;
  private counted: Usage | undefined;

  constructor(private readonly costs: readonly RouteCost[], { endpoint, stream, body }: ReportedRequest, private readonly pricing: Pricing) {
    const byTokens = BY_TOKENS.has(endpoint);
    this.estimates = byTokens && stream;
    this.prompt = byTokens ? promptTokens(body) : 0;
  }

  /** With the request. */
  begun(): CostValues {
    return this.values(this.estimated());
  }

  /** With a piece of the answer; `usage`: what the provider has said by then. */
  running(piece: Uint8Array, usage: Usage | undefined): CostValues | undefined {
    this.answerBytes += piece.length;
    this.estimate.add(piece.length);
    if (usage !== this.counted && usage !== undefined) {
      this.counted = usage;
      this.estimate.restart();
      this.reportAt = this.answerBytes * GROWTH;
      return this.counts(usage);
    }
    if (!this.estimates || piece.length === 0 || this.answerBytes < this.reportAt) return undefined;
    this.reportAt = this.answerBytes * GROWTH;
    this.estimate.sample(piece);
    return this.values(this.estimated());
  }

  /** At the end of an answer; `undefined`: all is said. Where the provider counted nothing, the estimate stands. */
  ended(usage: Usage | undefined): CostValues | undefined {
    if (usage === undefined) return this.values(this.estimated());
    return usage === this.exact ? undefined : this.counts(usage);
  }

  /** No model read or said anything. */
  nothing(): CostValues {
    return Object.fromEntries(this.costs.map(({ metadataKey }) => [metadataKey, 0]));
  }

  private counts(usage: Usage): CostValues {
    const values = this.values(usage);
    this.exact = usage;
    return values;
  }

  private values(usage: Usage): CostValues {
    this.exact = undefined;
    return usageMetadata(this.costs, usage, this.pricing);
  }

  private estimated(): Usage {
    const { counted = { ...NO_USAGE, inputTokens: this.prompt, totalTokens: this.prompt } } = this;
    const { tokens } = this.estimate;
    return { ...counted, outputTokens: counted.outputTokens + tokens, totalTokens: counted.totalTokens + tokens };
  }
}
