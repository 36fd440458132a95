import { z } from 'zod';
import { Visibility } from './connection.ts';
import { Storable } from './storable.ts';
import { SignInProof, untoldProof } from './sign-in-proof.ts';

/** What a person may do in a workspace: owners everything, analysts work with data, viewers read what is shared. */
export const Role = z.enum(['owner', 'analyst', 'viewer']);
export type Role = z.infer<typeof Role>;

/** `PUT /api/connections/{id}/sharing` */
export const SharingChange = z.strictObject({ visibility: Visibility });
export type SharingChange = z.infer<typeof SharingChange>;

/** A workspace as its people see it. */
export const Workspace = z.object({ id: z.uuid(), name: z.string() });
export type Workspace = z.infer<typeof Workspace>;

/** Name of a workspace: one line of at most 80 characters, without what turns its direction or cannot be seen. */
export const WorkspaceName = Storable.trim().min(1).max(80).refine((name) => !/[\p{Cc}\p{Zl}\p{Zp}\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u.test(name), 'must be one line of characters that can be seen');

/** `PUT /api/workspace` */
export const WorkspaceChange = z.strictObject({ name: WorkspaceName });
export type WorkspaceChange = z.infer<typeof WorkspaceChange>;

export const Member = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string().nullable(),
  role: Role,
  /** Provider the person signs in with: `salesforce`, or the name of an OpenID provider. */
  signsInWith: z.string(),
  disabled: z.boolean(),
  isSelf: z.boolean(),
  createdAt: z.iso.datetime(),
  lastSignInAt: z.iso.datetime(),
});
export type Member = z.infer<typeof Member>;

/** `GET /api/members` */
export const MemberList = z.object({ members: z.array(Member) });
export type MemberList = z.infer<typeof MemberList>;

/** `PUT /api/members/{personId}`; the last owner stays an owner and enabled. */
export const MemberChange = z.strictObject({ role: Role.optional(), disabled: z.boolean().optional() });
export type MemberChange = z.infer<typeof MemberChange>;

export const Invitation = z.object({
  id: z.uuid(),
  /** For whom, as the inviter wrote it; a note, never a key. */
  note: z.string(),
  role: Role,
  invitedBy: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  acceptedAt: z.iso.datetime().nullable(),
});
export type Invitation = z.infer<typeof Invitation>;

/** `GET /api/invitations`: open ones, and those accepted lately. */
export const InvitationList = z.object({ invitations: z.array(Invitation) });
export type InvitationList = z.infer<typeof InvitationList>;

/** `POST /api/invitations` */
export const InvitationRequest = z.strictObject({ note: Storable.min(1).max(200), role: Role });
export type InvitationRequest = z.infer<typeof InvitationRequest>;

/** The link is shown this once and stored hashed. */
export const InvitationMade = z.object({ invitation: Invitation, link: z.url() });
export type InvitationMade = z.infer<typeof InvitationMade>;

/** `POST /api/invitation-preview`: the token of a link, in the body, so that no log of addresses holds it. */
export const InvitationPreviewRequest = z.strictObject({ invitation: z.string().regex(/^[\w-]{43}$/) });
export type InvitationPreviewRequest = z.infer<typeof InvitationPreviewRequest>;

/** What whoever holds the link of an open invitation is told before they sign in. */
export const InvitationPreview = z.object({ workspace: z.string(), invitedBy: z.string(), role: Role, expiresAt: z.iso.datetime() });
export type InvitationPreview = z.infer<typeof InvitationPreview>;

/** One browser session of the person who asks. */
export const SessionInfo = z.object({ id: z.string(), openedAt: z.iso.datetime(), lastSeenAt: z.iso.datetime(), browser: z.string(), isThis: z.boolean(), proof: SignInProof.default(untoldProof) });
export type SessionInfo = z.infer<typeof SessionInfo>;

/** `GET /api/sessions` */
export const SessionList = z.object({ sessions: z.array(SessionInfo) });
export type SessionList = z.infer<typeof SessionList>;

/** One entry of the workspace's audit log; each holds the hash of the one before it. */
export const AuditRecord = z.object({
  sequence: z.int().positive(),
  at: z.iso.datetime(),
  kind: z.string(),
  text: z.string(),
  cause: z.string().nullable(),
  person: z.string().nullable(),
  connectionId: z.uuid().nullable(),
  connectionName: z.string().nullable(),
  /** SHA-256 over this entry and the hash before it, hexadecimal. */
  hash: z.string(),
});
export type AuditRecord = z.infer<typeof AuditRecord>;

/** `GET /api/audit?before=&limit=`, newest first. */
export const AuditPage = z.object({
  records: z.array(AuditRecord),
  /** Sequence to ask before for older entries; null at the beginning. */
  before: z.int().positive().nullable(),
  /**
   * Whether the chain of the workspace holds; else the first entry that does not. Entries since the last daily anchor are followed at each
   * reading, those before it by the check of the whole chain at `checkedAt`; null before the first one.
   */
  chain: z.object({ intact: z.boolean(), entries: z.int().nonnegative(), brokenAt: z.int().positive().nullable(), checkedAt: z.iso.datetime().nullable().default(null) }),
});
export type AuditPage = z.infer<typeof AuditPage>;

/** A way to sign in besides Salesforce, set up by the operator. */
export const SignInProvider = z.object({ name: z.string(), label: z.string(), startPath: z.string() });
export type SignInProvider = z.infer<typeof SignInProvider>;
