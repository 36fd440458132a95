import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Unavailable } from '@tributary/failures';
import { SqlPool } from '@tributary/persistence';
import { ObjectDescribe } from '@tributary/salesforce-client';
import { explainedEverySeconds } from '../budget/forecast.ts';
import type { ObjectTask } from '../extract/object-task.ts';
import type { Sql } from '../sql.ts';
import type { ColumnPlan } from './column-plan.ts';
import { heldFields } from './new-fields.ts';
import { picklistOf } from './picklist.ts';

/** An object's description, and what is known of it from before. */
export interface Description {
  readonly describe: ObjectDescribe;
  /** Whether it changed since the org's setup was asked about the fields, or nobody ever asked. */
  readonly isNews: boolean;
  /** Whether the setup was asked about it lately. */
  readonly isExplained: boolean;
  /** Fields that are not copied until somebody decides, in lower case. */
  readonly held: ReadonlySet<string>;
  /** Fingerprint of the columns the warehouse was last made to fit. */
  readonly fitted: string | null;
}

interface DescribeRow {
  readonly [column: string]: unknown;
  readonly describe: unknown;
  readonly last_modified: string | null;
  readonly checked: boolean;
  readonly whole: boolean;
  readonly fitted: string | null;
}

type Explained = Pick<Description, 'isNews' | 'isExplained'>;
/** A field made anew may describe itself as the one before, and nothing need say that there was a change. */
const explained = `explained_at is null as "isNews", coalesce(explained_at > now() - interval '${explainedEverySeconds} seconds', false) as "isExplained"`;

/** Descriptions of objects, kept so that Salesforce is asked only when something may have changed. */
@Injectable()
export class Descriptions {
  constructor(private readonly pool: SqlPool) {}

  /** @throws SalesforceCallFailure when the object cannot be described */
  async read({ run: { connectionId }, org, tracker: { object } }: ObjectTask): Promise<Description> {
    const { rows: [kept] } = await this.pool.query<DescribeRow & Explained>(`select describe, last_modified, checked, whole, fitted, ${explained} from object_describe where connection_id = $1 and object = $2`, [connectionId, object]);
    const before = kept === undefined ? undefined : ObjectDescribe.parse(kept.describe);
    if (kept !== undefined && before !== undefined && kept.checked) return { describe: before, isNews: kept.isNews, isExplained: kept.isExplained, held: await heldFields(this.pool, connectionId, object), fitted: kept.fitted };
    const answer = await org.data.describe(object, kept === undefined || kept.whole ? undefined : (kept.last_modified ?? undefined));
    const describe = answer?.describe ?? before;
    if (describe === undefined) throw new Unavailable('DESCRIBE_MISSING', `Salesforce did not describe ${object}.`);
    // A field removed and made again describes itself as before: only the instant of the change tells.
    const isNews = answer !== undefined && (answer.lastModified !== (kept?.last_modified ?? undefined) || JSON.stringify(describe) !== JSON.stringify(before));
    const { rows: [row] } = await this.pool.query<Explained>(
      `insert into object_describe (connection_id, workspace_id, object, describe, last_modified, checked, whole) values ($1, (select workspace_id from connection where id = $1 for key share), $2, $3::jsonb, $4, true, false)
       on conflict (connection_id, object) do update set describe = excluded.describe, last_modified = coalesce(excluded.last_modified, object_describe.last_modified), checked = true, whole = false,
         explained_at = case when $5 then null else object_describe.explained_at end
       returning ${explained}`,
      [connectionId, object, JSON.stringify(describe), answer?.lastModified ?? null, isNews]);
    return { describe, isNews: row?.isNews === true, isExplained: row?.isExplained === true, held: await heldFields(this.pool, connectionId, object), fitted: kept?.fitted ?? null };
  }

  /** The next reading asks Salesforce for the whole description. */
  async doubt(connectionId: string, object: string): Promise<void> {
    await this.pool.query('update object_describe set checked = false, whole = true, fitted = null where connection_id = $1 and object = $2', [connectionId, object]);
    await this.pool.query('delete from cursor_choice where connection_id = $1 and object = $2', [connectionId, object]);
  }
}

/** Descriptions as they were read last, by object. */
export async function keptDescribes(sql: Sql, connectionId: string, objects: readonly string[]): Promise<ReadonlyMap<string, ObjectDescribe>> {
  const { rows } = await sql.query<{ object: string; describe: unknown }>('select object, describe from object_describe where connection_id = $1 and object = any($2)', [connectionId, objects]);
  return new Map(rows.map(({ object, describe }) => [object, ObjectDescribe.parse(describe)]));
}

/** The warehouse fits these columns now, by what the org's setup tells of them. */
export async function keepFitted(sql: Sql, connectionId: string, object: string, fitted: string): Promise<void> {
  await sql.query('update object_describe set fitted = $3, explained_at = now() where connection_id = $1 and object = $2', [connectionId, object, fitted]);
}

/** Descriptions may have changed. @param whole whether Salesforce is not trusted to tell which */
export async function doubtDescriptions(sql: Sql, connectionId: string, whole: boolean): Promise<void> {
  await sql.query('update object_describe set checked = false, whole = whole or $2 where connection_id = $1', [connectionId, whole]);
}

/** Tells apart plans that need different columns. */
export function fingerprintOf(plan: ColumnPlan): string {
  const columns = plan.columns.map(({ field, type, describe }) => [field, type, describe.type, describe.label, describe.precision, describe.scale, describe.calculated, describe.calculatedFormula, describe.relationshipName, describe.referenceTo, picklistOf(describe)]);
  const excluded = plan.excluded.map(({ field, because }) => [field.name, field.type, field.label, because, field.calculatedFormula]);
  return createHash('sha256').update(JSON.stringify([plan.table, columns, excluded])).digest('base64url');
}
