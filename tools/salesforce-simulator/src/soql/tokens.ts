import { atPlace, SoqlError } from './soql-error.ts';

export type TokenKind = 'name' | 'string' | 'number' | 'date' | 'datetime' | 'operator' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** As written; a string literal without quotes and with escapes resolved. */
  readonly text: string;
  readonly offset: number;
}

const patterns: readonly (readonly [TokenKind, RegExp])[] = [
  ['datetime', /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?(?:Z|[+-]\d{2}:?\d{2})/y],
  ['date', /\d{4}-\d{2}-\d{2}(?![\dT])/y],
  ['number', /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['name', /[a-zA-Z_]\w*(?:\.[a-zA-Z_]\w*)*(?::\d+)?/y],
  ['operator', /<=|>=|!=|<>|[=<>(),]/y],
];
const blank = /\s+/y;
const quoted = /'((?:[^'\\]|\\.)*)'/sy;
const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** @throws SoqlError `MALFORMED_QUERY` at a character that begins nothing */
export function tokenize(soql: string): Token[] {
  const tokens: Token[] = [];
  for (let at = skipBlank(soql, 0); at < soql.length; ) {
    const token = readToken(soql, at);
    tokens.push(token.token);
    at = skipBlank(soql, token.end);
  }
  tokens.push({ kind: 'end', text: '<EOF>', offset: soql.length });
  return tokens;
}

function readToken(soql: string, at: number): { token: Token; end: number } {
  quoted.lastIndex = at;
  const text = quoted.exec(soql);
  if (text !== null) return { token: { kind: 'string', text: unescape(text[1] ?? ''), offset: at }, end: quoted.lastIndex };
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const match = pattern.exec(soql);
    if (match !== null) return { token: { kind, text: match[0], offset: at }, end: pattern.lastIndex };
  }
  const character = soql[at] ?? '';
  throw new SoqlError('MALFORMED_QUERY', atPlace(soql, at, character === "'" ? "unexpected token: '''" : `line 1:${at} no viable alternative at character '${character}'`));
}

function skipBlank(text: string, at: number): number {
  blank.lastIndex = at;
  return blank.test(text) ? blank.lastIndex : at;
}

function unescape(text: string): string {
  return text.replace(/\\(u[0-9a-fA-F]{4}|.)/gs, (_, escape: string) => (escape.length === 5 ? String.fromCharCode(parseInt(escape.slice(1), 16)) : escapes[escape.toLowerCase()] ?? escape));
}
