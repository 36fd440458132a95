/** The few words in which the two engines differ. */
export interface Dialect {
  readonly engine: 'duckdb' | 'postgres';
  /** A table of the connection. */
  table(name: string): string;
  /** A datetime column as a UTC timestamp without zone. */
  utc(column: string): string;
  /** Type of a number with so many digits after the point. */
  number(scale: number): string;
  /** A text expression that compares byte by byte. */
  binary(text: string): string;
}

/** An identifier of the catalogue as SQL. */
export function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

/** The warehouse itself. */
export function postgresDialect(schema: string): Dialect {
  return {
    engine: 'postgres',
    table: (name) => `${quoted(schema)}.${quoted(name)}`,
    utc: (column) => `(${column} AT TIME ZONE 'UTC')`,
    number: () => 'numeric',
    binary: (text) => `${text} COLLATE "C"`,
  };
}

/** The analysis copy; its datetimes are UTC timestamps already, and its texts compare byte by byte. */
export const duckdbDialect: Dialect = {
  engine: 'duckdb',
  table: quoted,
  utc: (column) => column,
  number: (scale) => `DECIMAL(38, ${scale})`,
  binary: (text) => text,
};
