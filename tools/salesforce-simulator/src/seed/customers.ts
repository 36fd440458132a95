import { industries, leadSources } from '../org/schema/sales.ts';
import { dateOf, type Row } from '../org/value.ts';
import type { SeedLoader } from './loader.ts';
import { cities, companyName, firstNames, foreignNames, lastNames, notes } from './names.ts';
import type { People } from './people.ts';
import type { SeedSizes } from './sizes.ts';

export interface Customers {
  readonly accounts: readonly Row[];
  /** Contacts by account id. */
  readonly contacts: ReadonlyMap<string, readonly Row[]>;
  readonly all: readonly Row[];
}

const employees: Readonly<Record<string, number>> = { Enterprise: 4_000, 'Mid-Market': 450, 'Small Business': 35 };

/** Accounts with parents here and there, and the people who work there. */
export function seedCustomers(seed: SeedLoader, people: People, sizes: SeedSizes): Customers {
  const accounts: Row[] = [];
  for (let index = 0; index < sizes.accounts; index += 1) accounts.push(account(seed, people, index, accounts));
  const contacts = new Map<string, Row[]>();
  const all: Row[] = [];
  for (let index = 0; index < sizes.contacts; index += 1) {
    const of = accounts[index < accounts.length ? index : seed.random.int(0, accounts.length - 1)];
    if (of === undefined) break;
    const row = contact(seed, of, index);
    const id = String(of['Id']);
    contacts.set(id, [...(contacts.get(id) ?? []), row]);
    all.push(row);
  }
  return { accounts, contacts, all };
}

function account(seed: SeedLoader, { sellers }: People, index: number, before: readonly Row[]): Row {
  const { random } = seed;
  const segment = random.weighted([['Enterprise', 2], ['Mid-Market', 4], ['Small Business', 5]] as const);
  const [city, state, country, region, postalCode] = random.pick(cities);
  const team = sellers.filter((seller) => seller.region === region && seller.segment === segment);
  const staff = Math.max(3, Math.round(random.around(employees[segment] ?? 50, 1.9)));
  const name = companyName(index);
  const created = seed.at(-random.int(40, 1_400));
  return seed.add('Account', {
    Name: name, Type: random.weighted([['Prospect', 4], ['Customer', 5], ['Former Customer', 1], ['Partner', 0.4]] as const), ParentId: random.chance(0.06) && before.length > 0 ? random.pick(before)['Id'] ?? null : null,
    BillingStreet: `${random.int(1, 240)} ${random.pick(['Market', 'Harbor', 'Mill', 'Station', 'Kirch'])} Street${random.chance(0.05) ? '\nFloor 3' : ''}`, BillingCity: city, BillingState: state === '' ? null : state, BillingPostalCode: postalCode, BillingCountry: country,
    Phone: `+1 555 ${random.int(1_000_000, 9_999_999)}`, Website: `https://customer-${index + 1}.example`, Industry: random.pick(industries), AnnualRevenue: random.chance(0.85) ? staff * random.int(90, 240) * 1_000 : null, NumberOfEmployees: staff,
    Description: random.chance(0.25) ? random.pick(notes) : null, Rating: random.pick(['Hot', 'Warm', 'Cold', null]), OwnerId: random.pick(team).id, AccountNumber: `NW-${10_000 + index}`, AccountSource: random.pick(leadSources), Segment__c: segment, Region__c: region,
    LastActivityDate: dateOf(seed.at(-random.int(1, 120))),
  }, created, later(seed, created));
}

function contact(seed: SeedLoader, of: Row, index: number): Row {
  const { random } = seed;
  const foreign = random.chance(0.02) ? random.pick(foreignNames).split(' ') : undefined;
  const first = foreign?.[0] ?? random.pick(firstNames);
  const last = foreign?.[1] ?? random.pick(lastNames);
  const created = new Date(Math.max(Date.parse(String(of['CreatedDate'])), seed.at(-random.int(10, 1_300)).getTime()));
  return seed.add('Contact', {
    AccountId: of['Id'] ?? null, FirstName: first, LastName: last, Name: `${first} ${last}`, Salutation: random.pick(['Ms.', 'Mr.', 'Dr.', null]), Email: `contact${index + 1}@customer.example`, Phone: `+1 555 ${random.int(1_000_000, 9_999_999)}`,
    Title: random.pick(['CEO', 'CFO', 'Head of Purchasing', 'IT Manager', 'Operations Lead', 'Buyer, "indirect" goods', 'VP Supply Chain']), Department: random.pick(['Purchasing', 'IT', 'Finance', 'Operations']), LeadSource: random.pick(leadSources),
    MailingCity: of['BillingCity'] ?? null, MailingCountry: of['BillingCountry'] ?? null, OwnerId: of['OwnerId'] ?? null, Description: random.chance(0.1) ? random.pick(notes) : null, HasOptedOutOfEmail: random.chance(0.08),
  }, created, later(seed, created));
}

/** Some time between a record's creation and now. */
export function later(seed: SeedLoader, created: Date): Date {
  const span = seed.now.getTime() - created.getTime();
  return seed.random.chance(0.5) || span <= 0 ? created : new Date(created.getTime() + Math.floor(span * seed.random.next()));
}
