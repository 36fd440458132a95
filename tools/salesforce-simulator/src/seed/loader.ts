import type { Org } from '../org/org.ts';
import { stampOf, type FieldValue, type Row } from '../org/value.ts';
import type { Random } from './random.ts';

export const dayMs = 24 * 60 * 60_000;

/** Writes seed rows: gives ids, fills audit fields and what was not named. */
export class SeedLoader {
  readonly org: Org;
  readonly random: Random;
  /** When the org is seeded; all dates are relative to it. */
  readonly now: Date;

  constructor(org: Org, random: Random, now: Date) {
    this.org = org;
    this.random = random;
    this.now = now;
  }

  /** @param created when the record came to be @param modified when it was last changed */
  add(object: string, fields: Readonly<Record<string, FieldValue>>, created: Date, modified: Date = created, byId?: string): Row {
    const table = this.org.require(object);
    const by = byId ?? (typeof fields['OwnerId'] === 'string' ? fields['OwnerId'] : this.org.systemUserId);
    const audit: Record<string, FieldValue> = { IsDeleted: false, CreatedDate: stampOf(created), CreatedById: by, LastModifiedDate: stampOf(modified), LastModifiedById: by, SystemModstamp: stampOf(modified) };
    const row: Record<string, FieldValue> = {};
    const given: Readonly<Record<string, FieldValue>> = { ...audit, ...fields, Id: fields['Id'] ?? table.newId() };
    for (const field of table.fields) if (field.type !== 'address' && field.formula === undefined) row[field.name] = given[field.name] ?? (field.type === 'boolean' ? false : null);
    this.org.load(object, row);
    return row;
  }

  /** Some time of a working day, so many days from now; negative is past. */
  at(days: number): Date {
    const day = new Date(this.now.getTime() + days * dayMs);
    day.setUTCHours(this.random.int(7, 18), this.random.int(0, 59), this.random.int(0, 59), 0);
    return new Date(Math.min(day.getTime(), days <= 0 ? Math.floor(this.now.getTime() / 1000) * 1000 - 60_000 : day.getTime()));
  }
}
