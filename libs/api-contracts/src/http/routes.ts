import { z } from 'zod';
import { CallsRequest, ConnectionCalls } from './calls.ts';
import { Catalogue, CatalogueRequest, Selection } from './catalogue.ts';
import { AccessPolicyChange, JwtProof, ServiceConnectionAnswer, ServiceConnectionRequest, SigningCertificate, SigningKey, SigningKeyList, SigningKeyRequest } from './access.ts';
import { Connection, ConnectionCore, ConnectionList, Disconnected } from './connection.ts';
import { DeletionConfirmation, DeletionList } from './deletions.ts';
import { DoctorReport } from './doctor.ts';
import { LiveMessage } from './live.ts';
import { AuditPage, InvitationList, InvitationMade, InvitationPreview, InvitationPreviewRequest, InvitationRequest, Member, MemberChange, MemberList, SessionList, SharingChange, Workspace, WorkspaceChange } from './people.ts';
import { AnalyticsQueries, AnalyticsQuery, MetricRegistry, QueryAnswer, QueryAnswers } from './query.ts';
import { RecordsAnswer, RecordsRequest } from './records.ts';
import { Session, SignInTicket } from './session.ts';
import { ChangeEvents, ChangeEventsSwitch } from './change-events.ts';
import { NewFieldDecisions, SelectionEstimate, SyncForecast, SyncSettings, SyncSettingsView } from './sync-settings.ts';
import { SyncRun, SyncRunList, SyncRunStarted } from './sync-run.ts';

/** One operation of the HTTP contract. */
export interface HttpRoute {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** Path with `{name}` for parameters. */
  readonly path: string;
  readonly summary: string;
  /** Whether a session is needed. */
  readonly session: boolean;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly success: { readonly status: number; readonly schema?: z.ZodType; readonly contentType?: string };
  /** Another status of success with the same schema. */
  readonly alsoStatus?: number;
  /** Part of the contract that answers 501 for now. */
  readonly notBuilt?: true;
}

const health = z.object({ status: z.enum(['ok', 'unavailable']), checks: z.record(z.string(), z.string()).optional() });

