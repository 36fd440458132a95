import { dealTypes, leadSources } from '../org/schema/sales.ts';
import { deriveOpportunity, fieldHistoryRows, historyRow } from '../org/opportunity-automation.ts';
import { openStages } from '../org/stages.ts';
import { dateOf, stampOf, type FieldValue, type Row } from '../org/value.ts';
import { plusDays } from '../soql/date-ranges.ts';
import type { Customers } from './customers.ts';
import { dayMs, type SeedLoader } from './loader.ts';
import { nextSteps, notes } from './names.ts';
import type { People } from './people.ts';

/** Median days from creation to close, median amount and ordinary win rate. */
const markets: Readonly<Record<string, { readonly days: number; readonly amount: number; readonly winRate: number }>> = {
  Enterprise: { days: 140, amount: 145_000, winRate: 0.24 }, 'Mid-Market': { days: 75, amount: 38_000, winRate: 0.31 }, 'Small Business': { days: 32, amount: 7_500, winRate: 0.37 },
};
/** Salesforce keeps field history for 18 months at most; this org keeps it for eight. */
const fieldHistoryDays = 240;

interface Step {
  readonly at: Date;
  readonly set: Readonly<Record<string, FieldValue>>;
}

/** Deals of three years with the history that led to where they stand. */
export function seedDeals(seed: SeedLoader, people: People, customers: Customers, campaigns: readonly Row[], count: number): Row[] {
  return Array.from({ length: count }, (_, index) => deal(seed, people, customers, campaigns, index));
}

function deal(seed: SeedLoader, { sellers }: People, customers: Customers, campaigns: readonly Row[], index: number): Row {
  const { random, now } = seed;
  const createdDaysAgo = Math.floor(random.next() ** 1.25 * 1_050);
  const created = seed.at(-createdDaysAgo);
  const account = accountOlderThan(seed, customers, created);
  const segment = String(account['Segment__c']);
  const market = markets[segment] ?? { days: 60, amount: 20_000, winRate: 0.3 };
  const owner = random.chance(0.9) ? sellers.find(({ id }) => id === account['OwnerId']) ?? random.pick(sellers) : random.pick(sellers);
  const type = random.weighted([[dealTypes[0], 6], [dealTypes[1], 2], [dealTypes[2], 2]] as const);
  const cycleDays = Math.max(4, Math.round(random.around(market.days, 1.6) / owner.skill));
  const stalled = random.chance(0.05);
  const closed = createdDaysAgo > cycleDays && !stalled;
  const won = random.chance(Math.min(0.85, market.winRate * owner.skill * (type === dealTypes[0] ? 1 : 1.5)));
  const amount = random.chance(0.04) ? null : Math.round(random.around(market.amount * (type === dealTypes[2] ? 0.7 : 1), 1.9) / 50) * 50;
  const first: Record<string, FieldValue> = {
    AccountId: account['Id'] ?? null, Name: `${String(account['Name']).split('\n')[0]} - ${random.pick(['Starter', 'Expansion', 'Platform', 'Renewal', 'Pilot', 'Rollout'])} ${index + 1}`.slice(0, 120), Amount: amount, StageName: openStages[0]?.name ?? '',
    CloseDate: plusDays(dateOf(created), Math.round(cycleDays * (0.7 + random.next() * 0.4))), Type: type, LeadSource: random.pick(leadSources), NextStep: closed ? null : random.pick(nextSteps), OwnerId: owner.id,
    Description: random.chance(0.08) ? random.pick(notes) : null, CampaignId: campaigns.length > 0 && random.chance(0.3) ? random.pick(campaigns)['Id'] ?? null : null, ContactId: customers.contacts.get(String(account['Id']))?.[0]?.['Id'] ?? null,
  };
  return replay(seed, first, created, course(seed, { first, created, cycleDays, closed, won, stalled, amount, now }));
}

/** Nobody sells to a customer who is not known yet. */
function accountOlderThan({ random }: SeedLoader, { accounts }: Customers, created: Date): Row {
  const limit = created.toISOString();
  for (let attempt = 0; attempt < 12; attempt += 1) {
    const account = random.pick(accounts);
    if (String(account['CreatedDate']) <= limit) return account;
  }
  return accounts.reduce((oldest, account) => (String(account['CreatedDate']) < String(oldest['CreatedDate']) ? account : oldest));
}

