import { expect, it } from 'vitest';
import { connectionPermissionsOf, permissionsOf } from './permissions.ts';

const mine = { owner: { id: 'p1', name: 'Anna', isMe: true } };
const shared = { owner: { id: 'p2', name: 'Ben', isMe: false } };

it('offers a viewer nothing that changes anything', () => {
  expect(permissionsOf('viewer')).toEqual({ connect: false, manageMembers: false, renameWorkspace: false, manageKeys: false, readAudit: false });
  expect(connectionPermissionsOf(shared, 'viewer')).toEqual({ change: false, sync: false, disconnect: false });
});

it('lets an analyst connect, and sync what is shared, but not change it', () => {
  expect(permissionsOf('analyst')).toEqual({ connect: true, manageMembers: false, renameWorkspace: false, manageKeys: false, readAudit: false });
  expect(connectionPermissionsOf(shared, 'analyst')).toEqual({ change: false, sync: true, disconnect: false });
});

it('lets an owner disconnect but not change the access of somebody else', () => {
  expect(permissionsOf('owner')).toEqual({ connect: true, manageMembers: true, renameWorkspace: true, manageKeys: true, readAudit: true });
  expect(connectionPermissionsOf(shared, 'owner')).toEqual({ change: false, sync: true, disconnect: true });
});

it('lets everybody withdraw their own consent, whatever became of their role', () => {
  expect(connectionPermissionsOf(mine, 'viewer')).toEqual({ change: false, sync: false, disconnect: true });
  expect(connectionPermissionsOf(mine, 'analyst')).toEqual({ change: true, sync: true, disconnect: true });
  expect(permissionsOf(undefined).connect).toBe(false);
});
