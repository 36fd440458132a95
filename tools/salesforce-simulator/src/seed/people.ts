import type { Row } from '../org/value.ts';
import type { SeedLoader } from './loader.ts';
import { firstNames, lastNames } from './names.ts';

export interface People {
  /** Who may own deals and how well they sell: 1 is ordinary. */
  readonly sellers: readonly { readonly id: string; readonly skill: number; readonly region: string; readonly segment: string; readonly active: boolean }[];
  readonly agents: readonly string[];
  readonly adminId: string;
}

const regions = ['Americas', 'EMEA', 'APAC'] as const;
const segmentTeams = ['Enterprise', 'Mid-Market', 'Small Business'] as const;

/** Profiles, the role tree, and people with managers; the administrator is the first. */
export function seedPeople(seed: SeedLoader): People {
  const long = seed.at(-1_500);
  const profiles = ['System Administrator', 'Sales Manager', 'Sales User', 'Support User'].map((Name) => seed.add('Profile', { Name, UserType: 'Standard' }, long));
  const [adminProfile, managerProfile, salesProfile, supportProfile] = profiles.map(({ Id }) => Id ?? null);
  const role = (Name: string, parent: Row | null): Row => seed.add('UserRole', { Name, ParentRoleId: parent?.['Id'] ?? null, DeveloperName: Name.replaceAll(/\W+/g, '_'), OpportunityAccessForAccountOwner: 'Edit' }, long);
  const ceo = role('CEO', null);
  const chief = role('Chief Revenue Officer', ceo);
  const support = role('Support', ceo);

  const person = personMaker(seed, long);
  const admin = person({ FirstName: 'Ava', LastName: 'Lindqvist', Title: 'Revenue Operations', ProfileId: adminProfile ?? null, UserRoleId: ceo['Id'] ?? null });
  const head = person({ FirstName: 'Marcus', LastName: 'Okafor', Title: 'Chief Revenue Officer', ProfileId: managerProfile ?? null, UserRoleId: chief['Id'] ?? null, ManagerId: null });
  const sellers: { id: string; skill: number; region: string; segment: string; active: boolean }[] = [];
  for (const region of regions) {
    const regionRole = role(`VP Sales ${region}`, chief);
    const vp = person({ Title: `VP Sales ${region}`, ProfileId: managerProfile ?? null, UserRoleId: regionRole['Id'] ?? null, ManagerId: head['Id'] ?? null });
    for (const segment of segmentTeams) {
      const teamRole = role(`${region} ${segment}`, regionRole);
      const reps = region === 'APAC' ? 2 : 4;
      for (let rep = 0; rep < reps; rep += 1) {
        const active = !(rep === reps - 1 && segment !== 'Mid-Market');
        const seller = person({ Title: `Account Executive, ${segment}`, ProfileId: salesProfile ?? null, UserRoleId: teamRole['Id'] ?? null, ManagerId: vp['Id'] ?? null, IsActive: active, ForecastEnabled: active });
        sellers.push({ id: String(seller['Id']), skill: 0.7 + seed.random.next() * 0.65, region, segment, active });
      }
    }
  }
  const lead = person({ Title: 'Head of Support', ProfileId: supportProfile ?? null, UserRoleId: support['Id'] ?? null, ManagerId: admin['Id'] ?? null });
  const agents = Array.from({ length: 4 }, () => String(person({ Title: 'Support Engineer', ProfileId: supportProfile ?? null, UserRoleId: support['Id'] ?? null, ManagerId: lead['Id'] ?? null })['Id']));
  return { sellers, agents, adminId: String(admin['Id']) };
}

function personMaker(seed: SeedLoader, since: Date): (fields: Readonly<Record<string, string | number | boolean | null>>) => Row {
  let count = 0;
  return (fields) => {
    count += 1;
    const first = String(fields['FirstName'] ?? firstNames[(count * 7) % firstNames.length]);
    const last = String(fields['LastName'] ?? lastNames[(count * 5 + 3) % lastNames.length]);
    const handle = `${first}.${last}`.normalize('NFD').replace(/[^\w.]/g, '').toLowerCase();
    return seed.add('User', {
      Username: `${handle}@northwind.example`, FirstName: first, LastName: last, Name: `${first} ${last}`, Email: `${handle}@northwind.example`, Alias: handle.slice(0, 8), CommunityNickname: handle.slice(0, 40), CompanyName: 'Northwind Traders',
      IsActive: true, UserType: 'Standard', TimeZoneSidKey: 'America/New_York', LocaleSidKey: 'en_US', LanguageLocaleKey: 'en_US', EmployeeNumber: String(1_000 + count), LastLoginDate: seed.at(-seed.random.int(1, 20)).toISOString(),
      Country: 'United States', ForecastEnabled: true, ...fields,
    }, since, seed.at(-seed.random.int(30, 400)), seed.org.systemUserId);
  };
}
