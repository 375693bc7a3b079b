import { parseParameterizedHeader } from './header-parameters';
import { malformedMultipart } from './malformed-multipart';

/** Whether a content type announces a form with files. */
export function isMultipartForm(contentType: string | undefined): contentType is string {
  return contentType !== undefined && /^\s*multipart\/form-data\s*(?:;|$)/i.test(contentType);
}

/**
 * The boundary that a content type names. Throws `RequestError` where two readers could take it for different ones: named twice, with a
 * backslash, or of other characters than https://www.rfc-editor.org/rfc/rfc2046#section-5.1.1 allows.
 */
export function multipartBoundary(contentType: string): string {
  const named = parseParameterizedHeader(contentType)?.parameters.filter(({ name }) => name === 'boundary');
  if (!named || named.length !== 1 || !/^[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]$/.test(named[0].raw)) {
    throw malformedMultipart('needs one boundary of 1 to 70 characters in its content-type; let the HTTP client set that header');
  }
  return named[0].raw;
}
