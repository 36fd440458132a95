import { AuditPage, InvitationList, InvitationMade, InvitationPreview, Member, MemberList, SessionList, Workspace, type InvitationRequest, type MemberChange } from '@tributary/api-contracts';
import { z } from 'zod';
import { call, path, search } from '../shared/http.ts';

/** Calls about the people of the workspace, their sessions and what they did. */
export const peopleApi = {
  renameWorkspace: (name: string) => call('/api/workspace', { method: 'PUT', body: { name }, answer: Workspace }),
  members: (signal?: AbortSignal) => call('/api/members', { answer: MemberList, signal }),
  changeMember: (id: string, change: MemberChange) => call(path`/api/members/${id}`, { method: 'PUT', body: change, answer: Member }),
  invitations: (signal?: AbortSignal) => call('/api/invitations', { answer: InvitationList, signal }),
  invite: (request: InvitationRequest) => call('/api/invitations', { method: 'POST', body: request, answer: InvitationMade }),
  withdraw: (id: string) => call(path`/api/invitations/${id}`, { method: 'DELETE', answer: z.unknown() }),
  preview: (invitation: string, signal?: AbortSignal) => call('/api/invitation-preview', { method: 'POST', body: { invitation }, answer: InvitationPreview, signal }),
  sessions: (signal?: AbortSignal) => call('/api/sessions', { answer: SessionList, signal }),
  endSession: (id: string) => call(path`/api/sessions/${id}`, { method: 'DELETE', answer: z.unknown() }),
  audit: (before: number | undefined, limit: number, signal?: AbortSignal) => call('/api/audit' + search({ before, limit }), { answer: AuditPage, signal }),
};
