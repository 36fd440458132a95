import type { Attention, ConnectionCore, LastWay, TimelineEntry, TokenFlow, WayIn } from '@tributary/api-contracts';
import { shownState } from '../closure/erasing.ts';
import type { OauthGrant } from '../grant/oauth-grant.entity.ts';
import { chooseWay } from '../policy/choose-way.ts';
import { lostWayText } from '../policy/way-news.ts';
import type { WayUseRow } from '../policy/way-use.entity.ts';
import { wayTrouble } from '../policy/way-trouble.ts';
import type { Connection } from './connection.entity.ts';

type ShownGrant = Pick<OauthGrant, 'flow' | 'refreshCount' | 'refreshedAt' | 'rotates'>;

/** What is shown beside the connection's own row. */
export interface Shown {
  /** Every grant of the connection. */
  readonly grants: readonly OauthGrant[];
  /** Last use of each way in. */
  readonly uses: readonly WayUseRow[];
  readonly timeline: TimelineEntry[];
  /** Who asks. */
  readonly personId: string;
  readonly ownerName: string;
}

/** What people see of a connection; no secret is anywhere near it. */
export function connectionCore(connection: Connection, { grants, uses, timeline, personId, ownerName }: Shown): ConnectionCore {
  const ways = [wayIn('user', grants, uses), wayIn('jwt', grants, uses)];
  const grant = grantInUse(connection, grants);
  return {
    id: connection.id,
    name: connection.name,
    state: shownState(connection),
    attention: attentionOf(connection) ?? lostWayOf(connection, ways),
    flow: grant?.flow ?? null,
    flowReason: grant === undefined ? 'No access is stored.' : flowReason(grant),
    org: { id: connection.orgId, name: connection.name, kind: connection.orgKind },
    user: { id: connection.userId, name: connection.userName, username: connection.username },
    host: new URL(connection.instanceUrl).host,
    loginOrigin: connection.loginOrigin,
    site: connection.site ?? null,
    createdAt: connection.createdAt.toISOString(),
    timeline,
    policy: connection.policy,
    ways,
    lastWay: lastWayOf(uses),
    visibility: connection.visibility,
    owner: { id: connection.personId, name: ownerName, isMe: connection.personId === personId },
  };
}

/** What work without a person uses now. */
function grantInUse({ policy }: Connection, grants: readonly OauthGrant[]): OauthGrant | undefined {
  const live = (kind: WayIn['kind']) => grants.find((grant) => grant.kind === kind && grant.state === 'live');
  const choice = chooseWay(policy, 'background', { user: live('user') !== undefined, jwt: live('jwt') !== undefined });
  return choice === undefined ? undefined : live(choice.kind);
}

function attentionOf({ attentionCause: cause, attentionWho: who, attentionText: text, attentionSince: since }: Connection): Attention | null {
  return cause && who && text && since ? { cause, who, text, since: since.toISOString() } : null;
}

/** A connection that goes on by one of its two ways still needs somebody to bring the other one back. */
function lostWayOf({ policy }: Connection, ways: readonly WayIn[]): Attention | null {
  const lost = ways.find(({ state }) => state === 'dead');
  if (policy !== 'hybrid' || lost === undefined || lost.endedAt === null || lost.endedBecause === null || !ways.some(({ state }) => state === 'live')) return null;
  const { endedBecause: cause } = lost;
  const { who, text } = wayTrouble(lost.kind, cause);
  return { cause, who, text: lostWayText(lost.kind, text), since: lost.endedAt };
}

function lastWayOf(uses: readonly WayUseRow[]): LastWay | null {
  const [last] = uses.toSorted((a, b) => b.lastUsedAt.getTime() - a.lastUsedAt.getTime());
  return last === undefined ? null : { flow: last.lastFlow, purpose: last.lastPurpose, at: last.lastUsedAt.toISOString(), reason: last.lastReason };
}

/** The newest grant of a kind stands for the way; one that was superseded or revoked is no way any more. */
function wayIn(kind: WayIn['kind'], grants: readonly OauthGrant[], uses: readonly WayUseRow[]): WayIn {
  const grant = grants.filter((one) => one.kind === kind && (one.state === 'live' || one.state === 'dead')).toSorted((a, b) => b.epoch - a.epoch)[0];
  if (grant === undefined) return { kind, state: 'none', epoch: null, since: null, lastIssuedAt: null, lastUsedAt: null, refreshCount: 0, rotates: null, shortestLifeMs: null, endedAt: null, endedBecause: null };
  return {
    kind, state: grant.state === 'live' ? 'live' : 'dead', epoch: grant.epoch, since: grant.createdAt.toISOString(), lastIssuedAt: grant.issuedAt.toISOString(),
    lastUsedAt: uses.find((use) => use.kind === kind)?.lastUsedAt.toISOString() ?? null, refreshCount: grant.refreshCount, rotates: grant.rotates ?? null,
    shortestLifeMs: grant.shortestLifeMs ?? null, endedAt: grant.endedAt?.toISOString() ?? null, endedBecause: grant.endedBecause ?? null,
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
