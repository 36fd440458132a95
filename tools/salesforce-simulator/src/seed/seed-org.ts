import type { Org } from '../org/org.ts';
import { recordId } from '../org/record-id.ts';
import { standardObjects } from '../org/schema/standard-objects.ts';
import { stampOf, type Row } from '../org/value.ts';
import { seedCases, seedLeads, seedMembers, seedTasks } from './activity.ts';
import { seedCalendar } from './calendar.ts';
import { seedCustomers } from './customers.ts';
import { seedDeals } from './deals.ts';
import { dayMs, SeedLoader } from './loader.ts';
import { seedPeople } from './people.ts';
import { Random } from './random.ts';
import { seedLineItems, seedProducts, seedCampaigns } from './selling.ts';
import { seedSizes, type SeedSize } from './sizes.ts';

/** Fills an org: the same seed, size and time give the same records. */
export function seedOrg(org: Org, options: { readonly seed: number; readonly size: SeedSize; readonly now: Date; readonly organizationId: string }): void {
  for (const definition of standardObjects) org.addObject(definition);
  // The first user, who is about to be made: the administrator makes everything else.
  org.systemUserId = recordId('005', 1);
  const seed = new SeedLoader(org, new Random(options.seed), options.now);
  const sizes = seedSizes[options.size];
  const people = seedPeople(seed);
  seedCalendar(seed, options.organizationId);
  if (sizes.accounts === 0) return;
  const customers = seedCustomers(seed, people, sizes);
  const campaigns = seedCampaigns(seed, people.adminId, sizes.campaigns);
  const products = seedProducts(seed);
  const deals = seedDeals(seed, people, customers, campaigns, sizes.opportunities);
  seedLineItems(seed, deals, products);
  const leads = seedLeads(seed, people, customers, deals, sizes.leads);
  seedTasks(seed, deals, leads, customers, sizes.tasks);
  seedCases(seed, people, customers, sizes.cases);
  seedMembers(seed, campaigns, leads, customers, Math.min(24, sizes.leads));
  for (const object of ['Account', 'Contact', 'Lead', 'Task', 'Case']) softDelete(seed, object, 0.01);
}

/** Puts a few of the newest records in the recycle bin, as of the last days. */
function softDelete(seed: SeedLoader, object: string, share: number): void {
  const rows = seed.org.require(object).rows();
  const count = Math.max(1, Math.round(rows.length * share));
  for (let index = 0; index < count; index += 1) {
    const row: Row = rows.at(rows.length - 1 - index * 3);
    if (typeof row['Id'] !== 'string' || row['IsConverted'] === true) continue;
    const stamp = stampOf(new Date(Math.max(Date.parse(String(row['SystemModstamp'])), seed.now.getTime() - (1 + seed.random.next() * 9) * dayMs)));
    seed.org.load(object, { ...row, IsDeleted: true, LastModifiedDate: stamp, SystemModstamp: stamp });
    seed.org.deleteLog.add(object, row['Id'], stamp);
  }
}
