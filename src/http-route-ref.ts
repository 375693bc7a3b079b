import { ApiObject } from 'cdk8s';
import { HTTPRoute } from './resources/gateway-api';

/** An HTTPRoute that its owner keeps in Gateway API's own words, and that an LlmRoute adds to. */
export class HttpRouteRef {
  /** An HTTPRoute of this app. Its backendRefs are checked at synth, and its hostnames taken over. */
  public static fromApiObject(httpRoute: ApiObject): HttpRouteRef {
    if (httpRoute.kind !== 'HTTPRoute') throw new Error(`${httpRoute.node.path}: is of kind ${httpRoute.kind}, not HTTPRoute; name the HTTPRoute that takes the requests`);
    return new HttpRouteRef(httpRoute.name, httpRoute);
  }

  /** An HTTPRoute in the LlmRoute's namespace that is not part of this app. */
  public static named(name: string): HttpRouteRef {
    return new HttpRouteRef(name);
  }

  /** Name of the HTTPRoute. */
  public readonly name: string;

  private constructor(name: string, private readonly apiObject?: ApiObject) {
    this.name = name;
  }

  /** The HTTPRoute of this app; undefined: it is not known. @internal */
  public _manifest(): HTTPRoute | undefined {
    return this.apiObject?.toJson() as HTTPRoute | undefined;
  }
}
