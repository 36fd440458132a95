import { industries, leadSources } from '../org/schema/sales.ts';
import { dateOf, stampOf, type Row } from '../org/value.ts';
import { later, type Customers } from './customers.ts';
import { dayMs, type SeedLoader } from './loader.ts';
import { companyName, firstNames, foreignNames, lastNames, notes } from './names.ts';
import type { People } from './people.ts';

/** Leads; those that were converted point to records that exist. */
export function seedLeads(seed: SeedLoader, { sellers }: People, customers: Customers, deals: readonly Row[], count: number): Row[] {
  const { random } = seed;
  return Array.from({ length: count }, (_, index) => {
    const created = seed.at(-random.int(1, 700));
    const deal = random.chance(0.22) && deals.length > 0 ? random.pick(deals) : undefined;
    const converted = deal !== undefined;
    const first = random.chance(0.02) ? random.pick(foreignNames).split(' ') : [random.pick(firstNames), random.pick(lastNames)];
    const made = converted ? new Date(Math.max(Date.parse(String(deal['CreatedDate'])) - random.int(2, 40) * dayMs, 0)) : created;
    const convertedAt = converted ? new Date(String(deal['CreatedDate'])) : undefined;
    return seed.add('Lead', {
      FirstName: first[0] ?? null, LastName: first[1] ?? 'Unknown', Name: `${first[0]} ${first[1]}`, Company: companyName(2_000 + index), Title: random.pick(['Buyer', 'CEO', 'IT Manager', 'Owner']), Email: `lead${index + 1}@prospect.example`, Phone: `+1 555 ${random.int(1_000_000, 9_999_999)}`,
      LeadSource: converted ? deal['LeadSource'] ?? null : random.pick(leadSources), Status: converted ? 'Closed - Converted' : random.weighted([['Open - Not Contacted', 3], ['Working - Contacted', 4], ['Closed - Not Converted', 3]] as const), Industry: random.pick(industries), Rating: random.pick(['Hot', 'Warm', 'Cold', null]),
      NumberOfEmployees: random.int(5, 5_000), OwnerId: random.pick(sellers).id, IsConverted: converted, ConvertedDate: convertedAt === undefined ? null : dateOf(convertedAt), ConvertedAccountId: deal?.['AccountId'] ?? null,
      ConvertedContactId: customers.contacts.get(String(deal?.['AccountId']))?.[0]?.['Id'] ?? null, ConvertedOpportunityId: deal?.['Id'] ?? null, Description: random.chance(0.12) ? random.pick(notes) : null, Country: random.pick(['United States', 'Germany', 'France', 'Japan', 'Brazil']),
    }, made, convertedAt ?? later(seed, made));
  });
}

export function seedTasks(seed: SeedLoader, deals: readonly Row[], leads: readonly Row[], customers: Customers, count: number): void {
  const { random } = seed;
  for (let index = 0; index < count && deals.length > 0; index += 1) {
    const deal = random.pick(deals);
    const forLead = leads.length > 0 && random.chance(0.25);
    const lead = forLead ? random.pick(leads) : undefined;
    const from = Date.parse(String((lead ?? deal)['CreatedDate']));
    const created = new Date(from + Math.floor((seed.now.getTime() - from) * random.next()));
    const due = new Date(created.getTime() + random.int(0, 21) * dayMs);
    const done = due < seed.now && random.chance(0.9);
    const completed = done ? new Date(Math.max(created.getTime(), Math.min(due.getTime(), seed.now.getTime() - 60_000))) : undefined;
    const kind = random.pick(['Call', 'Email', 'Meeting']);
    seed.add('Task', {
      WhoId: lead?.['Id'] ?? customers.contacts.get(String(deal['AccountId']))?.[0]?.['Id'] ?? null, WhatId: forLead ? null : deal['Id'] ?? null, AccountId: forLead ? null : deal['AccountId'] ?? null, Subject: `${kind}: ${random.pick(['follow up', 'introduce product', 'clarify terms, again', 'send "final" offer'])}`,
      ActivityDate: dateOf(due), Status: done ? 'Completed' : random.pick(['Not Started', 'In Progress', 'Waiting on someone else']), Priority: random.weighted([['Normal', 7], ['High', 2], ['Low', 1]] as const), OwnerId: (lead ?? deal)['OwnerId'] ?? null, IsClosed: done,
      IsArchived: done && seed.now.getTime() - due.getTime() > 365 * dayMs, TaskSubtype: kind === 'Meeting' ? 'Task' : kind, Type: kind, CompletedDateTime: completed === undefined ? null : stampOf(completed), CallDurationInSeconds: kind === 'Call' && done ? random.int(30, 3_600) : null, Description: random.chance(0.2) ? random.pick(notes) : null,
    }, created, completed ?? created);
  }
}

