import type { ConnectionCore, TimelineEntry, TokenFlow, WayIn } from '@tributary/api-contracts';
import { shownState } from '../closure/erasing.ts';
import type { OauthGrant } from '../grant/oauth-grant.entity.ts';
import type { Connection } from './connection.entity.ts';

type ShownGrant = Pick<OauthGrant, 'flow' | 'refreshCount' | 'refreshedAt' | 'rotates'>;

/** What is shown beside the connection's own row. */
export interface Shown {
  /** Every grant of the connection. */
  readonly grants: readonly OauthGrant[];
  readonly timeline: TimelineEntry[];
  /** Who asks. */
  readonly personId: string;
  readonly ownerName: string;
}

/** What people see of a connection; no secret is anywhere near it. */
export function connectionCore(connection: Connection, { grants, timeline, personId, ownerName }: Shown): ConnectionCore {
  const grant = grants.find(({ state }) => state === 'live');
  const { attentionCause: cause, attentionWho: who, attentionText: text, attentionSince: since } = connection;
  return {
    id: connection.id,
    name: connection.name,
    state: shownState(connection),
    attention: cause && who && text && since ? { cause, who, text, since: since.toISOString() } : null,
    flow: grant?.flow ?? null,
    flowReason: grant === undefined ? 'No access is stored.' : flowReason(grant),
    org: { id: connection.orgId, name: connection.name, kind: connection.orgKind },
    user: { id: connection.userId, name: connection.userName, username: connection.username },
    host: new URL(connection.instanceUrl).host,
    loginOrigin: connection.loginOrigin,
    createdAt: connection.createdAt.toISOString(),
    timeline,
    policy: 'user',
    ways: [wayIn('user', grants), wayIn('jwt', grants)],
    lastWay: null,
    visibility: connection.visibility,
    owner: { id: connection.personId, name: ownerName, isMe: connection.personId === personId },
  };
}

/** The newest grant of a kind stands for the way; one that was superseded or revoked is no way any more. */
function wayIn(kind: WayIn['kind'], grants: readonly OauthGrant[]): WayIn {
  const grant = grants.filter((one) => one.kind === kind && (one.state === 'live' || one.state === 'dead')).toSorted((a, b) => b.epoch - a.epoch)[0];
  if (grant === undefined) return { kind, state: 'none', epoch: null, since: null, lastIssuedAt: null, lastUsedAt: null, refreshCount: 0, rotates: null, shortestLifeMs: null, endedAt: null, endedBecause: null };
  return {
    kind, state: grant.state === 'live' ? 'live' : 'dead', epoch: grant.epoch, since: grant.createdAt.toISOString(), lastIssuedAt: grant.issuedAt.toISOString(), lastUsedAt: null,
    refreshCount: grant.refreshCount, rotates: grant.rotates ?? null, shortestLifeMs: null, endedAt: grant.endedAt?.toISOString() ?? null, endedBecause: grant.endedBecause ?? null,
  };
}

function flowReason({ flow, refreshCount, rotates }: ShownGrant): string {
  const reasons: Readonly<Record<TokenFlow, string>> = {
    'web-server': 'The access from your consent is still in use; when Salesforce ends it, the refresh token takes over.',
    'refresh-token': `The refresh token gives new access for work without you; used ${refreshCount === 1 ? 'once' : `${refreshCount} times`}${rotates === true ? ', replaced by Salesforce each time' : ''}.`,
    'jwt-bearer': 'Signed assertions give access for work without you; no refresh token is used.',
  };
  return reasons[flow];
}
