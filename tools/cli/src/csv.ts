/** What a spreadsheet may take for the beginning of a formula, in wide and small forms too. */
const formula = /^[=+\-@\t\r\n\0\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]/;
const number = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/;
const numeric = new Set(['int', 'long', 'double', 'currency', 'percent', 'bigint', 'numeric', 'number']);

export interface CsvColumn {
  readonly name: string;
  readonly type: string;
}

/** One line by RFC 4180, ending included. Null is an empty cell. */
export function csvLine(cells: readonly (string | null)[]): string {
  return `${cells.map(quoted).join(',')}\r\n`;
}

/** The cells of a row; texts that a spreadsheet would run get an apostrophe in front, numbers stay numbers. */
export function csvCells(columns: readonly CsvColumn[], row: Readonly<Record<string, string | null>>): (string | null)[] {
  return columns.map(({ name, type }) => {
    const value = row[name] ?? null;
    return value === null || (numeric.has(type) && number.test(value)) ? value : harmless(value);
  });
}

export function harmless(text: string): string {
  return formula.test(text) ? `'${text}` : text;
}

function quoted(cell: string | null): string {
  if (cell === null) return '';
  return /[",\r\n]/.test(cell) || cell === '' ? `"${cell.replaceAll('"', '""')}"` : cell;
}
