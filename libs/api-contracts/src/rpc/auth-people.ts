import { ConnectionId, PersonId } from '@tributary/event-contracts';
import { z } from 'zod';
import { ConnectionCore, Visibility } from '../http/connection.ts';
import { AuditPage, InvitationList, InvitationMade, InvitationPreview, InvitationRequest, Member, MemberChange, MemberList, SignInProvider, Workspace, WorkspaceName } from '../http/people.ts';
import { defineRequest } from './define-request.ts';

const person = z.strictObject({ personId: PersonId });

/** Only the person who consented may share. @throws Forbidden `NOT_YOUR_CONNECTION` */
export const shareConnection = defineRequest('auth', 'connection.share', person.extend({ connectionId: ConnectionId, visibility: Visibility }), ConnectionCore);

export const readWorkspace = defineRequest('auth', 'workspace.read', person, Workspace, { timeoutMs: 2_000 });

/** @throws Forbidden `ROLE_INSUFFICIENT` */
export const renameWorkspace = defineRequest('auth', 'workspace.rename', person.extend({ name: WorkspaceName }), Workspace);

export const listMembers = defineRequest('auth', 'member.list', person, MemberList);

/** @throws Forbidden `ROLE_INSUFFICIENT`; Conflict `LAST_OWNER`; NotFound `MEMBER_NOT_FOUND` */
export const changeMember = defineRequest('auth', 'member.change', person.extend({ memberId: PersonId, change: MemberChange }), Member);

export const listInvitations = defineRequest('auth', 'invitation.list', person, InvitationList);

/** @throws Forbidden `ROLE_INSUFFICIENT` */
export const invite = defineRequest('auth', 'invitation.make', person.extend({ request: InvitationRequest }), InvitationMade);

/** @throws Forbidden `ROLE_INSUFFICIENT`; NotFound `INVITATION_NOT_FOUND` */
export const withdrawInvitation = defineRequest('auth', 'invitation.withdraw', person.extend({ invitationId: z.uuid() }), z.object({ withdrawn: z.boolean() }));

/** An open invitation, by the SHA-256 of its token in base64url; asked for nobody in particular. @throws NotFound `INVITATION_NOT_FOUND` */
export const previewInvitation = defineRequest('auth', 'invitation.preview', z.strictObject({ tokenHash: z.string().regex(/^[\w-]{43}$/) }), InvitationPreview);

/** Audit log of the person's workspace. @throws Forbidden `ROLE_INSUFFICIENT` */
export const readAudit = defineRequest('auth', 'audit.read', person.extend({ before: z.int().positive().optional(), limit: z.int().min(1).max(500).default(100) }), AuditPage, { timeoutMs: 30_000 });

/** Ways to sign in besides Salesforce. */
export const listProviders = defineRequest('auth', 'sign-in.providers', z.strictObject({}), z.object({ providers: z.array(SignInProvider) }));
