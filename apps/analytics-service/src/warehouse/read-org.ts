import type { PoolClient } from 'pg';
import { z } from 'zod';
import { addDays } from '../calendar/dates.ts';
import { fiscalCalendarOf, type FiscalCalendar, type PeriodRow } from '../calendar/fiscal-year.ts';
import { utcZone, zoneOf, type Zone } from '../calendar/zone.ts';
import { fieldOf, objectOf, type Catalogue } from './catalogue.ts';

/** What an org says of its own time and money. */
export interface OrgSettings {
  readonly zone: Zone;
  /** False when the zone is UTC because the org's is unknown. */
  readonly zoneKnown: boolean;
  readonly fiscal: FiscalCalendar;
  /** ISO 4217; null when unknown. */
  readonly currency: string | null;
}

const organizationRow = z.object({ timezonesidkey: z.string().nullable(), fiscalyearstartmonth: z.coerce.number().int().min(1).max(12).nullable().catch(null), usesstartdateasfiscalyearname: z.enum(['t', 'f']).nullable(), defaultcurrencyisocode: z.string().nullable() });
const periodRow = z.object({ type: z.string(), startdate: z.iso.date(), enddate: z.iso.date(), number: z.coerce.number().int().nullable() });

/** Zone, fiscal year and currency by Organization and Period, as far as the connection copies them. */
export async function readOrg(client: PoolClient, catalogue: Catalogue): Promise<OrgSettings> {
  const organization = await readOrganization(client, catalogue);
  const zone = organization?.timezonesidkey == null ? undefined : zoneOf(organization.timezonesidkey);
  const namedByStart = organization?.usesstartdateasfiscalyearname ?? null;
  return {
    zone: zone ?? utcZone,
    zoneKnown: zone !== undefined,
    fiscal: fiscalCalendarOf(await readPeriods(client, catalogue), { startMonth: organization?.fiscalyearstartmonth ?? null, namedByStart: namedByStart === null ? null : namedByStart === 't' }),
    currency: organization?.defaultcurrencyisocode ?? null,
  };
}

async function readOrganization(client: PoolClient, catalogue: Catalogue): Promise<z.infer<typeof organizationRow> | undefined> {
  const columns = selectable(catalogue, 'Organization', ['TimeZoneSidKey', 'FiscalYearStartMonth', 'UsesStartDateAsFiscalYearName', 'DefaultCurrencyIsoCode']);
  if (columns === undefined) return undefined;
  const { rows } = await client.query(`select ${columns.list} from ${columns.table} where not _deleted order by id limit 1`);
  return z.array(organizationRow).parse(rows)[0];
}

async function readPeriods(client: PoolClient, catalogue: Catalogue): Promise<readonly PeriodRow[]> {
  const columns = selectable(catalogue, 'Period', ['Type', 'StartDate', 'EndDate', 'Number']);
  if (columns === undefined || columns.missing.some((name) => name !== 'Number')) return [];
  const { rows } = await client.query(`select ${columns.list} from ${columns.table} where not _deleted and type in ('Year', 'Quarter', 'Month') and startdate is not null and enddate is not null order by startdate`);
  return z.array(periodRow).parse(rows).map(({ type, startdate, enddate, number }) => ({ type, from: startdate, until: addDays(enddate, 1), number }));
}

/** A select list in which fields that are not copied are null; undefined when the object is not there. */
function selectable(catalogue: Catalogue, object: string, names: readonly string[]): { readonly table: string; readonly list: string; readonly missing: readonly string[] } | undefined {
  const copied = objectOf(catalogue, object);
  if (copied === undefined || fieldOf(catalogue, object, 'Id') === undefined) return undefined;
  const fields = names.map((name) => ({ name, field: fieldOf(catalogue, object, name) }));
  return {
    table: `${catalogue.schema}."${copied.table.replaceAll('"', '""')}"`,
    list: fields.map(({ name, field }) => (field === undefined ? `null as ${name.toLowerCase()}` : `"${field.column.replaceAll('"', '""')}" as ${name.toLowerCase()}`)).join(', '),
    missing: fields.filter(({ field }) => field === undefined).map(({ name }) => name),
  };
}
