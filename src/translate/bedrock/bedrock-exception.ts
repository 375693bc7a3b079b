/**
 * HTTP status of each exception of Bedrock Runtime, lower case; in a stream it is not told.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html
 */
const STATUS: Readonly<Record<string, number>> = {
  accessdeniedexception: 403,
  conflictexception: 400,
  internalserverexception: 500,
  modelerrorexception: 424,
  modelnotreadyexception: 429,
  modelstreamerrorexception: 424,
  modeltimeoutexception: 408,
  resourcenotfoundexception: 404,
  servicequotaexceededexception: 400,
  serviceunavailableexception: 503,
  throttlingexception: 429,
  validationexception: 400,
};

/** An exception's name as the API reference spells it: streams write `throttlingException`, headers `ThrottlingException:http://...`. */
export function exceptionName(name: string): string {
  const bare = name.slice(name.lastIndexOf('#') + 1).split(':')[0].trim();
  return bare.charAt(0).toUpperCase() + bare.slice(1);
}

/** 502 for a name that nobody has documented. */
export function exceptionStatus(name: string): number {
  const key = exceptionName(name).toLowerCase();
  return Object.hasOwn(STATUS, key) ? STATUS[key] : 502;
}
