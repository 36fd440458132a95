import { DuckDBDataChunk, VARCHAR, type DuckDBConnection } from '@duckdb/node-api';
import type { CopyCheck, CopyState, CopyTable } from '../protocol.ts';

/** Where the copy notes how far it is, in the same transaction as the rows. */
export const stateTable = 'CREATE TABLE IF NOT EXISTS dataset_state (object VARCHAR, "table" VARCHAR, version BIGINT, columns VARCHAR)';

const rowsPerChunk = 2_048;

/** What the copy holds of each object. */
export async function readState(connection: DuckDBConnection): Promise<readonly CopyState[]> {
  const rows = (await connection.runAndReadAll('SELECT object, "table", CAST(version AS VARCHAR), columns FROM dataset_state ORDER BY object')).getRows();
  return rows.map(([object, table, version, columns]) => ({ object: String(object), table: String(table), version: String(version), columns: JSON.parse(String(columns)) as CopyState['columns'] }));
}

/** Rows of several tables on their way into the copy: one transaction, seen all at once or not at all. */
export class Merge {
  readonly #connection: DuckDBConnection;
  readonly #tables: ReadonlyMap<string, CopyTable>;

  private constructor(connection: DuckDBConnection, tables: readonly CopyTable[]) {
    this.#connection = connection;
    this.#tables = new Map(tables.map((table) => [table.object, table]));
  }

  static async begin(connection: DuckDBConnection, tables: readonly CopyTable[], dropped: readonly string[]): Promise<Merge> {
    await connection.run('BEGIN TRANSACTION');
    try {
      for (const object of dropped) await forget(connection, object);
      for (const table of tables.filter(({ fresh }) => fresh)) {
        await forget(connection, table.object);
        await connection.run(`DROP TABLE IF EXISTS ${quoted(table.table)}`);
        await connection.run(`CREATE TABLE ${quoted(table.table)} (${table.columns.map(({ name, type }) => `${quoted(name)} ${type}`).join(', ')})`);
      }
      return new Merge(connection, tables);
    } catch (error) {
      await connection.run('ROLLBACK');
      throw error;
    }
  }

  /** @param columns texts by column, as many in each */
  async add(object: string, columns: readonly (readonly (string | null)[])[]): Promise<void> {
    const table = this.#tables.get(object);
    if (table === undefined) throw new Error(`the merge has no ${object}`);
    await this.#connection.run(`CREATE OR REPLACE TEMP TABLE incoming (${table.columns.map(({ name }) => `${quoted(name)} VARCHAR`).join(', ')})`);
    await this.#append(columns);
    await this.#connection.run(table.fresh ? insertSql(table) : mergeSql(table));
  }

  async commit(versions: Readonly<Record<string, string>>): Promise<Readonly<Record<string, CopyCheck>>> {
    const checks: Record<string, CopyCheck> = {};
    for (const [object, version] of Object.entries(versions)) {
      const table = this.#tables.get(object);
      if (table === undefined) throw new Error(`the merge has no ${object}`);
      await this.#connection.run('DELETE FROM dataset_state WHERE object = $1', [object]);
      await this.#connection.run('INSERT INTO dataset_state VALUES ($1, $2, CAST($3 AS BIGINT), $4)', [object, table.table, version, JSON.stringify(table.columns)]);
      const [row] = (await this.#connection.runAndReadAll(`SELECT CAST(count(*) AS VARCHAR), CAST(coalesce(sum("_version"), 0) AS VARCHAR) FROM ${quoted(table.table)}`)).getRows();
      checks[object] = { rows: String(row?.[0]), versions: String(row?.[1]) };
    }
    await this.#connection.run('DROP TABLE IF EXISTS temp.incoming');
    await this.#connection.run('COMMIT');
    return checks;
  }

  async abort(): Promise<void> {
    await this.#connection.run('ROLLBACK');
  }

  async #append(columns: readonly (readonly (string | null)[])[]): Promise<void> {
    const rows = columns[0]?.length ?? 0;
    const appender = await this.#connection.createAppender('incoming', 'main', 'temp');
    for (let from = 0; from < rows; from += rowsPerChunk) {
      const chunk = DuckDBDataChunk.create(columns.map(() => VARCHAR), Math.min(rowsPerChunk, rows - from));
      chunk.setColumns(columns.map((values) => values.slice(from, from + rowsPerChunk)));
      appender.appendDataChunk(chunk);
    }
    appender.closeSync();
  }
}

async function forget(connection: DuckDBConnection, object: string): Promise<void> {
  const rows = (await connection.runAndReadAll('SELECT "table" FROM dataset_state WHERE object = $1', [object])).getRows();
  for (const [table] of rows) await connection.run(`DROP TABLE IF EXISTS ${quoted(String(table))}`);
  await connection.run('DELETE FROM dataset_state WHERE object = $1', [object]);
}

function insertSql({ table, columns }: CopyTable): string {
  return `INSERT INTO ${quoted(table)} SELECT ${columns.map(cast).join(', ')} FROM temp.incoming`;
}

/** Events and ranges may come twice or late: only a newer version replaces a row. */
function mergeSql({ table, columns }: CopyTable): string {
  const names = columns.map(({ name }) => quoted(name));
  return `MERGE INTO ${quoted(table)} AS t USING (SELECT ${columns.map((column) => `${cast(column)} AS ${quoted(column.name)}`).join(', ')} FROM temp.incoming) AS s ON t."id" = s."id"
    WHEN MATCHED AND s."_version" > t."_version" THEN UPDATE SET ${names.map((name) => `${name} = s.${name}`).join(', ')}
    WHEN NOT MATCHED THEN INSERT (${names.join(', ')}) VALUES (${names.map((name) => `s.${name}`).join(', ')})`;
}

function cast({ name, type }: CopyTable['columns'][number]): string {
  return type === 'VARCHAR' ? quoted(name) : `CAST(${quoted(name)} AS ${type})`;
}

function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
