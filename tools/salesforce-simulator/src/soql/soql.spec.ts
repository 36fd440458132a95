import { beforeAll, describe, expect, it } from 'vitest';
import { Org } from '../org/org.ts';
import { OrgControl } from '../org/org-control.ts';
import type { RowSource } from '../org/value.ts';
import { aggregateRows } from './aggregate.ts';
import { dateRange } from './date-ranges.ts';
import { parseSoql } from './parser.ts';
import { planQuery, type QueryPlan } from './plan.ts';
import { runPlan } from './run.ts';
import type { View } from './view.ts';

const now = new Date('2026-11-25T12:00:00Z');
const org = new Org({ now: () => now, commitDelayMs: () => 0 });
const view: View = { org, canSeeObject: () => true, canSeeField: () => true, someoneSeesField: () => true, setupSight: 'all', canFilter: () => true, describedFilterable: () => true, canSeeRecord: undefined, key: '' };

beforeAll(() => {
  const control = new OrgControl(org, () => now);
  control.addObject({
    name: 'Fruit__c',
    fields: [{ name: 'Name', type: 'string' }, { name: 'Price__c', type: 'currency' }, { name: 'Ripe__c', type: 'boolean' }, { name: 'Picked__c', type: 'date' }, { name: 'Kinds__c', type: 'multipicklist' }, { name: 'Parent__c', type: 'reference', referenceTo: ['Fruit__c'], relationshipName: 'Parent__r' }],
  });
  const apple = control.insert('Fruit__c', { Name: 'Apple', Price__c: 2.5, Ripe__c: true, Picked__c: '2026-11-24', Kinds__c: 'red;green' });
  control.insert('Fruit__c', { Name: 'pear', Price__c: null, Ripe__c: false, Picked__c: '2026-10-01', Kinds__c: 'green', Parent__c: apple });
  control.insert('Fruit__c', { Name: "O'Range 100%", Price__c: 10, Ripe__c: true, Picked__c: null, Parent__c: apple });
  control.insert('Fruit__c', { Name: 'Plum_x', Price__c: 0.1, Ripe__c: false, Picked__c: '2026-11-25' });
});

const plan = (soql: string): QueryPlan => planQuery(parseSoql(soql), view, '2026-11-25');
const run = (soql: string): Promise<RowSource> => runPlan(plan(soql), 'query');
async function names(where: string): Promise<unknown[]> {
  const rows = await run(`SELECT Name FROM Fruit__c ${where}`);
  return Array.from({ length: rows.length }, (_, index) => rows.at(index)['Name']);
}

describe('WHERE', () => {
  it.each([
    ["Name = 'APPLE'", ['Apple']],
    ["Name != 'Apple' AND Ripe__c = false", ['pear', 'Plum_x']],
    ["Name = 'O\\'Range 100%'", ["O'Range 100%"]],
    ["Name LIKE 'P%'", ['pear', 'Plum_x']],
    ["Name LIKE 'Plum\\_x'", ['Plum_x']],
    ["Name LIKE '%100\\%'", ["O'Range 100%"]],
    ["Name IN ('apple', 'Pear')", ['Apple', 'pear']],
    ["Name NOT IN ('apple', 'Pear')", ["O'Range 100%", 'Plum_x']],
    ['Price__c = null', ['pear']],
    ['Price__c > 0.1', ['Apple', "O'Range 100%"]],
    ['Price__c <= 2.5', ['Apple', 'Plum_x']],
    ['(Ripe__c = true OR Price__c = null) AND NOT Price__c = 10', ['Apple', 'pear']],
    ['Picked__c = YESTERDAY', ['Apple']],
    ['Picked__c >= 2026-11-24', ['Apple', 'Plum_x']],
    ['Picked__c < LAST_N_DAYS:30', ['pear']],
    ['CreatedDate >= 2026-11-25T13:00:00+01:00', ['Apple', 'pear', "O'Range 100%", 'Plum_x']],
    ['SystemModstamp < 2026-11-25T12:00:00.000Z', []],
    ["Kinds__c INCLUDES ('red', 'blue')", ['Apple']],
    ["Parent__r.Name = 'apple'", ['pear', "O'Range 100%"]],
  ])('%s', async (where, expected) => {
    expect(await names(`WHERE ${where}`)).toEqual(expected);
  });
});

