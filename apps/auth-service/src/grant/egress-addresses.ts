import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import { CONFIG, type AuthConfig } from '../config.ts';

/** Where a list stood before, a new address is a change; the first list only says what was so already. */
const remember = `with gone as (delete from egress_address where address <> all($1::text[]))
  insert into egress_address (address, changed) select distinct address, exists (select from egress_address) from unnest($1::text[]) address on conflict (address) do nothing`;

/** Remembers since when the operator lists which addresses: Salesforce tells nobody that it ended an access because of the address it was used from. */
@Injectable()
export class EgressAddresses implements OnApplicationBootstrap {
  constructor(
    private readonly pool: SqlPool,
    @Inject(CONFIG) private readonly config: Pick<AuthConfig, 'egressAddresses'>,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.pool.query(remember, [this.config.egressAddresses.map((address) => address.toLowerCase())]);
  }
}
