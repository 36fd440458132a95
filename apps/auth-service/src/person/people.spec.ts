import { changeMember, disconnectConnection, getConnection, invite, listConnections, listInvitations, listMembers, previewInvitation, readAudit, shareConnection, withdrawInvitation, type SignedInPerson } from '@tributary/api-contracts';
import { until } from '@tributary/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hashOf } from '../consent/browser-binding.ts';
import { AuthHarness } from '../spec-support/auth.harness.ts';
import { Browser } from '../spec-support/auth-service.harness.ts';
import { person, signInAs } from '../spec-support/people.harness.ts';

let harness: AuthHarness;
let lateMs = 0;
let owner: SignedInPerson;
let analyst: SignedInPerson;

const signIn = (user: number, query: Record<string, string> = {}, personId?: string): Promise<SignedInPerson | string> =>
  signInAs(harness.auth, harness.simulator, harness.gateway, { user, query, ...(personId === undefined ? {} : { personId }) });
const tokenOf = (link: string): string => new URL(link).hash.slice(1);
const preview = (link: string) => harness.gateway.ask(previewInvitation, { tokenHash: hashOf(tokenOf(link)) });
const anInvitation = async (role: 'owner' | 'analyst' | 'viewer' = 'viewer') => harness.gateway.ask(invite, { personId: owner.personId, request: { note: 'Grace from Sales', role } });

beforeAll(async () => {
  harness = await AuthHarness.start({ now: () => new Date(Date.now() + lateMs) });
  owner = person(await signIn(0));
  analyst = person(await signIn(1));
});

afterAll(() => harness?.stop());

it('makes the first person of an org its owner and the next an analyst', async () => {
  expect([owner.role, analyst.role, analyst.workspaceId]).toEqual(['owner', 'analyst', owner.workspaceId]);
  const { members } = await harness.gateway.ask(listMembers, { personId: analyst.personId });
  expect(members.map(({ role, signsInWith, isSelf, disabled }) => ({ role, signsInWith, isSelf, disabled }))).toEqual([
    { role: 'owner', signsInWith: 'salesforce', isSelf: false, disabled: false }, { role: 'analyst', signsInWith: 'salesforce', isSelf: true, disabled: false },
  ]);
});

it('lets an owner alone invite, change members and read the audit log', async () => {
  const { personId } = analyst;
  const refused = { code: 'ROLE_INSUFFICIENT', kind: 'forbidden' };
  await expect(harness.gateway.ask(invite, { personId, request: { note: 'x', role: 'owner' } })).rejects.toMatchObject(refused);
  await expect(harness.gateway.ask(listInvitations, { personId })).rejects.toMatchObject(refused);
  await expect(harness.gateway.ask(changeMember, { personId, memberId: personId, change: { role: 'owner' } })).rejects.toMatchObject(refused);
  await expect(harness.gateway.ask(readAudit, { personId, limit: 10 })).rejects.toMatchObject(refused);
});

it('keeps the last owner, also when two owners demote each other at once', async () => {
  const change = (by: SignedInPerson, of: SignedInPerson, role: 'owner' | 'analyst') => harness.gateway.ask(changeMember, { personId: by.personId, memberId: of.personId, change: { role } });
  await expect(change(owner, owner, 'analyst')).rejects.toMatchObject({ code: 'LAST_OWNER' });
  await expect(harness.gateway.ask(changeMember, { personId: owner.personId, memberId: owner.personId, change: { disabled: true } })).rejects.toMatchObject({ code: 'LAST_OWNER' });
  expect((await change(owner, analyst, 'owner')).role).toBe('owner');
  const results = await Promise.allSettled([change(owner, analyst, 'analyst'), change(analyst, owner, 'analyst')]);
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const { members } = await harness.gateway.ask(listMembers, { personId: owner.personId });
  expect(members.filter(({ role }) => role === 'owner')).toHaveLength(1);
  // Back to the start for what follows.
  const [left] = members.filter(({ role }) => role === 'owner');
  if (left?.id === analyst.personId) {
    await change(analyst, owner, 'owner');
    await change(owner, analyst, 'analyst');
  }
});

