import type { DoctorCheck, DoctorFacts } from '@tributary/api-contracts';
import type { Fact, Findings } from './facts.ts';
import { count, judged, ok, setUp, skipped, trouble } from './verdict.ts';

type Part = Exclude<keyof DoctorFacts, 'calls'>;
type Seen<K extends Part> = Extract<DoctorFacts[K], { looked: true }>['seen'];

/** One part of what ingest-service saw in the org. */
function part<K extends Part>({ org }: Findings, key: K): Fact<Seen<K>> {
  return org.looked ? org.seen[key] : org;
}

/** API access itself: everything else needs it. */
export function checkApiEnabled(findings: Findings): DoctorCheck {
  const name = { code: 'api-enabled', title: 'API access' };
  const limits = part(findings, 'limits');
  const code = limits.looked ? '' : limits.because.code;
  if (code === 'API_DISABLED_FOR_ORG' || findings.own.connection.attention?.cause === 'api-disabled') {
    return trouble('fail', name, { cause: 'api-disabled', who: 'admin', evidence: `Salesforce answers API_DISABLED_FOR_ORG for ${findings.own.connection.user.username ?? findings.own.connection.user.name}.`, fix: 'Give the user the permission "API Enabled" by profile or permission set; Professional Edition needs the API add-on.', link: setUp(findings, 'PermSets/home') });
  }
  if (code === 'INVALID_SESSION_ID' && findings.own.connection.attention?.cause === 'session-policy') {
    return trouble('fail', name, { cause: 'session-policy', who: 'admin', evidence: 'Salesforce rejects fresh sessions of this user.', fix: 'Look at the IP lock of sessions, high assurance and API Access Control.', link: setUp(findings, 'SecuritySession/home') });
  }
  return judged(name, limits, () => {
    const organization = part(findings, 'organization');
    return ok(name, `The org answers data calls${organization.looked && organization.seen.edition !== null ? `; edition ${organization.seen.edition}` : ''}.`);
  });
}

/** Share of the daily calls below which what is left is worth a look. */
const lowShare = 0.4;

/** Calls left today, with the share kept for the customer's other tools. */
export function checkApiHeadRoom(findings: Findings): DoctorCheck {
  const name = { code: 'api-head-room', title: 'API calls left' };
  return judged(name, part(findings, 'limits'), ({ dailyApiRequests: api, bulkQueryJobs: jobs, bulkQueryStorageMb: storage, reserveFrom }) => {
    if (api === null) return skipped(name, { code: 'NOT_TOLD', text: 'the org does not tell its daily API limit.' });
    const used = api.max - api.remaining;
    const evidence = `${count(used, 'call')} of ${api.max.toLocaleString('en-US')} used in 24 hours, ${api.remaining.toLocaleString('en-US')} left; Tributary stops at ${(reserveFrom ?? api.max).toLocaleString('en-US')}${jobs === null ? '' : `; ${count(jobs.remaining, 'export job')}`}${storage === null ? '' : ` and ${count(storage.remaining, 'MB', 'MB')} of export volume`}${jobs === null && storage === null ? '' : ' left'}.`;
    const link = setUp(findings, 'CompanyProfileInfo/home');
    if (api.remaining === 0) return trouble('fail', name, { cause: 'daily-quota', who: 'admin', evidence, fix: 'Wait: the limit is a rolling day. For good, find the tool that uses the calls, or buy more.', link });
    if (reserveFrom !== null && used >= reserveFrom) return trouble('fail', name, { cause: 'daily-quota', who: 'admin', evidence, fix: 'The rest is left to other tools; copying resumes by itself as calls fall out of the day.', link });
    if (jobs !== null && jobs.remaining === 0) return trouble('warn', name, { cause: 'bulk-limited', who: 'nobody', evidence, fix: 'Nothing: the slower API is used until jobs are left again.', link });
    if (api.remaining < api.max * lowShare) return trouble('warn', name, { cause: 'daily-quota', who: 'admin', evidence, fix: 'See which tool uses the calls before they run out.', link });
    return ok(name, evidence);
  });
}

/** Objects of the preset, and whether the user sees all rows. */
export function checkObjects(findings: Findings): DoctorCheck {
  const name = { code: 'objects-visible', title: 'Objects and rows visible' };
  return judged(name, part(findings, 'objects'), ({ objects, missing }) => {
    const hidden = objects.filter(({ visible }) => !visible).map((object) => object.name);
    const link = setUp(findings, 'PermSets/home');
    if (hidden.length > 0) return trouble('fail', name, { cause: 'object-forbidden', who: 'admin', evidence: `Not visible to this user: ${hidden.join(', ')}.`, fix: `Give the user read access to ${hidden.join(', ')} by a permission set.`, link });
    const permissions = part(findings, 'permissions');
    const viewAll = permissions.looked ? permissions.seen.viewAllData : null;
    const rows = viewAll === null ? 'Salesforce does not tell whether sharing hides rows' : viewAll ? 'View All Data: no row is hidden' : 'without View All Data';
    const absent = missing.length === 0 ? 'all objects of the preset are there' : `of the preset absent or hidden: ${missing.join(', ')}`;
    if (viewAll === false) return trouble('warn', name, { cause: 'rows-hidden-by-sharing', who: 'admin', evidence: `${objects.length} of ${objects.length} key objects visible, ${rows}: figures cover only rows shared with this user; ${absent}.`, fix: 'For figures of the whole company connect a user with "View All Data", best a read-only integration user.', link });
    return ok(name, `${objects.length} of ${objects.length} key objects visible; ${absent}; ${rows}.`);
  });
}

