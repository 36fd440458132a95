import type { GlobalDescribe } from '@tributary/salesforce-client';
import type { OrgAccess } from '../extract/org-access.ts';
import type { OrgObject } from './selection.ts';

/** Asks the org for its objects. */
export async function listOrgObjects(access: OrgAccess): Promise<OrgObject[]> {
  return orgObjects(await access.client().data.describeGlobal());
}

const notObjects = /(ChangeEvent|EventStream|__e)$/;

/** Objects of the org that may be copied; change events and hidden objects are none. */
export function orgObjects({ sobjects }: GlobalDescribe): OrgObject[] {
  return sobjects.filter(({ name, deprecatedAndHidden }) => !deprecatedAndHidden && !notObjects.test(name))
    .map(({ name, label, custom, queryable, retrieveable }) => ({ name, label: label || name, custom, queryable: queryable && retrieveable }));
}
