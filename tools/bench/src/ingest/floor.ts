import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { opportunityFields } from './opportunity-fields.ts';

/** Makes room for another turn, which is not part of it. */
export async function dropFloor(database: Client): Promise<void> {
  await database.query('drop table if exists floor');
}

/** All pages streamed straight into COPY of the same typed table with the same key, by one connection: no parsing, no counting. */
export async function floor(database: Client, sourceOrigin: string, pages: number): Promise<void> {
  await database.query(`create table floor (${opportunityFields.map(([field, , type]) => `${field.toLowerCase()} ${type}${field === 'Id' ? ' primary key' : ''}`).join(', ')})`);
  await database.query('begin');
  for (let page = 0; page < pages; page += 1) {
    const [answer] = (await once(get(`${sourceOrigin}/services/data/v66.0/jobs/query/floor/results?locator=${page}`), 'response')) as [IncomingMessage];
    await pipeline(answer, database.query(copyFrom('copy floor from stdin (format csv, header true, force_null *)')));
  }
  await database.query('commit');
}
