import { RegexCompiler } from './routing/http-route';

/** Letters that may follow a backslash in RE2, https://github.com/google/re2/wiki/Syntax. */
const ESCAPES = new Set('afnrtvdDsSwWbBAzCQEpPx0');

/** What RE2 knows and JavaScript does not: such an expression is left to ExtProc, and covers nothing. */
const RE2_ONLY = /\\[AzCQEpPa]|\\x\{|\(\?P<|\(\?[imsU-]+[:)]|\[\[:/;

/**
 * The check of regular expressions at synth, where no RE2 is at hand. It refuses what RE2 certainly refuses; what it lets pass and RE2 refuses
 * is named by `llmgw check` and in the LLMRoute's status. `test` answers false where JavaScript cannot tell.
 */
export const compileAtSynth: RegexCompiler = (source) => {
  refuseForeignSyntax(source);
  if (RE2_ONLY.test(source)) return { test: () => false };
  const expression = new RegExp(`^(?:${source})$`);
  return { test: (value) => expression.test(value) };
};

function refuseForeignSyntax(source: string): void {
  let inClass = false;
  for (let place = 0; place < source.length; place += 1) {
    const character = source[place];
    if (character === '\\') {
      place += 1;
      checkEscape(source.slice(place, place + 2));
    } else if (inClass) {
      inClass = character !== ']';
    } else if (character === '[') {
      inClass = true;
      // A bracket that comes first is a member of the class in RE2, and the end of it in JavaScript.
      if (/^\^?\]/.test(source.slice(place + 1))) throw new Error('write a closing bracket in a character class as \\]');
    } else if (/^\(\?(?:<?[=!]|>)/.test(source.slice(place))) {
      throw new Error('lookahead, lookbehind and atomic groups are not in RE2; say what is allowed instead, or use two rules');
    }
  }
}

function checkEscape(escape: string): void {
  if (/^[1-9]|^k</.test(escape)) throw new Error('backreferences are not in RE2');
  if (/^[A-Za-z0]/.test(escape) && !ESCAPES.has(escape[0])) throw new Error(`the escape \\${escape[0]} is not in RE2`);
}