/** The whole HTTP contract; the OpenAPI document is made from it, and a test keeps it equal to what the gateway serves. */
export const httpRoutes: readonly HttpRoute[] = [
  { method: 'get', path: '/connect/salesforce', summary: 'Start consent; also signs in', session: false, query: z.object({ login: z.string().optional(), return: z.string().optional(), invitation: z.string().optional(), fresh: z.literal('1').optional() }), success: { status: 303 } },
  { method: 'get', path: '/connect/salesforce/callback', summary: 'Where Salesforce sends the browser back', session: false, success: { status: 303 } },
  { method: 'get', path: '/connect/oidc/{name}', summary: 'Start a sign-in at a provider the operator has set up; `fresh=1` makes it ask again', session: false, query: z.object({ return: z.string().optional(), invitation: z.string().optional(), fresh: z.literal('1').optional() }), success: { status: 303 } },
  { method: 'get', path: '/connect/oidc/{name}/callback', summary: 'Where the provider sends the browser back', session: false, success: { status: 303 } },
  { method: 'get', path: '/api/session', summary: 'Who am I', session: false, success: { status: 200, schema: Session } },
  { method: 'post', path: '/api/session', summary: 'Sign in with a one-time ticket, as the command line gets it on the machine itself', session: false, body: SignInTicket, success: { status: 204 } },
  { method: 'delete', path: '/api/session', summary: 'Sign out', session: false, success: { status: 204 } },
  { method: 'get', path: '/api/connections', summary: 'My connections', session: true, success: { status: 200, schema: ConnectionList } },
  { method: 'get', path: '/api/connections/{id}', summary: 'One connection: state, flow in use, org, user, host, syncs, timeline', session: true, success: { status: 200, schema: Connection } },
  { method: 'delete', path: '/api/connections/{id}', summary: 'Disconnect: revoke at Salesforce, keep the data frozen or erase it', session: true, query: z.object({ data: z.enum(['keep', 'erase']).default('keep') }), success: { status: 200, schema: Disconnected } },
  { method: 'post', path: '/api/connections/{id}/pause', summary: 'Read nothing at Salesforce for now; the access is kept alive', session: true, success: { status: 200, schema: Connection } },
  { method: 'post', path: '/api/connections/{id}/resume', summary: 'Go on after a pause', session: true, success: { status: 200, schema: Connection } },
  { method: 'post', path: '/api/connections/{id}/doctor', summary: 'Checks everything between the person and their data: cause, who acts, fix', session: true, success: { status: 200, schema: DoctorReport } },
  { method: 'get', path: '/api/connections/{id}/objects', summary: 'Catalogue with counts', session: true, query: CatalogueRequest, success: { status: 200, schema: Catalogue } },
  { method: 'put', path: '/api/connections/{id}/selection', summary: 'Objects and fields to copy', session: true, body: Selection, success: { status: 200, schema: Catalogue } },
  { method: 'post', path: '/api/connections/{id}/selection-estimate', summary: 'Rows, storage, calls and minutes a selection would take, before anything starts', session: true, body: Selection, success: { status: 200, schema: SelectionEstimate } },
  { method: 'get', path: '/api/connections/{id}/sync-settings', summary: 'Schedule, API budget and new fields, with a forecast', session: true, success: { status: 200, schema: SyncSettingsView } },
  { method: 'put', path: '/api/connections/{id}/sync-settings', summary: 'Set schedule, API budget and what becomes of new fields', session: true, body: SyncSettings, success: { status: 200, schema: SyncSettingsView } },
  { method: 'put', path: '/api/connections/{id}/change-events', summary: 'Let Salesforce tell of changes, which are then read at once', session: true, body: ChangeEventsSwitch, success: { status: 200, schema: ChangeEvents } },
  { method: 'post', path: '/api/connections/{id}/sync-forecast', summary: 'Calls a day that settings would cost, before they are saved', session: true, body: SyncSettings, success: { status: 200, schema: SyncForecast } },
  { method: 'put', path: '/api/connections/{id}/new-fields', summary: 'Copy or ignore fields that appeared', session: true, body: NewFieldDecisions, success: { status: 200, schema: SyncSettingsView } },
  { method: 'get', path: '/api/connections/{id}/deletions', summary: 'How deletions of each object are found, how sure that is, when Ids were last compared, and which rows are held', session: true, success: { status: 200, schema: DeletionList } },
  { method: 'post', path: '/api/connections/{id}/held-deletions', summary: 'Confirm that rows held back really are gone at Salesforce; 409 when it is not that many', session: true, body: DeletionConfirmation, success: { status: 200, schema: DeletionList } },
  { method: 'get', path: '/api/connections/{id}/calls', summary: 'Every call made at Salesforce, newest first', session: true, query: CallsRequest, success: { status: 200, schema: ConnectionCalls } },
  { method: 'post', path: '/api/connections/{id}/sync-runs', summary: 'Start a sync run; 200 when one is already open', session: true, success: { status: 201, schema: SyncRunStarted }, alsoStatus: 200 },
  { method: 'get', path: '/api/connections/{id}/sync-runs', summary: 'Sync runs, newest first', session: true, query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) }), success: { status: 200, schema: SyncRunList } },
  { method: 'get', path: '/api/connections/{id}/sync-runs/{runId}', summary: 'One sync run with receipts per object', session: true, success: { status: 200, schema: SyncRun } },
  { method: 'get', path: '/api/connections/{id}/records/{object}', summary: 'Rows of an object, or behind a figure', session: true, query: RecordsRequest, success: { status: 200, schema: RecordsAnswer } },
  { method: 'put', path: '/api/connections/{id}/sharing', summary: 'Open the data of a connection to the workspace, or close it again', session: true, body: SharingChange, success: { status: 200, schema: Connection } },
  { method: 'put', path: '/api/connections/{id}/policy', summary: 'Choose the ways in: consent, signed assertions, or both', session: true, body: AccessPolicyChange, success: { status: 200, schema: ConnectionCore } },
  { method: 'post', path: '/api/connections/{id}/jwt-proof', summary: 'Try access by signed assertion: each try, and what is missing; a success is kept', session: true, success: { status: 200, schema: JwtProof } },
  { method: 'get', path: '/api/signing-keys', summary: 'Certificates of the app, newest first, and what the app at Salesforce is given', session: true, success: { status: 200, schema: SigningKeyList } },
  { method: 'post', path: '/api/signing-keys', summary: 'Make a key pair, or bring one along', session: true, body: SigningKeyRequest, success: { status: 201, schema: SigningKey } },
  { method: 'get', path: '/api/signing-keys/{id}/certificate', summary: 'The certificate to upload to Salesforce', session: true, success: { status: 200, schema: SigningCertificate } },
  { method: 'post', path: '/api/signing-keys/{id}/offer', summary: 'Say that I take the certificate to Salesforce: its key is tried from now on when the current one is refused', session: true, success: { status: 200, schema: SigningKey } },
  { method: 'post', path: '/api/service-connections', summary: 'Connect a user by signed assertion, without a browser', session: true, body: ServiceConnectionRequest, success: { status: 200, schema: ServiceConnectionAnswer } },
  { method: 'put', path: '/api/workspace', summary: 'Give my workspace another name; for owners', session: true, body: WorkspaceChange, success: { status: 200, schema: Workspace } },
  { method: 'get', path: '/api/members', summary: 'The people of my workspace', session: true, success: { status: 200, schema: MemberList } },
  { method: 'put', path: '/api/members/{personId}', summary: 'Change the role of a member, or close their access; their sessions end', session: true, body: MemberChange, success: { status: 200, schema: Member } },
  { method: 'get', path: '/api/invitations', summary: 'Invitations to my workspace', session: true, success: { status: 200, schema: InvitationList } },
  { method: 'post', path: '/api/invitations', summary: 'Invite somebody; the link is shown this once', session: true, body: InvitationRequest, success: { status: 201, schema: InvitationMade } },
  { method: 'delete', path: '/api/invitations/{id}', summary: 'Withdraw an open invitation', session: true, success: { status: 204 } },
  { method: 'post', path: '/api/invitation-preview', summary: 'Who invites, where to and as what, by the token of an open invitation; 404 for one that was used, withdrawn or has expired', session: false, body: InvitationPreviewRequest, success: { status: 200, schema: InvitationPreview } },
  { method: 'get', path: '/api/sessions', summary: 'Browsers I am signed in with', session: true, success: { status: 200, schema: SessionList } },
  { method: 'delete', path: '/api/sessions/{id}', summary: 'End one of my sessions', session: true, success: { status: 204 } },
  { method: 'get', path: '/api/audit', summary: 'Audit log of my workspace, newest first, and whether its chain holds', session: true, query: z.object({ before: z.coerce.number().int().positive().optional(), limit: z.coerce.number().int().min(1).max(500).default(100) }), success: { status: 200, schema: AuditPage } },
  { method: 'get', path: '/api/metrics', summary: 'The metric registry with definitions', session: true, success: { status: 200, schema: MetricRegistry } },
  { method: 'post', path: '/api/connections/{id}/query', summary: 'Figures', session: true, body: AnalyticsQuery, success: { status: 200, schema: QueryAnswer } },
  { method: 'post', path: '/api/connections/{id}/queries', summary: 'Figures that belong together: up to 40 questions, answered at the same versions of the data, each with its answer or its problem', session: true, body: AnalyticsQueries, success: { status: 200, schema: QueryAnswers } },
  { method: 'get', path: '/api/live', summary: 'Server-sent events of my connections; `data` is one of these messages', session: true, success: { status: 200, schema: LiveMessage, contentType: 'text/event-stream' } },
  { method: 'get', path: '/api/openapi.json', summary: 'This document', session: false, success: { status: 200 } },
  { method: 'get', path: '/health/live', summary: 'The process runs', session: false, success: { status: 200, schema: health } },
  { method: 'get', path: '/health/ready', summary: 'The process can work; 503 while it cannot', session: false, success: { status: 200, schema: health } },
];