interface Course {
  readonly first: Readonly<Record<string, FieldValue>>;
  readonly created: Date;
  readonly cycleDays: number;
  readonly closed: boolean;
  readonly won: boolean;
  readonly stalled: boolean;
  readonly amount: number | null;
  readonly now: Date;
}

/** What happened to a deal after it was made, in order of time. */
function course(seed: SeedLoader, { first, created, cycleDays, closed, won, stalled, amount, now }: Course): Step[] {
  const { random } = seed;
  const ageDays = (now.getTime() - created.getTime()) / dayMs;
  const progress = closed ? 1 : stalled ? 0.1 + random.next() * 0.75 : Math.min(0.95, ageDays / cycleDays);
  const reached = closed && !won ? random.int(0, openStages.length - 1) : Math.floor(progress * openStages.length);
  const spanDays = closed ? cycleDays : ageDays;
  const steps: Step[] = [];
  const stepAt = (share: number): Date => new Date(Math.min(now.getTime() - 120_000, Math.floor((created.getTime() + share * spanDays * dayMs) / 1000) * 1000));
  for (let stage = 1; stage < Math.min(openStages.length, reached + 1); stage += 1) {
    // People skip steps; an open deal has reached the stage it stands at.
    if (random.chance(stage < reached ? 0.78 : closed ? 0.35 : 0)) continue;
    steps.push({ at: stepAt((stage / (reached + 1)) * (0.9 + random.next() * 0.08)), set: { StageName: openStages[stage]?.name ?? '' } });
  }
  if (amount !== null && random.chance(0.2)) steps.push({ at: stepAt(0.3 + random.next() * 0.5), set: { Amount: Math.round((amount * (0.8 + random.next() * 0.6)) / 50) * 50 } });
  let close = String(first['CloseDate']);
  if (closed) {
    const at = stepAt(1);
    steps.push({ at, set: won ? { StageName: 'Closed Won', CloseDate: dateOf(at), NextStep: null } : { StageName: 'Closed Lost', CloseDate: dateOf(at), NextStep: null, Loss_Reason__c: random.pick(['Price', 'Competitor', 'No Decision', 'Missing Feature', 'Timing']) } });
  } else {
    // An open deal has its date ahead of it, but for the few nobody looked after.
    const forgotten = random.chance(0.06);
    while (close < dateOf(now) && !forgotten) {
      const pushedAt = new Date(Math.min(now.getTime() - 180_000, Math.max(created.getTime() + 60_000, Date.parse(`${close}T12:00:00Z`) - random.int(0, 3) * dayMs)));
      close = plusDays(close, random.int(20, 75));
      steps.push({ at: pushedAt, set: { CloseDate: close } });
    }
  }
  return steps.sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** Saves a deal step by step, writing the history rows that Salesforce would. */
function replay(seed: SeedLoader, first: Readonly<Record<string, FieldValue>>, created: Date, steps: readonly Step[]): Row {
  const { org, now } = seed;
  const id = org.require('Opportunity').newId();
  const base: Row = { ...first, Id: id, Probability: null, PushCount: 0, LastStageChangeDate: null };
  let row: Row = { ...base, ...deriveOpportunity(base, { before: undefined, stamp: stampOf(created) }, dateOf(created)) };
  const historyFrom = new Date(now.getTime() - fieldHistoryDays * dayMs);
  const record = (after: Row, before: Row | undefined, at: Date): void => {
    const audit = { CreatedById: String(first['OwnerId']) };
    const history = historyRow(after, { before });
    if (history !== undefined) seed.add('OpportunityHistory', { ...history, ...audit }, at);
    if (at < historyFrom || before === undefined) return;
    for (const entry of fieldHistoryRows(after, { before })) seed.add('OpportunityFieldHistory', { ...entry, ...audit }, at);
  };
  record(row, undefined, created);
  let changedAt = created;
  for (const { at, set } of steps) {
    changedAt = at < changedAt ? changedAt : at;
    const before = row;
    const next: Row = { ...row, ...set };
    row = { ...next, ...deriveOpportunity(next, { before, stamp: stampOf(changedAt) }, dateOf(changedAt)) };
    record(row, before, changedAt);
  }
  const open = row['IsClosed'] !== true;
  const active = open ? Math.min(20, Math.max(0, (now.getTime() - changedAt.getTime()) / dayMs)) : 0;
  return seed.add('Opportunity', { ...row, LastActivityDate: dateOf(new Date(now.getTime() - active * dayMs * seed.random.next())) }, created, changedAt);
}
