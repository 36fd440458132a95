import type { Member } from '@tributary/api-contracts';
import type { OidcProvider } from '../sign-in/oidc-providers.ts';
import type { Person } from './person.entity.ts';

/** What people see of each other. */
export function memberOf(person: Person, askingId: string, providers: readonly Pick<OidcProvider, 'name' | 'issuer'>[]): Member {
  return {
    id: person.id,
    name: person.name,
    email: person.email ?? null,
    role: person.role,
    signsInWith: providers.find(({ issuer }) => issuer === person.issuer)?.name ?? (URL.parse(person.issuer)?.host || person.issuer),
    disabled: (person.disabledAt ?? null) !== null,
    isSelf: person.id === askingId,
    createdAt: person.createdAt.toISOString(),
    lastSignInAt: person.lastSignInAt.toISOString(),
  };
}
