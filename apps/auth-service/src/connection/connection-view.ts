import type { ConnectionCore, TimelineEntry, TokenFlow } from '@tributary/api-contracts';
import type { OauthGrant } from '../grant/oauth-grant.entity.ts';
import type { Connection } from './connection.entity.ts';

type ShownGrant = Pick<OauthGrant, 'flow' | 'refreshCount' | 'refreshedAt' | 'rotates'>;

/** What people see of a connection; no secret is anywhere near it. */
export function connectionCore(connection: Connection, grant: ShownGrant | undefined, timeline: TimelineEntry[]): ConnectionCore {
  const { attentionCause: cause, attentionWho: who, attentionText: text, attentionSince: since } = connection;
  return {
    id: connection.id,
    name: connection.name,
    state: connection.state,
    attention: cause && who && text && since ? { cause, who, text, since: since.toISOString() } : null,
    flow: grant?.flow ?? null,
    flowReason: grant === undefined ? 'No access is stored.' : flowReason(grant),
    org: { id: connection.orgId, name: connection.name, kind: connection.orgKind },
    user: { id: connection.userId, name: connection.userName, username: connection.username },
    host: new URL(connection.instanceUrl).host,
    loginOrigin: connection.loginOrigin,
    createdAt: connection.createdAt.toISOString(),
    timeline,
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
