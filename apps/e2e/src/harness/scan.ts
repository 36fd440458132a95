import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { withDatabase, type Query } from './database.ts';
import { sightings, type Needle, type Sighting } from './needles.ts';

/** Searches all files below a folder but those whose path begins with one of `except`. @returns how many files were read, and what was seen */
export async function scanFiles(folder: string, needles: readonly Needle[], except: readonly string[] = []): Promise<{ files: number; seen: Sighting[] }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).filter((path) => !except.some((start) => relative(folder, path).startsWith(start)));
  const seen: Sighting[] = [];
  for (const path of paths) {
    // A file may be gone between the listing and the reading: broker and engine replace theirs.
    const content = await readFile(path).catch(() => Buffer.alloc(0));
    seen.push(...sightings(relative(folder, path), content, needles));
  }
  return { files: paths.length, seen };
}

/** Searches every row of every table, bytes as hex. @returns names of the tables read, and what was seen */
export async function scanTables(url: string, needles: readonly Needle[]): Promise<{ tables: string[]; seen: Sighting[] }> {
  return withDatabase(url, async (query) => {
    const tables = await query<{ name: string }>(`
      select format('%I.%I', table_schema, table_name) as name from information_schema.tables
      where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema') order by 1`);
    const seen: Sighting[] = [];
    for (const { name } of tables) seen.push(...sightings(name, await textOf(query, name), needles));
    return { tables: tables.map(({ name }) => name), seen };
  });
}

/** Staging tables come and go while runs are going on. */
async function textOf(query: Query, name: string): Promise<string> {
  try {
    return (await query<{ text: string | null }>(`select string_agg(t::text, E'\n') as text from ${name} t`))[0]?.text ?? '';
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '42P01') return '';
    throw error;
  }
}
