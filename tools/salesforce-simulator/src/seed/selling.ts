import { families } from '../org/schema/selling.ts';
import { dateOf, type Row } from '../org/value.ts';
import { plusDays } from '../soql/date-ranges.ts';
import type { SeedLoader } from './loader.ts';

const products: readonly (readonly [name: string, family: number, price: number])[] = [
  ['Conveyor S', 0, 1_900], ['Conveyor L', 0, 6_400], ['Cold Box 200', 0, 3_250], ['Scanner Gate', 0, 980], ['Label Printer', 0, 420], ['Sorting Arm', 0, 12_500], ['Route Planner', 1, 2_400], ['Stock Ledger', 1, 1_800], ['Demand Forecast', 1, 5_200],
  ['Supplier Portal', 1, 3_600], ['Quality Log', 1, 1_150], ['Installation', 2, 1_500], ['Training Day', 2, 1_200], ['Process Review', 2, 4_800], ['Integration "Plus", fixed price', 2, 7_900], ['Support Bronze', 3, 600], ['Support Silver', 3, 1_400], ['Support Gold', 3, 3_100],
];

export function seedProducts(seed: SeedLoader): Row[] {
  return products.map(([Name, family, price], index) => seed.add('Product2', { Name, ProductCode: `NW-${100 + index}`, Family: families[family] ?? null, IsActive: index !== 4, Description: `List price ${price}`, StockKeepingUnit: `SKU${1_000 + index}` }, seed.at(-1_400)));
}

export function seedCampaigns(seed: SeedLoader, ownerId: string, count: number): Row[] {
  const { random } = seed;
  return Array.from({ length: count }, (_, index) => {
    const start = seed.at(-random.int(-20, 900));
    const budget = random.int(20, 400) * 100;
    const Type = random.pick(['Conference', 'Webinar', 'Email', 'Advertisement', 'Referral Program']);
    return seed.add('Campaign', {
      Name: `${Type} ${start.getUTCFullYear()}-${index + 1}`, Type, Status: start > seed.now ? 'Planned' : random.pick(['In Progress', 'Completed']), StartDate: dateOf(start), EndDate: plusDays(dateOf(start), random.int(1, 60)), IsActive: true,
      BudgetedCost: budget, ActualCost: Math.round(budget * (0.7 + random.next() * 0.6)), ExpectedRevenue: budget * random.int(4, 12), OwnerId: ownerId,
    }, new Date(Math.min(start.getTime(), seed.now.getTime() - 3_600_000)));
  });
}

/** Lines of some deals; together they are the deal's amount. */
export function seedLineItems(seed: SeedLoader, deals: readonly Row[], catalogue: readonly Row[]): void {
  const { random } = seed;
  for (const deal of deals) {
    if (typeof deal['Amount'] !== 'number' || !random.chance(0.16)) continue;
    const lines = random.int(1, 3);
    let rest = Math.round(deal['Amount'] * 100);
    for (let line = 1; line <= lines; line += 1) {
      const share = line === lines ? rest : Math.round(rest * (0.3 + random.next() * 0.4));
      rest -= share;
      const product = random.pick(catalogue);
      const total = share / 100;
      const discount = random.pick([0, 0, 5, 10, 15]);
      seed.add('OpportunityLineItem', {
        OpportunityId: deal['Id'] ?? null, SortOrder: line, Product2Id: product['Id'] ?? null, ProductCode: product['ProductCode'] ?? null, Name: `${String(product['Name'])} line`, Quantity: 1, UnitPrice: total, TotalPrice: total,
        ListPrice: Math.round((total / (1 - discount / 100)) * 100) / 100, Discount: discount === 0 ? null : discount, ServiceDate: null, OwnerId: null,
      }, new Date(String(deal['CreatedDate'])), new Date(String(deal['LastModifiedDate'])), String(deal['OwnerId']));
    }
    seed.org.load('Opportunity', { ...deal, HasOpportunityLineItem: true });
  }
}
