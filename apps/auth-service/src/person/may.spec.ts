import type { Role } from '@tributary/api-contracts';
import { expect, it } from 'vitest';
import { may, type Action } from './may.ts';

const table: Readonly<Record<Action, readonly Role[]>> = {
  read: ['owner', 'analyst', 'viewer'],
  // Withdrawing consent is never taken away from the person who gave it.
  'disconnect-own': ['owner', 'analyst', 'viewer'],
  sync: ['owner', 'analyst'],
  connect: ['owner', 'analyst'],
  'change-own-connection': ['owner', 'analyst'],
  'share-own-connection': ['owner', 'analyst'],
  'disconnect-any': ['owner'],
  'rename-workspace': ['owner'],
  'manage-members': ['owner'],
  'manage-invitations': ['owner'],
  'manage-signing-keys': ['owner'],
  'connect-service': ['owner'],
  'read-audit': ['owner'],
};

it.each(Object.entries(table))('%s is for %s alone', (action, roles) => {
  const allowed = (['owner', 'analyst', 'viewer'] as const).filter((role) => may(role, action as Action));
  expect(allowed).toEqual(roles);
});