it('shows a connection to others only once its own person shares it', async () => {
  const seen = async () => (await harness.gateway.ask(listConnections, { personId: analyst.personId })).connections.map(({ id }) => id);
  const share = (personId: string, visibility: 'private' | 'workspace') => harness.gateway.ask(shareConnection, { personId, connectionId: owner.connectionId, visibility });
  expect(await seen()).toEqual([analyst.connectionId]);
  await expect(share(analyst.personId, 'workspace')).rejects.toMatchObject({ code: 'CONNECTION_NOT_FOUND' });
  expect(await share(owner.personId, 'workspace')).toMatchObject({ visibility: 'workspace', owner: { isMe: true } });
  expect(await seen()).toContain(owner.connectionId);
  expect(await harness.gateway.ask(getConnection, { personId: analyst.personId, connectionId: owner.connectionId })).toMatchObject({ visibility: 'workspace', owner: { id: owner.personId, isMe: false } });
  await expect(share(analyst.personId, 'private')).rejects.toMatchObject({ code: 'NOT_YOUR_CONNECTION', kind: 'forbidden' });
  await share(owner.personId, 'private');
  expect(await seen()).toEqual([analyst.connectionId]);
});

it('lets an owner end any connection of the workspace, and nobody else one that is not theirs', async () => {
  const grace = person(await signIn(5));
  const disconnect = (by: SignedInPerson, of: SignedInPerson) => harness.gateway.ask(disconnectConnection, { personId: by.personId, connectionId: of.connectionId, data: 'keep' });
  await expect(disconnect(grace, owner)).rejects.toMatchObject({ code: 'CONNECTION_NOT_FOUND' });
  expect(await disconnect(owner, grace)).toMatchObject({ state: 'disconnected', revoked: true });
});

it('proves somebody anew only where the provider had to ask again', async () => {
  const earlier = new Date(Date.now() - 3_600_000);
  const prove = async (query: Record<string, string>) => person(await signInAs(harness.auth, harness.simulator, harness.gateway, { user: 0, query, personId: owner.personId, authenticatedAt: earlier })).authenticatedAt;
  expect(await prove({})).toBe(earlier.toISOString());
  expect(Date.now() - Date.parse(await prove({ fresh: '1' }))).toBeLessThan(30_000);
  const started = await new Browser(harness.auth).get('/connect/salesforce?fresh=1');
  expect(new URL(started.headers.get('location') ?? '').searchParams.get('prompt')).toBe('login');
});

it('brings somebody in once by an invitation, with its role and without a connection for a viewer', async () => {
  const { invitation, link } = await anInvitation('viewer');
  expect(tokenOf(link)).toMatch(/^[\w-]{43}$/);
  expect(JSON.stringify((await harness.auth.pool.query('select * from invitation')).rows)).not.toContain(tokenOf(link));
  expect(await preview(link)).toEqual({ workspace: owner.workspaceName, invitedBy: owner.name, role: 'viewer', expiresAt: invitation.expiresAt });
  const viewer = person(await signIn(2, { invitation: tokenOf(link) }));
  await expect(preview(link)).rejects.toMatchObject({ code: 'INVITATION_NOT_FOUND', kind: 'not-found' });
  expect(viewer).toMatchObject({ role: 'viewer', workspaceId: owner.workspaceId, connectionId: null });
  await until('the grant nobody keeps is given back', () => harness.simulator.log.entries().some(({ path }) => path === '/services/oauth2/revoke'));
  expect(await signIn(3, { invitation: tokenOf(link) })).toBe('INVITATION_INVALID');
  expect((await harness.gateway.ask(listInvitations, { personId: owner.personId })).invitations.find(({ id }) => id === invitation.id)?.acceptedAt).not.toBeNull();
  expect(await signIn(2, {}, viewer.personId)).toBe('ROLE_INSUFFICIENT');
  expect(person(await signIn(2))).toMatchObject({ personId: viewer.personId, connectionId: null });
});

