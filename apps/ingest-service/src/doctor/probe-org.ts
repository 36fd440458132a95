import { Injectable } from '@nestjs/common';
import type { DoctorFacts } from '@tributary/api-contracts';
import type { ConnectionId, WorkspaceId } from '@tributary/event-contracts';
import { WorkspaceScope } from '@tributary/persistence';
import type { GlobalDescribe, QueryRecord } from '@tributary/salesforce-client';
import { ceilingOf } from '../budget/budget.ts';
import { connectionUnknown, Connections } from '../connection/connections.store.ts';
import { OrgAccesses, type OrgClient } from '../extract/org-access.ts';
import { orgObjects } from '../selection/org-objects.ts';
import { salesAndService } from '../selection/preset.ts';
import { chosenObjects } from '../selection/selection.ts';
import { keyFields } from './key-fields.ts';
import { lookAt } from './look-at.ts';
import { TryExports } from './try-exports.ts';

const deadlineMs = 20_000;

type Of<K extends keyof DoctorFacts> = Extract<DoctorFacts[K], { looked: true }>['seen'];

/** Looks at an org for the connect doctor: a dozen reading calls and three for each object that is copied, none of them a refresh. */
@Injectable()
export class ProbeOrg {
  constructor(
    private readonly orgs: OrgAccesses,
    private readonly connections: Connections,
    private readonly scope: WorkspaceScope,
    private readonly exports: TryExports,
  ) {}

  /** @throws NotFound `CONNECTION_UNKNOWN` for a connection of another workspace; of one that is not heard of yet the preset is looked at */
  async execute(workspaceId: WorkspaceId, connectionId: ConnectionId): Promise<DoctorFacts> {
    const stored = await this.connections.find(connectionId, this.scope.sqlOf(workspaceId));
    if (stored === undefined && (await this.connections.find(connectionId)) !== undefined) throw connectionUnknown();
    const signal = AbortSignal.timeout(deadlineMs);
    const opened = await lookAt(() => this.orgs.look(connectionId, signal));
    if (!opened.looked) return { access: opened, versions: opened, limits: opened, objects: opened, permissions: opened, organization: opened, bulk: opened, calls: 0 };
    const { client, epoch, instanceUrl, offered, used } = opened.seen;
    const listed = client.data.describeGlobal();
    const [limits, objects, permissions, organization, bulk] = await Promise.all([
      lookAt(() => limitsOf(client)), lookAt(() => objectsOf(client, listed)), lookAt(() => permissionsOf(client)), lookAt(() => organizationOf(client)), lookAt(async () => {
        const chosen = chosenObjects(stored?.selection ?? null, orgObjects(await listed));
        return this.exports.execute(connectionId, client, chosen.map(({ name }) => name), signal);
      }),
    ]);
    return { access: { looked: true, seen: { epoch, instanceUrl } }, versions: { looked: true, seen: { offered: [...offered], used } }, limits, objects, permissions, organization, bulk, calls: client.calls() + 1 };
  }
}

async function limitsOf({ data }: OrgClient): Promise<Of<'limits'>> {
  const limits = await data.limits();
  const of = (name: string) => {
    const { Max: max, Remaining: remaining } = limits[name] ?? {};
    return max === undefined || remaining === undefined ? null : { max, remaining };
  };
  const dailyApiRequests = of('DailyApiRequests');
  return { dailyApiRequests, bulkQueryJobs: of('DailyBulkV2QueryJobs'), bulkQueryStorageMb: of('DailyBulkV2QueryFileStorageMB'), reserveFrom: dailyApiRequests === null ? null : ceilingOf(dailyApiRequests.max) };
}

async function objectsOf({ data }: OrgClient, listed: Promise<GlobalDescribe>): Promise<Of<'objects'>> {
  const visible = new Set((await listed).sobjects.filter(({ queryable }) => queryable).map(({ name }) => name));
  const objects = await Promise.all(Object.entries(keyFields).map(async ([name, fields]) => {
    if (!visible.has(name)) return { name, visible: false, hiddenKeyFields: [], keyFields: fields.length, mayChange: false };
    const described = (await data.describe(name))?.describe;
    const seen = new Set(described?.fields.map((field) => field.name));
    return { name, visible: true, hiddenKeyFields: fields.filter((field) => !seen.has(field)), keyFields: fields.length, mayChange: [described?.createable, described?.updateable, described?.deletable].includes(true) };
  }));
  return { objects, missing: salesAndService.filter((name) => !visible.has(name)) };
}

async function permissionsOf({ data }: OrgClient): Promise<Of<'permissions'>> {
  const row = await firstRow(data, 'SELECT PermissionsViewAllData, PermissionsModifyAllData FROM UserPermissionAccess');
  const told = (name: string): boolean | null => (typeof row?.[name] === 'boolean' ? row[name] : null);
  return { viewAllData: told('PermissionsViewAllData'), modifyAllData: told('PermissionsModifyAllData') };
}

async function organizationOf({ data }: OrgClient): Promise<Of<'organization'>> {
  const known = new Set((await data.describe('Organization'))?.describe.fields.map(({ name }) => name));
  const wanted = ['Id', 'Name', 'TimeZoneSidKey', 'FiscalYearStartMonth', 'OrganizationType', 'IsSandbox', 'DefaultCurrencyIsoCode'].filter((name) => known.has(name));
  const row = (await firstRow(data, `SELECT ${wanted.join(', ')} FROM Organization`)) ?? {};
  const text = (name: string): string | null => (typeof row[name] === 'string' ? row[name] : null);
  const month = row['FiscalYearStartMonth'];
  return {
    id: text('Id') ?? '', name: text('Name') ?? '', timeZone: text('TimeZoneSidKey'), fiscalYearStartMonth: typeof month === 'number' ? month : null, edition: text('OrganizationType'),
    sandbox: typeof row['IsSandbox'] === 'boolean' ? row['IsSandbox'] : null, currency: text('DefaultCurrencyIsoCode'), currencies: await currenciesOf(data),
  };
}

/** Orgs with one currency have no such object. */
async function currenciesOf(data: OrgClient['data']): Promise<string[] | null> {
  const looked = await lookAt(async () => {
    const codes: string[] = [];
    for await (const { records } of data.queryAll('SELECT IsoCode FROM CurrencyType WHERE IsActive = true')) codes.push(...records.map((row) => String(row['IsoCode'])));
    return codes;
  });
  return looked.looked ? looked.seen : null;
}

async function firstRow(data: OrgClient['data'], soql: string): Promise<QueryRecord | undefined> {
  for await (const { records } of data.queryAll(soql)) return records[0];
  return undefined;
}