export function seedCases(seed: SeedLoader, { agents }: People, customers: Customers, count: number): void {
  const { random } = seed;
  for (let index = 0; index < count && customers.all.length > 0; index += 1) {
    const contact = random.pick(customers.all);
    const created = new Date(Math.max(Date.parse(String(contact['CreatedDate'])), seed.at(-random.int(0, 500)).getTime()));
    const hours = random.around(30, 2.8);
    const end = new Date(created.getTime() + hours * 3_600_000);
    const closed = end < seed.now && random.chance(0.95);
    seed.add('Case', {
      CaseNumber: String(1_000 + index).padStart(8, '0'), ContactId: contact['Id'] ?? null, AccountId: contact['AccountId'] ?? null, Type: random.pick(['Question', 'Problem', 'Feature Request']), Status: closed ? 'Closed' : random.pick(['New', 'Working', 'Escalated']), Reason: random.pick(['Installation', 'Performance', 'Billing', 'Training', 'Breakdown']),
      Origin: random.pick(['Phone', 'Email', 'Web']), Subject: random.pick(['Printer stops after 10 labels', 'Invoice shows "wrong" VAT, please check', 'How do I export?\nUrgent', 'スキャナーが動かない', 'Conveyor belt noise 🔊']), Priority: random.weighted([['Medium', 6], ['High', 2], ['Low', 2]] as const), IsClosed: closed,
      ClosedDate: closed ? stampOf(end) : null, OwnerId: random.pick(agents), Description: random.chance(0.4) ? random.pick(notes) : null,
    }, created, closed ? end : created);
  }
}

/** Who was invited to campaigns: leads and contacts, each once per campaign. */
export function seedMembers(seed: SeedLoader, campaigns: readonly Row[], leads: readonly Row[], customers: Customers, perCampaign: number): void {
  const { random } = seed;
  for (const campaign of campaigns) {
    const start = Date.parse(String(campaign['CreatedDate']));
    for (let index = 0; index < perCampaign; index += 1) {
      const isLead = random.chance(0.5) && leads.length > 0;
      const list = isLead ? leads : customers.all;
      const who = list[(index * 31 + Math.abs(start) / 1000) % Math.max(1, list.length) | 0];
      if (who === undefined) continue;
      const responded = random.chance(0.3);
      seed.add('CampaignMember', {
        CampaignId: campaign['Id'] ?? null, LeadId: isLead ? who['Id'] ?? null : null, ContactId: isLead ? null : who['Id'] ?? null, Status: responded ? 'Responded' : 'Sent', HasResponded: responded, FirstRespondedDate: responded ? dateOf(new Date(Math.min(start + 2 * dayMs, seed.now.getTime()))) : null,
        FirstName: who['FirstName'] ?? null, LastName: who['LastName'] ?? null, CompanyOrAccount: isLead ? who['Company'] ?? null : null, OwnerId: campaign['OwnerId'] ?? null,
      }, new Date(start), new Date(Math.max(start, Math.min(start + 2 * dayMs, seed.now.getTime() - 60_000))));
    }
  }
}