it('takes an invitation neither after seven days, nor withdrawn, nor made up, nor twice at once', async () => {
  const [late, withdrawn, raced] = [await anInvitation(), await anInvitation(), await anInvitation('analyst')];
  await harness.gateway.ask(withdrawInvitation, { personId: owner.personId, invitationId: withdrawn.invitation.id });
  await expect(harness.gateway.ask(withdrawInvitation, { personId: owner.personId, invitationId: withdrawn.invitation.id })).rejects.toMatchObject({ code: 'INVITATION_NOT_FOUND' });
  expect(await signIn(3, { invitation: tokenOf(withdrawn.link) })).toBe('INVITATION_INVALID');
  await expect(preview(withdrawn.link)).rejects.toMatchObject({ code: 'INVITATION_NOT_FOUND' });
  expect(await signIn(3, { invitation: 'A'.repeat(43) })).toBe('INVITATION_INVALID');
  const both = await Promise.all([signIn(3, { invitation: tokenOf(raced.link) }), signIn(4, { invitation: tokenOf(raced.link) })]);
  expect(both.filter((result) => result === 'INVITATION_INVALID')).toHaveLength(1);
  lateMs = 7 * 24 * 60 * 60_000 + 1_000;
  expect(await signIn(5, { invitation: tokenOf(late.link) })).toBe('INVITATION_INVALID');
  await expect(preview(late.link)).rejects.toMatchObject({ code: 'INVITATION_NOT_FOUND' });
  lateMs = 0;
});

it('leaves people of another workspace out of sight and out of reach', async () => {
  const otherWorkspace = '0199aa00-0000-7000-8000-0000000000b1';
  const stranger = '0199aa00-0000-7000-8000-0000000000b2';
  await harness.auth.pool.query("insert into workspace (id, name, created_at) values ($1, 'Other', now())", [otherWorkspace]);
  await harness.auth.pool.query("insert into person (id, workspace_id, issuer, subject, name, role, created_at, last_sign_in_at) values ($1, $2, 'https://id.test', 's', 'Stranger', 'owner', now(), now())", [stranger, otherWorkspace]);
  expect((await harness.gateway.ask(listMembers, { personId: stranger })).members.map(({ name }) => name)).toEqual(['Stranger']);
  expect((await harness.gateway.ask(listConnections, { personId: stranger })).connections).toEqual([]);
  await harness.gateway.ask(shareConnection, { personId: owner.personId, connectionId: owner.connectionId, visibility: 'workspace' });
  await expect(harness.gateway.ask(getConnection, { personId: stranger, connectionId: owner.connectionId })).rejects.toMatchObject({ code: 'CONNECTION_NOT_FOUND' });
  await harness.gateway.ask(shareConnection, { personId: owner.personId, connectionId: owner.connectionId, visibility: 'private' });
  await expect(harness.gateway.ask(changeMember, { personId: stranger, memberId: owner.personId, change: { disabled: true } })).rejects.toMatchObject({ code: 'MEMBER_NOT_FOUND' });
  expect((await harness.gateway.ask(readAudit, { personId: stranger, limit: 10 })).records).toEqual([]);
});

it('shuts a disabled person out of everything, sign-in included, until an owner opens it again', async () => {
  const set = (disabled: boolean) => harness.gateway.ask(changeMember, { personId: owner.personId, memberId: analyst.personId, change: { disabled } });
  expect((await set(true)).disabled).toBe(true);
  await expect(harness.gateway.ask(listConnections, { personId: analyst.personId })).rejects.toMatchObject({ code: 'PERSON_DISABLED', kind: 'unauthenticated' });
  expect(await signIn(1)).toBe('PERSON_DISABLED');
  await set(false);
  expect(person(await signIn(1)).personId).toBe(analyst.personId);
});

it('tells all of it in the audit log, with who did it', async () => {
  await harness.auth.pool.query("update connection set state = 'held' where id = $1", [owner.connectionId]);
  const { records, chain } = await harness.gateway.ask(readAudit, { personId: owner.personId, limit: 500 });
  expect(chain).toMatchObject({ intact: true, entries: records.length, brokenAt: null });
  const kinds = new Set(records.map(({ kind }) => kind));
  for (const kind of ['joined', 'consented', 'member-role-changed', 'member-disabled', 'member-enabled', 'shared', 'unshared', 'invited', 'invitation-withdrawn', 'signed-in', 'step']) expect(kinds).toContain(kind);
  expect(records.find(({ kind }) => kind === 'member-disabled')?.person).toBe(owner.name);
  expect(records[0]).toMatchObject({ kind: 'step', text: 'The connection went from active to held.', cause: 'not-by-tributary', connectionId: owner.connectionId });
  expect(records.find(({ kind }) => kind === 'shared')).toMatchObject({ connectionId: owner.connectionId });
});
