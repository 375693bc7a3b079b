import { RequestValue } from './request-value';

export interface DataUrl {
  /** Lower case; empty when the URL has none. */
  readonly mediaType: string;
  /** Padded base64 of at least one byte, as providers take it. */
  readonly base64: string;
}

/** Reads `data:<type>;base64,<data>`. Throws `RequestError` for anything else; nothing is fetched from elsewhere. */
export function parseDataUrl(value: RequestValue, provider: string): DataUrl {
  const url = value.string();
  const comma = url.indexOf(',');
  if (!/^data:/i.test(url.slice(0, 5))) {
    throw value.invalid(`this model's provider (${provider}) takes bytes only; send a data URL (data:<type>;base64,...)`);
  }
  const [mediaType, ...parameters] = url.slice(5, Math.max(comma, 5)).split(';').map((part) => part.trim().toLowerCase());
  if (comma < 0 || parameters.at(-1) !== 'base64') {
    throw value.invalid('a data URL must be base64: data:<type>;base64,...');
  }
  return { mediaType, base64: normalBase64(url.slice(comma + 1), value) };
}

/** Base64 with or without padding, in either alphabet, with line breaks or percent-encoded; providers take but one form. */
export function normalBase64(text: string, value: RequestValue): string {
  const bare = text.replace(/%(?:2B|2F|3D|0A|0D|20)/gi, (code) => String.fromCharCode(parseInt(code.slice(1), 16)))
    .replace(/\s+/g, '').replace(/-/g, '+').replace(/_/g, '/').replace(/={1,2}$/, '');
  if (bare.length % 4 === 1 || !/^[A-Za-z0-9+/]+$/.test(bare)) {
    throw value.invalid('the data must be base64, and not empty');
  }
  return bare.padEnd(Math.ceil(bare.length / 4) * 4, '=');
}

/** The first bytes of what the base64 holds, as one character a byte. */
export function firstBytes(base64: string): string {
  return atob(base64.slice(0, 24));
}