describe('order and window', () => {
  it.each([
    ['ORDER BY Price__c', ['pear', 'Plum_x', 'Apple', "O'Range 100%"]],
    ['ORDER BY Price__c DESC', ["O'Range 100%", 'Apple', 'Plum_x', 'pear']],
    ['ORDER BY Price__c ASC NULLS LAST', ['Plum_x', 'Apple', "O'Range 100%", 'pear']],
    ['ORDER BY Ripe__c DESC, Name', ['Apple', "O'Range 100%", 'pear', 'Plum_x']],
    ['ORDER BY Name LIMIT 2 OFFSET 1', ["O'Range 100%", 'pear']],
  ])('%s', async (order, expected) => {
    expect(await names(order)).toEqual(expected);
  });
});

it('groups and adds without the drift of binary fractions', async () => {
  const grouped = plan('SELECT Ripe__c, COUNT(Id) n, SUM(Price__c) total FROM Fruit__c GROUP BY Ripe__c');
  expect(aggregateRows(grouped, await runPlan(grouped, 'query'))).toEqual([{ Ripe__c: true, n: 2, total: 12.5 }, { Ripe__c: false, n: 2, total: 0.1 }]);
});

describe('refusals', () => {
  it.each([
    ['SELECT FROM Fruit__c', 'MALFORMED_QUERY', "unexpected token: 'FROM'"],
    ["SELECT Id FROM Fruit__c WHERE Name = 'open", 'MALFORMED_QUERY', "unexpected token: '''"],
    ['SELECT Id FROM Fruit__c WHERE Ripe__c = true AND Price__c = 1 OR Price__c = 2', 'MALFORMED_QUERY', "unexpected token: 'OR'"],
    ['SELECT Id FROM Fruit__c LIMIT many', 'MALFORMED_QUERY', "unexpected token: 'many'"],
    ['SELECT Id FROM Fruit__c WHERE', 'MALFORMED_QUERY', "unexpected token: '<EOF>'"],
    ['SELECT Other__r.Name FROM Fruit__c', 'INVALID_FIELD', "Didn't understand relationship 'Other__r' in field path"],
    ["SELECT Id FROM Fruit__c WHERE Price__c = '1'", 'INVALID_FIELD', "value of filter criterion for field 'Price__c' must be of type double and should not be enclosed in quotes"],
    ["SELECT Id FROM Fruit__c WHERE CreatedDate > '2026-01-01'", 'INVALID_FIELD', "must be of type dateTime and should not be enclosed in quotes"],
    ['SELECT Id, Name, Name FROM Fruit__c', 'INVALID_FIELD', 'duplicate field selected: Name'],
    ['SELECT Name, COUNT(Id) FROM Fruit__c', 'MALFORMED_QUERY', 'Field must be grouped or aggregated: Name'],
  ])('%s', (soql, code, text) => {
    expect(() => plan(soql)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(text) }));
  });
});

it.each([
  ['THIS_QUARTER', '2026-10-01', '2027-01-01'],
  ['THIS_FISCAL_QUARTER', '2026-11-01', '2027-02-01'],
  ['LAST_FISCAL_YEAR', '2025-02-01', '2026-02-01'],
  ['LAST_MONTH', '2026-10-01', '2026-11-01'],
  ['NEXT_N_DAYS:3', '2026-11-26', '2026-11-29'],
  ['THIS_WEEK', '2026-11-22', '2026-11-29'],
  ['LAST_N_MONTHS:2', '2026-09-01', '2026-11-01'],
])('%s is from %s until %s', (name, from, until) => {
  expect(dateRange(name, '2026-11-25')).toEqual({ from, until });
});
