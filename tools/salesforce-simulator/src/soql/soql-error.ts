export type SoqlErrorCode = 'MALFORMED_QUERY' | 'INVALID_FIELD' | 'INVALID_TYPE' | 'NUMBER_OUTSIDE_VALID_RANGE' | 'INVALID_QUERY_FILTER_OPERATOR';

/** A query that Salesforce refuses, with the text it answers. */
export class SoqlError extends Error {
  readonly code: SoqlErrorCode;

  constructor(code: SoqlErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Puts the place in front of a message as Salesforce does: the text around it, a caret below, row and column. */
export function atPlace(soql: string, offset: number, message: string): string {
  const before = soql.slice(0, offset);
  const row = before.split('\n').length;
  const column = offset - (before.lastIndexOf('\n') + 1) + 1;
  const lineStart = offset - column + 1;
  const start = column <= 40 ? lineStart : wordStartBefore(soql, offset, 2);
  const snippet = soql.slice(start, Math.min(soql.length, offset + 40)).split('\n')[0] ?? '';
  return `\n${snippet}\n${' '.repeat(Math.max(0, offset - start))}^\nERROR at Row:${row}:Column:${column}\n${message}`;
}

function wordStartBefore(text: string, offset: number, words: number): number {
  let at = offset;
  for (let word = 0; word < words; word += 1) at = text.lastIndexOf(' ', at - 2) + 1;
  return at;
}
