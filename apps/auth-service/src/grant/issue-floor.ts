import { Injectable } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';

/** The installation's kill switch: access tokens that were stored before an instant are lent to nobody any more. */
@Injectable()
export class IssueFloor {
  constructor(private readonly pool: SqlPool) {}

  /** From now on only tokens stored from now on are lent. @returns that instant, by the database's clock */
  async raise(): Promise<Date> {
    const { rows: [row] } = await this.pool.query<{ readonly at: Date }>('update installation set not_issued_before = now() returning not_issued_before as at');
    if (row === undefined) throw new Error('there is no installation');
    return row.at;
  }
}