/** Fields on which figures rest, as field-level security shows them to this user. */
export function checkFields(findings: Findings): DoctorCheck {
  const name = { code: 'fields-visible', title: 'Key fields visible' };
  return judged(name, part(findings, 'objects'), ({ objects }) => {
    const hidden = objects.flatMap((object) => object.hiddenKeyFields.map((field) => `${object.name}.${field}`));
    const all = objects.filter(({ visible }) => visible).reduce((sum, { keyFields }) => sum + keyFields, 0);
    if (hidden.length === 0) return ok(name, `All ${all} key fields are visible.`);
    const object = hidden[0]?.split('.')[0] ?? 'Opportunity';
    return trouble('fail', name, { cause: 'field-hidden', who: 'admin', evidence: `${hidden.length} of ${all} key fields are hidden by field-level security: ${hidden.join(', ')}.`, fix: `Make ${hidden.join(', ')} readable for the user's profile or permission set; the next sync copies them.`, link: setUp(findings, `ObjectManager/${object}/FieldsAndRelationships/view`) });
  });
}

/** Some objects are not exported in bulk by anybody: reading them by the other API is no trouble. */
const notForBulk = 'INVALIDENTITY';

/** Whether each object that is copied may be exported in bulk. */
export function checkBulk(findings: Findings): DoctorCheck {
  const name = { code: 'bulk', title: 'Bulk export' };
  // Where nothing can be read at all this is not about exports.
  const limits = part(findings, 'limits');
  if (!limits.looked) return skipped(name, limits.because);
  return judged(name, part(findings, 'bulk'), ({ objects }) => {
    if (objects.length === 0) return skipped(name, { code: 'NOTHING_COPIED', text: 'no object is chosen for copying.' });
    const refused = objects.flatMap((object) => (object.refused === null ? [] : [{ name: object.name, ...object.refused }]));
    const taken = `Salesforce took query jobs for ${objects.length - refused.length} of ${count(objects.length, 'copied object')}; they were thrown away at once`;
    const unexpected = refused.filter(({ code }) => code !== notForBulk);
    const [first] = unexpected;
    if (first !== undefined) return trouble('warn', name, { cause: 'bulk-limited', who: 'admin', evidence: `${taken}; refused: ${namesOf(unexpected)} (${first.code}, ${first.text})`, fix: 'Nothing is lost: the slower API is used. To speed up, allow Bulk API 2.0 queries for this user and look at transaction security policies.', link: setUp(findings, 'ConnectedAppsUsage/home') });
    return ok(name, refused.length === 0 ? `${taken}.` : `${taken}; not for bulk export, read by the other API: ${namesOf(refused)}.`);
  });
}

function namesOf(objects: readonly { readonly name: string }[]): string {
  return objects.map(({ name }) => name).join(', ');
}

export function checkApiVersion(findings: Findings): DoctorCheck {
  const name = { code: 'api-version', title: 'API version' };
  return judged(name, part(findings, 'versions'), ({ offered, used }) => {
    const range = offered.length === 0 ? 'none' : `${offered[0]} to ${offered.at(-1)}`;
    if (offered.includes(used)) return ok(name, `Version ${used} is in use; the org offers ${range}.`);
    return trouble('fail', name, { cause: 'api-version-retired', who: 'operator', evidence: `Version ${used} is in use; the org offers ${range}.`, fix: 'Unset SALESFORCE_API_VERSION, so that a version both sides know is chosen.' });
  });
}

export function checkOrganization(findings: Findings): DoctorCheck {
  const name = { code: 'organization', title: 'Facts of the org' };
  const { connection } = findings.own;
  return judged(name, part(findings, 'organization'), (org) => {
    if (org.id !== '' && org.id.slice(0, 15) !== connection.org.id.slice(0, 15)) {
      return trouble('fail', name, { cause: 'identity-changed', who: 'operator', evidence: `The org calls itself ${org.id}; this connection is of ${connection.org.id}.`, fix: 'Disconnect: these data are of another org. Connect it as a new one.' });
    }
    const currencies = org.currencies === null || org.currencies.length === 0 ? `one currency${org.currency === null ? '' : ` (${org.currency})`}` : `currencies ${org.currencies.join(', ')}`;
    const evidence = `${org.name} (${org.id}), time zone ${org.timeZone ?? 'unknown'}, fiscal year begins in month ${org.fiscalYearStartMonth ?? 'unknown'}, ${currencies}${org.sandbox === true ? ', sandbox' : ''}.`;
    if (org.timeZone === null || org.fiscalYearStartMonth === null) return trouble('warn', name, { cause: 'org-facts-hidden', who: 'admin', evidence, fix: 'Give the user "View Setup and Configuration", so that days and fiscal quarters are those of the org.', link: setUp(findings, 'CompanyProfileInfo/home') });
    return ok(name, evidence);
  });
}

/** Reading needs no right to change anything. */
export function checkWriteAbility(findings: Findings): DoctorCheck {
  const name = { code: 'write-ability', title: 'Rights beyond reading' };
  return judged(name, part(findings, 'objects'), ({ objects }) => {
    const changeable = objects.filter(({ mayChange }) => mayChange).map((object) => object.name);
    if (changeable.length === 0) return ok(name, 'This user can only read the key objects.');
    return trouble('warn', name, { cause: 'more-rights-than-needed', who: 'admin', evidence: `This user could also change ${changeable.join(', ')}; Tributary only ever reads.`, fix: 'Connect an integration user with a read-only permission set if you want Salesforce to guarantee that.', link: setUp(findings, 'PermSets/home') });
  });
}
