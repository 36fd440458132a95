import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../index.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ size: 'believable', now: new Date('2026-11-25T12:00:00Z') });
});
afterAll(async () => {
  await simulator.stop();
});

it('moves deals with new stamps and a history that ends where the deal stands', () => {
  const before = simulator.org.count('OpportunityHistory');
  const count = simulator.org.count('Opportunity');
  simulator.clock.advance(60_000);
  simulator.move(60);
  const moved = simulator.org.rows('Opportunity').filter(({ SystemModstamp }) => SystemModstamp === '2026-11-25T12:01:00.000Z');
  expect(moved.length).toBeGreaterThan(20);
  expect(simulator.org.count('Opportunity')).toBeGreaterThan(count);
  expect(moved.some(({ IsWon }) => IsWon)).toBe(true);
  expect(moved.some(({ IsWon, IsClosed }) => IsClosed === true && IsWon === false)).toBe(true);
  expect(simulator.org.count('OpportunityHistory')).toBeGreaterThan(before + 20);
  const histories = Map.groupBy(simulator.org.rows('OpportunityHistory'), ({ OpportunityId }) => String(OpportunityId));
  for (const deal of moved) expect(histories.get(String(deal['Id']))?.at(-1)).toMatchObject({ StageName: deal['StageName'], Amount: deal['Amount'], CloseDate: deal['CloseDate'] });
});

it('counts a push only when the close date goes into a later month', () => {
  const id = simulator.org.insert('Opportunity', { Name: 'Pushed', StageName: 'Prospecting', Probability: null, CloseDate: '2026-12-05', Amount: 100 });
  simulator.org.update('Opportunity', id, { CloseDate: '2026-12-20' });
  expect(simulator.org.find('Opportunity', id)).toMatchObject({ PushCount: 0, FiscalQuarter: 4, FiscalYear: 2027 });
  simulator.org.update('Opportunity', id, { CloseDate: '2027-02-01' });
  expect(simulator.org.find('Opportunity', id)).toMatchObject({ PushCount: 1, FiscalQuarter: 1, FiscalYear: 2028 });
});
