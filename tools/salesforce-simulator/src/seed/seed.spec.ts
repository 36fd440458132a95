import { beforeAll, describe, expect, it } from 'vitest';
import { Org } from '../org/org.ts';
import { OrgControl } from '../org/org-control.ts';
import { recordId, to18 } from '../org/record-id.ts';
import { stageNamed } from '../org/stages.ts';
import type { Row } from '../org/value.ts';
import { seedOrg } from './seed-org.ts';
import type { SeedSize } from './sizes.ts';

const now = new Date('2026-11-25T12:00:00Z');
const today = '2026-11-25';

function seeded(seed: number, size: SeedSize): OrgControl {
  const org = new Org({ now: () => now, commitDelayMs: () => 0 });
  seedOrg(org, { seed, size, now, organizationId: recordId('00D', 1) });
  return new OrgControl(org, () => now);
}

const dump = (org: OrgControl): string => JSON.stringify(org.objects.map((object) => org.rows(object)));

it('gives the same records for the same seed, and others for another', () => {
  expect(dump(seeded(7, 'small'))).toBe(dump(seeded(7, 'small')));
  expect(dump(seeded(7, 'small'))).not.toBe(dump(seeded(8, 'small')));
});

it('gives ids a suffix that is safe without case', () => {
  expect(to18('0018000000NfeQo')).toBe('0018000000NfeQoAAJ');
});

describe('the believable org', () => {
  let org: OrgControl;
  let deals: readonly Row[];
  beforeAll(() => {
    org = seeded(1, 'believable');
    deals = org.rows('Opportunity');
  });

  it.each(['Account', 'Contact', 'Lead', 'Opportunity', 'OpportunityHistory', 'OpportunityFieldHistory', 'User', 'UserRole', 'OpportunityStage', 'Period', 'Product2', 'OpportunityLineItem', 'Task', 'Case', 'Campaign'])('has records of %s', (object) => {
    expect(org.count(object)).toBeGreaterThan(2);
  });

  it('has about thirty thousand records', () => {
    const total = org.objects.reduce((sum, object) => sum + org.count(object), 0);
    expect(total).toBeGreaterThan(24_000);
    expect(total).toBeLessThan(33_000);
    expect(deals).toHaveLength(4_000);
  });

  it('derives every value of a deal from stage, amount and close date', () => {
    for (const deal of deals) {
      const stage = stageNamed(String(deal['StageName']));
      expect([deal['Probability'], deal['IsClosed'], deal['IsWon'], deal['ForecastCategory'], deal['ForecastCategoryName']]).toEqual([stage?.probability, stage?.isClosed, stage?.isWon, stage?.category, stage?.categoryName]);
      expect(deal['ExpectedRevenue']).toBe(deal['Amount'] === null ? null : Math.round(Number(deal['Amount']) * Number(deal['Probability'])) / 100);
      expect(deal['Fiscal']).toBe(`${String(deal['FiscalYear'])} ${String(deal['FiscalQuarter'])}`);
    }
    expect(deals.some(({ Amount }) => Amount === null)).toBe(true);
  });

  it('puts each deal in the fiscal quarter that Period has for its close date', () => {
    const quarters = org.rows('Period').filter(({ Type }) => Type === 'Quarter');
    for (const deal of deals) {
      const date = String(deal['CloseDate']);
      const period = quarters.find(({ StartDate, EndDate }) => String(StartDate) <= date && date <= String(EndDate));
      if (period === undefined) throw new Error(`No period for ${date}`);
      expect(period['FullyQualifiedLabel']).toBe(`Q${String(deal['FiscalQuarter'])} FY ${String(deal['FiscalYear'])}`);
    }
  });

  it('tells in the history how each deal came to where it stands', () => {
    const histories = Map.groupBy(org.rows('OpportunityHistory'), ({ OpportunityId }) => String(OpportunityId));
    for (const deal of deals) {
      const history = histories.get(String(deal['Id'])) ?? [];
      const times = history.map(({ CreatedDate }) => String(CreatedDate));
      expect(times).toEqual([...times].sort());
      expect(times[0]).toBe(deal['CreatedDate']);
      expect(history.at(-1)).toMatchObject({ StageName: deal['StageName'], Amount: deal['Amount'], CloseDate: deal['CloseDate'], ExpectedRevenue: deal['ExpectedRevenue'] });
      expect(times.at(-1)).toBe(deal['LastModifiedDate']);
    }
  });

  it('lets nothing happen in the future or before its time', () => {
    for (const object of org.objects) {
      for (const row of org.rows(object)) {
        if (typeof row['CreatedDate'] !== 'string') continue;
        expect(row['CreatedDate'] <= now.toISOString()).toBe(true);
        if (typeof row['SystemModstamp'] === 'string') expect([object, row['Id'], row['SystemModstamp'] >= row['CreatedDate'] && row['SystemModstamp'] <= now.toISOString()]).toEqual([object, row['Id'], true]);
      }
    }
    for (const deal of deals) if (deal['IsClosed'] === true) expect(String(deal['CloseDate']) <= today && String(deal['CloseDate']) >= String(deal['CreatedDate']).slice(0, 10)).toBe(true);
  });

  it('refers only to records that exist', () => {
    for (const object of org.objects) {
      const references = new Set(['AccountId', 'OwnerId', 'OpportunityId', 'ContactId', 'Product2Id', 'CampaignId', 'LeadId', 'ManagerId', 'UserRoleId', 'ParentRoleId', 'ProfileId', 'FiscalYearSettingsId', 'ConvertedOpportunityId', 'ConvertedAccountId', 'WhoId', 'WhatId', 'CreatedById', 'ParentId']);
      for (const row of org.rows(object)) {
        for (const [field, id] of Object.entries(row)) {
          if (!references.has(field) || id === null) continue;
          const owner = org.objects.find((candidate) => org.find(candidate, String(id)) !== undefined);
          if (owner === undefined) throw new Error(`${object}.${field} refers to ${String(id)}, which is missing`);
        }
      }
    }
  });

  it('has users who are inactive, a tree of managers and unique usernames', () => {
    const users = org.rows('User');
    expect(users.filter(({ IsActive }) => IsActive === false).length).toBeGreaterThan(3);
    expect(new Set(users.map(({ Username }) => Username)).size).toBe(users.length);
    expect(users.filter(({ ManagerId }) => ManagerId !== null).length).toBeGreaterThan(30);
  });

  it('has rows in the recycle bin, and texts that break careless parsers', () => {
    expect(org.rows('Account').some(({ IsDeleted }) => IsDeleted === true)).toBe(true);
    const texts = JSON.stringify(org.rows('Account').map(({ Name, Description }) => [Name, Description]));
    for (const odd of ['\\"', '\\n', '🌅', '株式会社']) expect(texts).toContain(odd);
  });

  it('wins more often where the deals are small', () => {
    const rate = (segment: string): number => {
      const closed = deals.filter((deal) => deal['IsClosed'] === true && org.find('Account', String(deal['AccountId']))?.['Segment__c'] === segment);
      return closed.filter(({ IsWon }) => IsWon).length / closed.length;
    };
    expect(rate('Enterprise')).toBeLessThan(rate('Small Business'));
  });

  it('adds the lines of a deal up to its amount', () => {
    const lines = Map.groupBy(org.rows('OpportunityLineItem'), ({ OpportunityId }) => String(OpportunityId));
    for (const [id, items] of lines) expect(Math.round(items.reduce((sum, { TotalPrice }) => sum + Number(TotalPrice) * 100, 0))).toBe(Math.round(Number(org.find('Opportunity', id)?.['Amount']) * 100));
  });
});
